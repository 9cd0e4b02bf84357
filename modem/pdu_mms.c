#include "modem/pdu_mms.h"

#include <string.h>

#include "modem/octets.h"

#define PUSH            0x06
#define TYPE            "application/vnd.wap.mms-message"
#define TYPE_SHORT      0xBE /* its well-known number 3E as a short integer */
#define QUOTE           0x7F /* stands before a text that begins with 80 or more */
#define LENGTH_QUOTE    0x1F /* a length follows as uintvar; below it: the length itself */
#define FIELD_KIND      0x8C /* X-Mms-Message-Type: the first one (OMA-TS-MMS_ENC 6) */
#define KIND_NOTICE     0x82 /* m-notification-ind */
#define FIELD_FROM      0x89
#define ADDRESS_PRESENT 0x80

/* WAP-230 8.1.2: seven bits an octet, the top bit says that more follow. */
static size_t uintvar(struct octets *in)
{
	size_t value = 0;
	unsigned octet = 0x80;

	for (int i = 0; i < 3 && (octet & 0x80u) != 0; i++) {
		octet = octets_byte(in, "length");
		value = value << 7 | (octet & 0x7Fu);
	}
	return (octet & 0x80u) != 0 ? SIZE_MAX : value;
}

/* One value (8.4.1.2): of a short integer the octet, of a text all before its NUL, else what its length says. */
static struct span value(struct octets *in)
{
	size_t start = in->pos;
	unsigned first = octets_byte(in, "value");
	struct span text = { (const char *)in->at + start, 1 };

	if (first >= 0x80)
		return text;
	if (first <= LENGTH_QUOTE) {
		size_t len = first < LENGTH_QUOTE ? first : uintvar(in);

		text.at = (const char *)octets_take(in, len, "value");
		text.len = text.at == NULL ? 0 : len;
		return text;
	}
	while (!in->failed && octets_byte(in, "text") != 0)
		;
	text.len = in->failed ? 0 : in->pos - 1 - start;
	return first == QUOTE ? span_skip(text, 1) : text;
}

/* Content-Type: bare, or the first thing in its general form. */
static bool is_mms(struct octets *in)
{
	size_t start = in->pos;
	struct span type = value(in);
	struct octets inner = { .at = (const unsigned char *)type.at,
				.len = type.len,
				.err = in->err };

	if (in->at[start] <= LENGTH_QUOTE && type.len > 0)
		type = value(&inner);
	return (type.len == 1 && (unsigned char)type.at[0] == TYPE_SHORT) || span_is(type, TYPE);
}

/* Address-present-token and an encoded string: a text, or a character set before one. */
static void sender(struct span from, struct err *err, char out[PDU_ADDRESS_MAX])
{
	struct octets in = { .at = (const unsigned char *)from.at, .len = from.len, .err = err };
	struct span text;

	if (octets_byte(&in, "From") != ADDRESS_PRESENT)
		return;
	text = in.pos < in.len && in.at[in.pos] <= LENGTH_QUOTE ? value(&in) : (struct span){ 0 };
	if (text.at != NULL) {
		in = (struct octets){ .at = (const unsigned char *)text.at,
				      .len = text.len,
				      .err = err };
		value(&in);
	}
	text = value(&in);
	text = span_cut(&text, '/');
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] > '~')
			return;
	if (text.len < PDU_ADDRESS_MAX)
		span_copy(text, out, PDU_ADDRESS_MAX);
}

bool pdu_mms_read(struct span data, char from[PDU_ADDRESS_MAX])
{
	struct err err;
	struct octets in = { .at = (const unsigned char *)data.at, .len = data.len, .err = &err };
	size_t headers, body;

	from[0] = '\0';
	octets_byte(&in, "transaction");
	if (octets_byte(&in, "type") != PUSH)
		return false;
	headers = uintvar(&in);
	if (in.failed || headers == 0 || headers > in.len - in.pos)
		return false;
	body = in.pos + headers;
	if (!is_mms(&in) || in.failed)
		return false;
	in.pos = body;
	if (octets_byte(&in, "field") != FIELD_KIND || octets_byte(&in, "kind") != KIND_NOTICE)
		return false;
	while (!in.failed && in.pos < in.len) {
		unsigned field = octets_byte(&in, "field");
		struct span text = value(&in);

		if (field == FIELD_FROM && !in.failed)
			sender(text, &err, from);
	}
	return true;
}
