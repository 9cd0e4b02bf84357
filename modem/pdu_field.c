#include "modem/pdu_field.h"

#include "base/civil.h"
#include "base/gsm7.h"
#include "base/utf8.h"

#define TON(type)          ((type) >> 4 & 7u)
#define TON_INTERNATIONAL  1u
#define TON_ALPHANUMERIC   5u
#define TYPE_INTERNATIONAL 0x91u /* E.164 */
#define TYPE_UNKNOWN       0x81u
#define FILLER             15u

static unsigned semi_octet(const unsigned char *at, size_t index)
{
	return index % 2 == 0 ? at[index / 2] & 15u : (unsigned)at[index / 2] >> 4;
}

/* 9.1.2.3 with the signs of 24.008 table 10.5.118.  A filler ends the number: one that stands before a
 * digit means that the count is wrong. */
static int digits(const unsigned char *at, size_t count, struct buf *out)
{
	static const char signs[] = "0123456789*#abc";
	size_t used = count;

	while (used > 0 && semi_octet(at, used - 1) == FILLER)
		used--;
	for (size_t i = 0; i < used; i++) {
		unsigned digit = semi_octet(at, i);

		if (digit == FILLER)
			return -1;
		buf_add_char(out, signs[digit]);
	}
	return 0;
}

/* Whole septets in the counted semi-octets (9.1.2.5).  A name is shown and logged on one line: no
 * line ends in it. */
static void name(const unsigned char *at, size_t semi_octets, struct buf *out)
{
	size_t septets = semi_octets * 4 / 7;

	for (size_t i = 0; i < septets; i++) {
		unsigned char septet = octets_septet(at, i);
		bool escaped = septet == GSM7_ESCAPE && i + 1 < septets;
		uint32_t point;

		if (escaped)
			septet = octets_septet(at, ++i);
		point = gsm7_to_unicode(septet, escaped);
		utf8_add(out, point < ' ' ? ' ' : point);
	}
}

/* Type and value of an address.  `out` is written in place: its array is never grown. */
static int value(struct octets *in, size_t semi_octets, const char *field,
		 char out[PDU_ADDRESS_MAX])
{
	struct buf text = { .at = out, .cap = PDU_ADDRESS_MAX, .limit = PDU_ADDRESS_MAX - 1 };
	unsigned type = octets_byte(in, field);
	const unsigned char *at = octets_take(in, (semi_octets + 1) / 2, field);

	out[0] = '\0';
	if (at == NULL)
		return -1;
	if (TON(type) == TON_ALPHANUMERIC) {
		name(at, semi_octets, &text);
		return 1;
	}
	if (TON(type) == TON_INTERNATIONAL && semi_octets > 0)
		buf_add_char(&text, '+');
	if (digits(at, semi_octets, &text) < 0)
		return err_set(in->err, ERR_INVALID, "octet %zu: %s has a filler before a digit",
			       in->pos, field);
	return 0;
}

int pdu_field_smsc(struct octets *in, char out[PDU_ADDRESS_MAX])
{
	unsigned len = octets_byte(in, "SMSC length");

	if (in->failed)
		return -1;
	if (len == 0)
		return 0;
	if (len > 1 + PDU_FIELD_DIGITS_MAX / 2)
		return err_set(in->err, ERR_INVALID,
			       "octet 1: an SMSC address of %u octets, at most %d", len,
			       1 + PDU_FIELD_DIGITS_MAX / 2);
	return value(in, (size_t)(len - 1) * 2, "SMSC address", out) < 0 ? -1 : 0;
}

int pdu_field_address(struct octets *in, struct pdu *out)
{
	unsigned len = octets_byte(in, "address length");
	int rc;

	if (in->failed)
		return -1;
	if (len > PDU_FIELD_DIGITS_MAX)
		return err_set(in->err, ERR_INVALID,
			       "octet %zu: an address of %u digits, at most %d", in->pos, len,
			       PDU_FIELD_DIGITS_MAX);
	rc = value(in, len, "address", out->address);
	out->alphanumeric = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* 9.2.3.11: a digit that is none counts as zero. */
static int two_digits(unsigned char octet)
{
	unsigned tens = octet & 15u;
	unsigned ones = (unsigned)octet >> 4;

	return (int)((tens > 9 ? 0 : tens) * 10 + (ones > 9 ? 0 : ones));
}

/* Bit 3 of the tens is the sign: quarter hours east of UTC, summer time included. */
static int zone_min(unsigned char octet)
{
	int quarters = two_digits(octet & 0xF7u);

	return (octet & 8u) != 0 ? -15 * quarters : 15 * quarters;
}

/* The century is not sent.  SMS began in 1992, and a clock that was never set says 1980. */
static int64_t full_year(int two)
{
	return two < 80 ? 2000 + two : 1900 + two;
}

static bool is_date(const struct civil *c)
{
	struct civil back;

	if (c->month < 1 || c->month > 12 || c->hour > 23 || c->minute > 59 || c->second > 59)
		return false;
	back = civil_of(civil_utc(c));
	return back.month == c->month && back.day == c->day;
}

/* A clock without a date (day and month zero) gives no timestamp, and the text beside it stands.  A date that
 * cannot be is an error: seen where a modem had lost octets of the sender's name, so that the stamp and
 * all behind it were really pieces of the text. */
int pdu_field_stamp(struct octets *in, const char *field, struct pdu_stamp *out)
{
	const unsigned char *at = octets_take(in, 7, field);
	struct civil c;

	*out = (struct pdu_stamp){ 0 };
	if (at == NULL)
		return -1;
	c = (struct civil){ .year = full_year(two_digits(at[0])),
			    .month = two_digits(at[1]),
			    .day = two_digits(at[2]),
			    .hour = two_digits(at[3]),
			    .minute = two_digits(at[4]),
			    .second = two_digits(at[5]) };
	if (c.month == 0 && c.day == 0)
		return 0;
	if (!is_date(&c))
		return err_set(in->err, ERR_INVALID, "octet %zu: %s is no date and time",
			       in->pos - 6, field);
	out->known = true;
	out->offset_min = zone_min(at[6]);
	out->utc_s = civil_utc(&c) - (int64_t)out->offset_min * 60;
	return 0;
}

static enum pdu_encoding general_alphabet(unsigned dcs)
{
	if ((dcs & 0x0Cu) == 0x04u)
		return PDU_8BIT;
	return (dcs & 0x0Cu) == 0x08u ? PDU_UCS2 : PDU_GSM7; /* 0C is reserved: as 00 */
}

enum pdu_waiting_kind pdu_field_waiting(unsigned bits)
{
	static const enum pdu_waiting_kind kinds[] = { PDU_WAITING_VOICE, PDU_WAITING_FAX,
						       PDU_WAITING_MAIL, PDU_WAITING_OTHER };

	return kinds[bits & 3u];
}

/* Reserved codings are read as the default alphabet (23.038 4). */
struct pdu_coding pdu_field_coding(unsigned dcs)
{
	struct pdu_coding coding = { .message_class = -1 };
	unsigned group = dcs >> 4;

	if (group < 8) { /* 00xx general, 01xx the same for automatic deletion */
		coding.encoding = general_alphabet(dcs);
		coding.compressed = (dcs & 0x20u) != 0;
		if ((dcs & 0x10u) != 0)
			coding.message_class = (int)(dcs & 3u);
	} else if (group >= 0xC && group <= 0xE) { /* C: the text may be thrown away, D and E not */
		coding.encoding = group == 0xE ? PDU_UCS2 : PDU_GSM7;
		coding.waiting.kind = pdu_field_waiting(dcs);
		coding.waiting.count = (dcs & 8u) != 0 ? -1 : 0;
	} else if (group == 0xF) {
		coding.encoding = (dcs & 4u) != 0 ? PDU_8BIT : PDU_GSM7;
		coding.message_class = (int)(dcs & 3u);
	}
	return coding;
}

int pdu_field_number(struct span number, const char *what, unsigned char *to, size_t *octets,
		     struct err *err)
{
	bool plus = span_starts(number, "+");
	struct span n = span_skip(number, plus ? 1 : 0);

	if (n.len == 0 || n.len > PDU_FIELD_DIGITS_MAX)
		return err_set(err, ERR_INVALID,
			       "%s: %zu digits; want 1 to %d, with or without + in front", what,
			       n.len, PDU_FIELD_DIGITS_MAX);
	to[0] = plus ? TYPE_INTERNATIONAL : TYPE_UNKNOWN;
	for (size_t i = 0; i < n.len; i++) {
		unsigned digit = (unsigned)(unsigned char)n.at[i] - '0';

		if (digit > 9)
			return err_set(err, ERR_INVALID, "%s: character %zu is not a digit", what,
				       i + 1 + (plus ? 1 : 0));
		if (i % 2 == 0)
			to[1 + i / 2] = (unsigned char)(FILLER << 4 | digit);
		else
			to[1 + i / 2] = (unsigned char)((to[1 + i / 2] & 15u) | digit << 4);
	}
	*octets = 1 + (n.len + 1) / 2;
	return (int)n.len;
}
