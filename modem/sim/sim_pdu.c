#include "modem/sim/sim_pdu.h"

#include <string.h>

#include "base/civil.h"
#include "base/gsm7.h"
#include "base/utf8.h"

#define OCTETS_MAX 200

struct cursor {
	const unsigned char *at;
	size_t len;
	bool bad; /* ran off the end */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int sim_pdu_unhex(struct span hex, unsigned char *out, size_t max)
{
	if (hex.len % 2 != 0 || hex.len / 2 > max)
		return -1;
	for (size_t i = 0; i < hex.len / 2; i++) {
		int high = hex_digit(hex.at[2 * i]);
		int low = hex_digit(hex.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return (int)(hex.len / 2);
}

static unsigned next(struct cursor *c)
{
	if (c->len == 0) {
		c->bad = true;
		return 0;
	}
	c->len--;
	return *c->at++;
}

/* 9.1.2.3: semi-octets, low half first; 0xF fills.  `digits` of them, after the type octet. */
static void take_number(struct cursor *c, unsigned digits, char number[SIM_NUMBER_MAX])
{
	static const char names[] = "0123456789*#abc";
	unsigned type = next(c);
	unsigned octet = 0;
	size_t n = 0;

	if ((type & 0x70) == 0x10)
		number[n++] = '+';
	for (unsigned i = 0; i < digits; i++) {
		unsigned nibble;

		if (i % 2 == 0)
			octet = next(c);
		nibble = i % 2 == 0 ? octet & 0x0F : octet >> 4;
		if (nibble == 0x0F)
			break;
		if (n < SIM_NUMBER_MAX - 1)
			number[n++] = names[nibble];
	}
	number[n] = '\0';
}

static unsigned take_smsc(struct cursor *c, char smsc[SIM_NUMBER_MAX])
{
	unsigned len = next(c);

	smsc[0] = '\0';
	if (len > 0)
		take_number(c, (len - 1) * 2, smsc);
	return len + 1;
}

/* 9.2.3.12.1, one octet. */
static int64_t validity(unsigned vp)
{
	if (vp <= 143)
		return (int64_t)(vp + 1) * 5 * 60;
	if (vp <= 167)
		return (int64_t)12 * 3600 + (int64_t)(vp - 143) * 30 * 60;
	if (vp <= 196)
		return (int64_t)(vp - 166) * 86400;
	return (int64_t)(vp - 192) * 7 * 86400;
}

enum alphabet { GSM7, EIGHT, UCS2 };

/* 23.038 4: which alphabet a DCS means. */
static enum alphabet alphabet(int dcs)
{
	if ((dcs & 0xF0) == 0xF0)
		return (dcs & 0x04) != 0 ? EIGHT : GSM7;
	if ((dcs & 0xF0) == 0xE0)
		return UCS2;
	if ((dcs & 0x80) != 0)
		return GSM7;
	if ((dcs & 0x0C) == 0x08)
		return UCS2;
	return (dcs & 0x0C) == 0x04 ? EIGHT : GSM7;
}

static int take_user_data(struct cursor *c, struct sim_ud *ud, struct err *err)
{
	size_t need;

	ud->units = next(c);
	need = alphabet(ud->dcs) == GSM7 ? ((size_t)ud->units * 7 + 7) / 8 : ud->units;
	if (c->bad || need > sizeof ud->bytes || need != c->len)
		return err_set(err, ERR_INVALID, "user data: %zu octets, TP-UDL %u asks for %zu",
			       c->len, ud->units, need);
	ud->len = need;
	memcpy(ud->bytes, c->at, need);
	return 0;
}

int sim_pdu_submit(struct span hex, int64_t length, struct sim_submit *out, struct err *err)
{
	unsigned char octets[OCTETS_MAX];
	int count = sim_pdu_unhex(hex, octets, sizeof octets);
	struct cursor c = { octets, count < 0 ? 0 : (size_t)count, false };
	unsigned first;
	unsigned format;

	*out = (struct sim_submit){ .validity_s = 0 };
	if (count < 0)
		return err_set(err, ERR_INVALID, "not hex, or too long");
	if ((int64_t)count - (int64_t)take_smsc(&c, out->smsc) != length)
		return err_set(err, ERR_INVALID, "length is not what the command said");
	first = next(&c);
	if ((first & 0x03) != 0x01)
		return err_set(err, ERR_INVALID, "not a SUBMIT");
	next(&c); /* TP-MR: the modem puts its own */
	take_number(&c, next(&c), out->to);
	out->report = (first & 0x20) != 0;
	out->ud.header = (first & 0x40) != 0;
	out->ud.pid = (int)next(&c);
	out->ud.dcs = (int)next(&c);
	format = (first >> 3) & 0x03;
	if (format == 2)
		out->validity_s = validity(next(&c));
	for (int i = 0; i < 7 && (format & 1) != 0; i++)
		next(&c);
	if (c.bad || out->to[0] == '\0')
		return err_set(err, ERR_INVALID, "cut short");
	return take_user_data(&c, &out->ud, err);
}

static unsigned septet(const struct sim_ud *ud, size_t index)
{
	size_t bit = index * 7;
	unsigned value = ud->bytes[bit / 8];

	if (bit / 8 + 1 < ud->len)
		value |= (unsigned)ud->bytes[bit / 8 + 1] << 8;
	return (value >> (bit % 8)) & 0x7F;
}

/* 9.2.3.24: length, then elements of (id, length, data).  Octets of the header, or -1. */
static int header(const struct sim_ud *ud, struct sim_concat *concat)
{
	const unsigned char *b = ud->bytes;
	size_t end;

	if (!ud->header)
		return 0;
	if (ud->len == 0 || (size_t)b[0] + 1 > ud->len)
		return -1;
	end = (size_t)b[0] + 1;
	for (size_t i = 1; i + 2 <= end; i += 2 + (size_t)b[i + 1]) {
		if (i + 2 + b[i + 1] > end)
			return -1;
		if (b[i] == 0x00 && b[i + 1] == 3)
			*concat = (struct sim_concat){ b[i + 2], b[i + 3], b[i + 4] };
		else if (b[i] == 0x08 && b[i + 1] == 4)
			*concat = (struct sim_concat){ (unsigned)b[i + 2] << 8 | b[i + 3], b[i + 4],
						       b[i + 5] };
	}
	return (int)end;
}

static void text_gsm7(const struct sim_ud *ud, size_t head, struct buf *text)
{
	bool escaped = false;

	for (size_t i = (head * 8 + 6) / 7; i < ud->units; i++) {
		unsigned char s = (unsigned char)septet(ud, i);

		if (s == GSM7_ESCAPE && !escaped) {
			escaped = true;
			continue;
		}
		utf8_add(text, gsm7_to_unicode(s, escaped));
		escaped = false;
	}
}

static void text_ucs2(const struct sim_ud *ud, size_t head, struct buf *text)
{
	uint32_t high = 0;

	for (size_t i = head; i + 1 < ud->len; i += 2) {
		uint32_t unit = (uint32_t)ud->bytes[i] << 8 | ud->bytes[i + 1];

		if (unit >= 0xD800 && unit < 0xDC00) {
			high = unit;
			continue;
		}
		if (high != 0 && unit >= 0xDC00 && unit < 0xE000)
			unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
		high = 0;
		utf8_add(text, unit);
	}
}

bool sim_pdu_text(const struct sim_ud *ud, struct buf *text, struct sim_concat *concat)
{
	int head;

	*concat = (struct sim_concat){ 0 };
	head = header(ud, concat);
	if (head < 0 || alphabet(ud->dcs) == EIGHT)
		return false;
	if (alphabet(ud->dcs) == GSM7)
		text_gsm7(ud, (size_t)head, text);
	else
		text_ucs2(ud, (size_t)head, text);
	return true;
}

static void put_septet(struct sim_ud *ud, size_t index, unsigned value)
{
	size_t bit = index * 7;

	ud->bytes[bit / 8] |= (unsigned char)(value << (bit % 8));
	if (bit % 8 > 1)
		ud->bytes[bit / 8 + 1] |= (unsigned char)(value >> (8 - bit % 8));
}

/* Units one character takes: septets, or octets of UTF-16. */
static size_t weight(uint32_t point, bool wide)
{
	unsigned char code[2];

	if (wide)
		return point > 0xFFFF ? 4 : 2;
	return gsm7_from_unicode(point, code);
}

static void put_wide(struct sim_ud *ud, uint32_t unit)
{
	ud->bytes[ud->units++] = (unsigned char)(unit >> 8);
	ud->bytes[ud->units++] = (unsigned char)unit;
}

static void put_point(struct sim_ud *ud, uint32_t point, bool wide)
{
	unsigned char code[2];
	size_t count;

	if (wide && point > 0xFFFF) {
		put_wide(ud, 0xD800 + ((point - 0x10000) >> 10));
		put_wide(ud, 0xDC00 + ((point - 0x10000) & 0x3FF));
		return;
	}
	if (wide) {
		put_wide(ud, point);
		return;
	}
	count = gsm7_from_unicode(point, code);
	for (size_t i = 0; i < count; i++)
		put_septet(ud, ud->units++, code[i]);
}

static bool fits_gsm7(struct span text, size_t *septets, size_t *wide_octets)
{
	bool fits = true;

	*septets = *wide_octets = 0;
	while (text.len > 0) {
		uint32_t point = utf8_next(&text);
		size_t count = weight(point, false);

		fits = fits && count > 0;
		*septets += count;
		*wide_octets += weight(point, true);
	}
	return fits;
}

static struct sim_ud empty_part(bool wide, bool many, unsigned ref)
{
	struct sim_ud ud = { .header = many, .dcs = wide ? 0x08 : 0x00 };

	if (many) {
		const unsigned char head[6] = { 5, 0, 3, (unsigned char)ref, 0, 0 };

		memcpy(ud.bytes, head, sizeof head);
		ud.units = wide ? 6 : 7;
	}
	return ud;
}

size_t sim_pdu_split(struct span text, unsigned ref, struct sim_ud *parts, size_t max)
{
	size_t septets;
	size_t octets;
	bool wide = !fits_gsm7(text, &septets, &octets);
	size_t room = wide ? 140 : 160;
	bool many = (wide ? octets : septets) > room;
	size_t count = 1;

	parts[0] = empty_part(wide, many, ref);
	while (text.len > 0) {
		uint32_t point = utf8_next(&text);

		if (parts[count - 1].units + weight(point, wide) > room) {
			if (count == max)
				break;
			parts[count++] = empty_part(wide, many, ref);
		}
		put_point(&parts[count - 1], point, wide);
	}
	for (size_t i = 0; i < count; i++) {
		parts[i].len = wide ? parts[i].units : ((size_t)parts[i].units * 7 + 7) / 8;
		if (many) {
			parts[i].bytes[4] = (unsigned char)count;
			parts[i].bytes[5] = (unsigned char)(i + 1);
		}
	}
	return count;
}

static void put(struct buf *hex, unsigned octet)
{
	buf_addf(hex, "%02X", octet & 0xFF);
}

/* Type octet and digits; `digits` may begin with "+". */
static void put_number(struct buf *hex, const char *digits)
{
	size_t len;

	put(hex, digits[0] == '+' ? 0x91 : 0x81);
	if (digits[0] == '+')
		digits++;
	len = strlen(digits);
	for (size_t i = 0; i < len; i += 2)
		put(hex, (unsigned)(digits[i] - '0') |
				 (i + 1 < len ? (unsigned)(digits[i + 1] - '0') << 4 : 0xF0u));
}

static void put_address(struct buf *hex, const char *party)
{
	struct sim_ud name = { .header = false };
	size_t digits = strspn(party + (party[0] == '+' ? 1 : 0), "0123456789");

	if (party[digits + (party[0] == '+' ? 1 : 0)] == '\0') {
		put(hex, (unsigned)digits);
		put_number(hex, party);
		return;
	}
	/* 9.1.2.5: a name is packed septets; the length still counts semi-octets. */
	for (struct span rest = span_of(party); rest.len > 0 && name.units < 11;)
		put_point(&name, utf8_next(&rest), false);
	put(hex, (name.units * 7 + 3) / 4);
	put(hex, 0xD0);
	for (size_t i = 0; i < ((size_t)name.units * 7 + 7) / 8; i++)
		put(hex, name.bytes[i]);
}

static void put_stamp(struct buf *hex, int64_t utc_s)
{
	struct civil c = civil_of(utc_s);
	const int fields[] = { (int)(c.year % 100), c.month, c.day, c.hour, c.minute, c.second, 0 };

	for (size_t i = 0; i < COUNT_OF(fields); i++)
		put(hex, (unsigned)(fields[i] % 10 * 16 + fields[i] / 10));
}

static size_t put_smsc(struct buf *hex, const char *smsc)
{
	size_t digits = strlen(smsc) - (smsc[0] == '+' ? 1 : 0);

	put(hex, (unsigned)((digits + 1) / 2 + 1));
	put_number(hex, smsc);
	return hex->len;
}

size_t sim_pdu_deliver(struct buf *hex, const struct sim_envelope *env, const struct sim_ud *ud)
{
	size_t start = put_smsc(hex, env->smsc);

	put(hex, 0x04u | (ud->header ? 0x40u : 0u)); /* TP-MTI 00, no more messages waiting */
	put_address(hex, env->party);
	put(hex, (unsigned)ud->pid);
	put(hex, (unsigned)ud->dcs);
	put_stamp(hex, env->stamp_s);
	put(hex, ud->units);
	for (size_t i = 0; i < ud->len; i++)
		put(hex, ud->bytes[i]);
	return (hex->len - start) / 2;
}

size_t sim_pdu_report(struct buf *hex, const struct sim_envelope *env)
{
	size_t start = put_smsc(hex, env->smsc);

	put(hex, 0x06); /* TP-MTI 10, no more messages, report of a SUBMIT */
	put(hex, (unsigned)env->mr);
	put_address(hex, env->party);
	put_stamp(hex, env->stamp_s);
	put_stamp(hex, env->done_s);
	put(hex, (unsigned)env->status);
	return (hex->len - start) / 2;
}
