#include "modem/pdu_validity.h"

#include "modem/pdu_field.h"

/* TP-VPF (9.2.3.3) */
#define FORMAT_ENHANCED 1u
#define FORMAT_RELATIVE 2u
#define FORMAT_ABSOLUTE 3u
#define EXPIRY_OCTETS   7

int pdu_validity_minutes(unsigned validity)
{
	int v = (int)validity;

	if (v < 144)
		return (v + 1) * 5;
	if (v < 168)
		return 12 * 60 + (v - 143) * 30;
	return v < 197 ? (v - 166) * 24 * 60 : (v - 192) * 7 * 24 * 60;
}

/* Hours, minutes and seconds as in a timestamp. */
static int clock_min(const unsigned char at[3])
{
	int value[3];

	for (size_t i = 0; i < COUNT_OF(value); i++) {
		if ((at[i] & 15u) > 9 || at[i] >> 4 > 9)
			return -1;
		value[i] = (at[i] & 15) * 10 + (at[i] >> 4);
	}
	if (value[1] > 59 || value[2] > 59)
		return -1;
	return value[0] * 60 + value[1] + (value[2] > 0 ? 1 : 0);
}

/* 9.2.3.12.3: an indicator octet, more of them as long as the top bit is set, then the value; the rest of
 * the seven octets is not used.  No period, and the reserved forms, leave it untold. */
static int enhanced(const unsigned char *at, struct pdu *out)
{
	size_t i = 0;

	while (i < EXPIRY_OCTETS && (at[i] & 0x80u) != 0)
		i++;
	if (i + 3 >= EXPIRY_OCTETS)
		return -1;
	out->single_shot = (at[0] & 0x40u) != 0;
	switch (at[0] & 7u) {
	case 1:
		out->validity_min = pdu_validity_minutes(at[i + 1]);
		return 0;
	case 2:
		out->validity_min = at[i + 1] == 0 ? -1 : (at[i + 1] + 59) / 60;
		return 0;
	case 3:
		out->validity_min = clock_min(at + i + 1);
		return out->validity_min < 0 ? -1 : 0;
	default:
		return 0;
	}
}

int pdu_validity_read(struct octets *in, unsigned format, struct pdu *out)
{
	struct pdu_stamp end;
	const unsigned char *at;

	if (format == FORMAT_RELATIVE) {
		unsigned validity = octets_byte(in, "TP-VP");

		out->validity_min = pdu_validity_minutes(validity);
	} else if (format == FORMAT_ABSOLUTE) {
		if (pdu_field_stamp(in, "TP-VP", &end) < 0)
			return -1;
		out->has_expiry = end.known;
		out->expiry_utc_s = end.utc_s;
		out->expiry_offset_min = end.offset_min;
	} else if (format == FORMAT_ENHANCED) {
		at = octets_take(in, EXPIRY_OCTETS, "TP-VP");
		if (at == NULL)
			return -1;
		if (enhanced(at, out) < 0)
			return err_set(in->err, ERR_INVALID, "octet %zu: TP-VP is no period",
				       in->pos - EXPIRY_OCTETS + 1);
	}
	return in->failed ? -1 : 0;
}

unsigned char pdu_validity_octet(int minutes)
{
	unsigned v = 0;

	while (v < 255 && pdu_validity_minutes(v) < minutes)
		v++;
	return (unsigned char)v;
}
