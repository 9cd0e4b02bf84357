#include "modem/pdu_user.h"

#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"
#include "modem/pdu_field.h"

#define USER_OCTETS_MAX  140
#define USER_SEPTETS_MAX 160
#define CONCAT_8BIT      0x00u
#define CONCAT_16BIT     0x08u

/* The text is written in place: the array is big enough for any part and never grown. */
static struct buf text_of(struct pdu *out)
{
	return (struct buf){ .at = out->text,
			     .cap = sizeof out->text,
			     .limit = sizeof out->text - 1 };
}

/* 9.2.3.24.1: a total or a number of zero, or a number past the total, and the element is ignored.  So
 * is one whose length is wrong for its kind. */
static void concatenation(unsigned id, const unsigned char *at, size_t len, struct pdu_concat *out)
{
	struct pdu_concat concat = { 0 };

	if (id == CONCAT_8BIT && len == 3)
		concat = (struct pdu_concat){ at[0], at[1], at[2] };
	else if (id == CONCAT_16BIT && len == 4)
		concat = (struct pdu_concat){ (unsigned)at[0] << 8 | at[1], at[2], at[3] };
	if (concat.seq > 0 && concat.seq <= concat.total)
		*out = concat; /* of several the last one counts (9.2.3.24) */
}

/* Walks the elements behind the length octet.  Those that we do not know are passed over; so are the
 * national language ones (24 single shift, 25 locking shift), which leaves such a text in the default
 * alphabet: its basic letters stand, its national ones do not. */
static int elements(const unsigned char *at, size_t len, struct pdu_concat *out, struct err *err)
{
	for (size_t i = 0; i < len;) {
		size_t left = len - i;

		if (left < 2 || (size_t)at[i + 1] + 2 > left)
			return err_set(err, ERR_INVALID,
				       "user data header: element %02X runs past its end", at[i]);
		concatenation(at[i], at + i + 2, at[i + 1], out);
		i += (size_t)at[i + 1] + 2;
	}
	return 0;
}

/* The octets that the header takes, its length octet included; 0 none; -1 with err. */
static int header(const unsigned char *at, size_t octets, struct pdu *out, struct err *err)
{
	if (octets == 0)
		return err_set(err, ERR_INVALID, "user data header announced, but no user data");
	if ((size_t)at[0] + 1 > octets)
		return err_set(err, ERR_INVALID,
			       "user data header of %d octets in user data of %zu", at[0], octets);
	return elements(at + 1, at[0], &out->concat, err) < 0 ? -1 : at[0] + 1;
}

static void septets(const unsigned char *at, size_t from, size_t to, struct pdu *out)
{
	struct buf text = text_of(out);

	for (size_t i = from; i < to; i++) {
		unsigned char septet = octets_septet(at, i);
		bool escaped = septet == GSM7_ESCAPE && i + 1 < to;

		if (escaped)
			septet = octets_septet(at, ++i);
		utf8_add(&text, gsm7_to_unicode(septet, escaped));
	}
}

static bool surrogate(uint32_t unit, uint32_t first)
{
	return (unit & 0xFC00u) == first;
}

/* Phones send UTF-16 where the standard says UCS-2.  A lone surrogate becomes U+FFFD, and a NUL, which
 * would end our text, a space. */
static void utf16(const unsigned char *at, size_t len, struct pdu *out)
{
	struct buf text = text_of(out);

	for (size_t i = 0; i < len; i += 2) {
		uint32_t unit = (uint32_t)at[i] << 8 | at[i + 1];
		uint32_t low = i + 3 < len ? (uint32_t)at[i + 2] << 8 | at[i + 3] : 0;

		if (surrogate(unit, 0xD800) && surrogate(low, 0xDC00)) {
			unit = 0x10000 + ((unit & 0x3FFu) << 10) + (low & 0x3FFu);
			i += 2;
		}
		utf8_add(&text, unit == 0 ? ' ' : unit);
	}
}

static int content(const unsigned char *at, size_t octets, size_t skip, struct pdu *out,
		   struct err *err)
{
	if (out->encoding == PDU_UCS2 && (octets - skip) % 2 != 0)
		return err_set(err, ERR_INVALID, "UCS-2 text of %zu octets: half a character",
			       octets - skip);
	if (out->encoding == PDU_UCS2) {
		utf16(at + skip, octets - skip, out);
		return 0;
	}
	out->data_len = octets - skip;
	memcpy(out->data, at + skip, out->data_len);
	return 0;
}

int pdu_user_read(struct octets *in, bool has_header, unsigned dcs, struct pdu *out)
{
	struct pdu_coding coding = pdu_field_coding(dcs);
	bool packed = coding.encoding == PDU_GSM7;
	size_t len = octets_byte(in, "TP-UDL");
	size_t octets = packed ? octets_of_septets(len) : len;
	const unsigned char *at;
	int skip = 0;

	out->encoding = coding.encoding;
	out->message_class = coding.message_class;
	if (coding.compressed)
		return err_set(in->err, ERR_INVALID,
			       "TP-DCS %02X: compressed text is not supported", dcs);
	if (len > (packed ? USER_SEPTETS_MAX : USER_OCTETS_MAX))
		return err_set(in->err, ERR_INVALID, "TP-UDL %zu: at most %d %s", len,
			       packed ? USER_SEPTETS_MAX : USER_OCTETS_MAX,
			       packed ? "septets" : "octets");
	at = octets_take(in, octets, "TP-UD");
	if (at == NULL)
		return -1;
	if (has_header)
		skip = header(at, octets, out, in->err);
	if (skip < 0)
		return -1;
	if (!packed)
		return content(at, octets, (size_t)skip, out, in->err);
	/* Fill bits take the text to the next septet, counted from the start of the header. */
	if (octets_septets_covering((size_t)skip) > len)
		return err_set(in->err, ERR_INVALID,
			       "TP-UDL %zu: the header alone takes %zu septets", len,
			       octets_septets_covering((size_t)skip));
	septets(at, octets_septets_covering((size_t)skip), len, out);
	return 0;
}
