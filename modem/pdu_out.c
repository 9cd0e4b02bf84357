#include "modem/octets.h"
#include "modem/pdu.h"
#include "modem/pdu_field.h"
#include "modem/pdu_validity.h"

#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"

#define FIRST_SUBMIT   0x01u
#define FIRST_FORMAT   0x18u /* TP-VPF, and: */
#define FIRST_RELATIVE 0x10u
#define FIRST_REPORT   0x20u /* TP-SRR */
#define FIRST_HEADER   0x40u /* TP-UDHI */

#define HEADER_OCTETS  6 /* 05 00 03 ref total seq (9.2.3.24.1) */
#define HEADER_SEPTETS 7

/* Room in units: septets of the default alphabet, or 16-bit code units. */
static size_t room(enum pdu_encoding encoding, bool alone)
{
	size_t octets = alone ? 140 : 140 - HEADER_OCTETS;

	if (encoding == PDU_UCS2)
		return octets / 2;
	return alone ? 160 : 160 - HEADER_SEPTETS;
}

static uint32_t next_point(struct span *text)
{
	uint32_t point = utf8_next(text);

	return point == 0 ? ' ' : point;
}

static size_t units_of(uint32_t point, enum pdu_encoding encoding)
{
	unsigned char code[2];

	if (encoding == PDU_GSM7)
		return gsm7_from_unicode(point, code);
	return point > 0xFFFF ? 2 : 1;
}

/* The default alphabet when it has every character; then *units is what the text takes. */
static enum pdu_encoding measure(struct span text, size_t *units)
{
	size_t ucs2 = 0;
	bool fits = true;

	*units = 0;
	while (text.len > 0) {
		uint32_t point = next_point(&text);
		size_t septets = units_of(point, PDU_GSM7);

		fits = fits && septets > 0;
		*units += septets;
		ucs2 += units_of(point, PDU_UCS2);
	}
	if (fits)
		return PDU_GSM7;
	*units = ucs2;
	return PDU_UCS2;
}

/* Cuts off as many whole characters as fit. */
static struct span cut(struct span *text, enum pdu_encoding encoding, size_t limit)
{
	struct span part = { text->at, 0 };
	size_t used = 0;

	while (text->len > 0) {
		struct span rest = *text;

		used += units_of(next_point(&rest), encoding);
		if (used > limit)
			break;
		part.len += text->len - rest.len;
		*text = rest;
	}
	return part;
}

size_t pdu_parts_needed(struct span text, enum pdu_encoding *encoding)
{
	size_t units;
	size_t parts = 0;

	*encoding = measure(text, &units);
	if (units <= room(*encoding, true))
		return 1;
	while (text.len > 0 && parts <= PDU_PARTS_MAX) {
		cut(&text, *encoding, room(*encoding, false));
		parts++;
	}
	return parts > PDU_PARTS_MAX ? 0 : parts;
}

struct writer {
	unsigned char at[PDU_HEX_MAX / 2]; /* zeros behind len */
	size_t len;
};

static void put(struct writer *w, unsigned octet)
{
	w->at[w->len++] = (unsigned char)octet;
}

static int put_smsc(struct writer *w, struct span number, struct err *err)
{
	size_t octets = 0;

	if (number.len > 0 &&
	    pdu_field_number(number, "service centre", w->at + 1, &octets, err) < 0)
		return -1;
	w->at[0] = (unsigned char)octets;
	w->len = 1 + octets;
	return 0;
}

static int put_destination(struct writer *w, struct span number, struct err *err)
{
	size_t octets;
	int digits = pdu_field_number(number, "destination", w->at + w->len + 1, &octets, err);

	if (digits < 0)
		return -1;
	put(w, (unsigned)digits);
	w->len += octets;
	return 0;
}

/* 23.038 4: the default alphabet takes its class in group F, UCS-2 in the general group. */
static unsigned coding_scheme(enum pdu_encoding encoding, int message_class)
{
	if (encoding == PDU_GSM7)
		return message_class < 0 ? 0x00u : 0xF0u | (unsigned)message_class;
	return message_class < 0 ? 0x08u : 0x18u | (unsigned)message_class;
}

/* Both write the text's units behind `from` units of header and return what TP-UDL counts. */
static size_t put_septets(unsigned char *at, size_t from, struct span text)
{
	size_t count = from;

	while (text.len > 0) {
		unsigned char code[2];
		size_t units = gsm7_from_unicode(next_point(&text), code);

		for (size_t i = 0; i < units; i++)
			octets_put_septet(at, count++, code[i]);
	}
	return count;
}

static size_t put_utf16(unsigned char *at, size_t from, struct span text)
{
	size_t len = from;

	while (text.len > 0) {
		uint32_t point = next_point(&text);
		uint32_t units[2] = { point };
		size_t count = units_of(point, PDU_UCS2);

		if (count == 2) {
			units[0] = 0xD800 + ((point - 0x10000) >> 10);
			units[1] = 0xDC00 + ((point - 0x10000) & 0x3FFu);
		}
		for (size_t i = 0; i < count; i++) {
			at[len++] = (unsigned char)(units[i] >> 8);
			at[len++] = (unsigned char)units[i];
		}
	}
	return len;
}

struct part {
	enum pdu_encoding encoding;
	struct span text;
	size_t index;
	size_t total;
	unsigned ref;
};

static void put_user_data(struct writer *w, const struct part *part)
{
	bool alone = part->total == 1;
	unsigned char *length = w->at + w->len;
	unsigned char *data = length + 1;

	if (!alone) {
		const unsigned char header[HEADER_OCTETS] = { HEADER_OCTETS - 1,
							      0x00,
							      3,
							      (unsigned char)part->ref,
							      (unsigned char)part->total,
							      (unsigned char)(part->index + 1) };

		memcpy(data, header, sizeof header);
	}
	if (part->encoding == PDU_GSM7) {
		size_t septets = put_septets(data, alone ? 0 : HEADER_SEPTETS, part->text);

		*length = (unsigned char)septets;
		w->len += 1 + octets_of_septets(septets);
		return;
	}
	*length = (unsigned char)put_utf16(data, alone ? 0 : HEADER_OCTETS, part->text);
	w->len += 1 + (size_t)*length;
}

/* The part's text; false when index and total are not those of pdu_parts_needed. */
static bool find_part(const struct pdu_submit *submit, struct part *part)
{
	struct span rest = submit->text;

	if (part->index >= part->total ||
	    part->total != pdu_parts_needed(submit->text, &part->encoding))
		return false;
	for (size_t i = 0; i <= part->index; i++)
		part->text = cut(&rest, part->encoding, room(part->encoding, part->total == 1));
	return true;
}

int pdu_encode(const struct pdu_submit *submit, size_t index, size_t total, struct pdu_part *out,
	       struct err *err)
{
	struct part part = { .index = index, .total = total, .ref = submit->ref };
	struct writer w = { .len = 0 };
	unsigned first = FIRST_SUBMIT;
	size_t smsc_octets;

	*out = (struct pdu_part){ .length = 0 };
	if (!find_part(submit, &part))
		return err_set(err, ERR_INVALID, "the text has no part %zu of %zu", index + 1,
			       total);
	if (submit->message_class > 3)
		return err_set(err, ERR_INVALID, "message class %d: want 0 to 3",
			       submit->message_class);
	first |= submit->status_report ? FIRST_REPORT : 0;
	first |= submit->validity_min > 0 ? FIRST_RELATIVE : 0;
	first |= total > 1 ? FIRST_HEADER : 0;
	if (put_smsc(&w, submit->smsc, err) < 0)
		return -1;
	smsc_octets = w.len;
	put(&w, first);
	put(&w, 0); /* TP-MR: the modem counts its own and tells it with +CMGS */
	if (put_destination(&w, submit->to, err) < 0)
		return -1;
	put(&w, 0); /* TP-PID */
	put(&w, coding_scheme(part.encoding, submit->message_class));
	if (submit->validity_min > 0)
		put(&w, pdu_validity_octet(submit->validity_min));
	put_user_data(&w, &part);
	octets_to_hex(w.at, w.len, out->hex);
	out->length = w.len - smsc_octets;
	return 0;
}

bool pdu_drop_validity(struct pdu_part *part)
{
	unsigned char at[PDU_HEX_MAX / 2];
	size_t len, first, validity;
	struct err err;

	if (octets_from_hex(span_of(part->hex), at, sizeof at, &len, &err) < 0)
		return false;
	first = 1 + (size_t)at[0];
	if (first + 2 >= len || (at[first] & FIRST_FORMAT) != FIRST_RELATIVE)
		return false;
	/* TP-MR; the address's length, type and digits; TP-PID and TP-DCS. */
	validity = first + 2 + 2 + ((size_t)at[first + 2] + 1) / 2 + 2;
	if (validity >= len)
		return false;
	at[first] &= (unsigned char)~FIRST_FORMAT;
	memmove(at + validity, at + validity + 1, len - validity - 1);
	octets_to_hex(at, len - 1, part->hex);
	part->length--;
	return true;
}
