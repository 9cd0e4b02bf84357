#include "modem/pdu_user.h"

#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"
#include "modem/national.h"
#include "modem/pdu_field.h"
#include "modem/pdu_header.h"

#define USER_OCTETS_MAX  140
#define USER_SEPTETS_MAX 160

/* The text is written in place: the array is big enough for any part and never grown. */
static struct buf text_of(struct pdu *out)
{
	return (struct buf){ .at = out->text,
			     .cap = sizeof out->text,
			     .limit = sizeof out->text - 1 };
}

/* The octets that the header takes, its length octet included; 0 none; -1 with err. */
static int header(const unsigned char *at, size_t octets, struct pdu *out,
		  struct national_shift *shift, struct err *err)
{
	if (octets == 0)
		return err_set(err, ERR_INVALID, "user data header announced, but no user data");
	if ((size_t)at[0] + 1 > octets)
		return err_set(err, ERR_INVALID,
			       "user data header of %d octets in user data of %zu", at[0], octets);
	return pdu_header_read(at + 1, at[0], out, shift, err) < 0 ? -1 : at[0] + 1;
}

struct run { /* of septets */
	const unsigned char *at;
	size_t from;
	size_t to;
};

static void septets(struct run run, struct national_shift shift, struct pdu *out)
{
	struct buf text = text_of(out);

	for (size_t i = run.from; i < run.to; i++) {
		unsigned char septet = octets_septet(run.at, i);
		bool escaped = septet == GSM7_ESCAPE && i + 1 < run.to;

		if (escaped)
			septet = octets_septet(run.at, ++i);
		utf8_add(&text, national_to_unicode(shift, septet, escaped));
	}
}

static bool surrogate(uint32_t unit, uint32_t first)
{
	return (unit & 0xFC00u) == first;
}

/* Phones send UTF-16 where the standard says UCS-2.  A lone surrogate becomes U+FFFD, and a NUL, which
 * would end our text, a space.  Some cut a long text between the halves of a pair: those at the edges are
 * kept beside the text. */
static void utf16(const unsigned char *at, size_t len, struct pdu *out)
{
	struct buf text = text_of(out);

	for (size_t i = 0; i < len; i += 2) {
		uint32_t unit = (uint32_t)at[i] << 8 | at[i + 1];
		uint32_t low = i + 3 < len ? (uint32_t)at[i + 2] << 8 | at[i + 3] : 0;

		if (surrogate(unit, 0xD800) && surrogate(low, 0xDC00)) {
			unit = 0x10000 + ((unit & 0x3FFu) << 10) + (low & 0x3FFu);
			i += 2;
		} else if (i == 0 && surrogate(unit, 0xDC00)) {
			out->half_first = (uint16_t)unit;
		} else if (i + 2 == len && surrogate(unit, 0xD800)) {
			out->half_last = (uint16_t)unit;
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
	struct national_shift shift = { NATIONAL_NONE, NATIONAL_NONE };
	bool packed = coding.encoding == PDU_GSM7;
	size_t len = octets_byte(in, "TP-UDL");
	size_t octets = packed ? octets_of_septets(len) : len;
	const unsigned char *at;
	int skip = 0;

	out->encoding = coding.encoding;
	out->message_class = coding.message_class;
	out->waiting = coding.waiting;
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
		skip = header(at, octets, out, &shift, in->err);
	if (skip < 0)
		return -1;
	if (!packed)
		return content(at, octets, (size_t)skip, out, in->err);
	/* Fill bits take the text to the next septet, counted from the start of the header. */
	if (octets_septets_covering((size_t)skip) > len)
		return err_set(in->err, ERR_INVALID,
			       "TP-UDL %zu: the header alone takes %zu septets", len,
			       octets_septets_covering((size_t)skip));
	septets((struct run){ at, octets_septets_covering((size_t)skip), len }, shift, out);
	return 0;
}
