/* One SMS unit, as hex when the input is hex, else as the octets themselves: a result or an error, never
 * both; its text comes back when it is encoded anew, and its parts join to what they are made of. */
#include <assert.h>
#include <string.h>

#include "modem/octets.h"
#include "modem/parts.h"
#include "modem/pdu.h"
#include "modem/pdu_mms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode_again(const struct pdu *pdu)
{
	struct pdu_submit submit = { .to = span_of("+447700900123"),
				     .text = span_of(pdu->text),
				     .message_class = pdu->message_class };
	enum pdu_encoding encoding;
	size_t total = pdu_parts_needed(submit.text, &encoding);
	struct buf joined = { 0 };
	struct parts *parts = NULL;
	struct err err = { 0 };

	assert(total >= 1 && total <= 3);
	assert(parts_new(&parts, &err) == 0);
	for (size_t i = 0; i < total; i++) {
		struct pdu_part part;
		struct pdu again;

		assert(pdu_encode(&submit, i, total, &part, &err) == 0);
		assert(pdu_decode(span_of(part.hex), &again, &err) == 0);
		assert(again.message_class == pdu->message_class && again.encoding == encoding);
		assert(parts_add(parts, &again, (struct when){ 0 }, &joined, &err) ==
		       (i + 1 == total));
	}
	assert(strcmp(buf_text(&joined), pdu->text) == 0);
	buf_free(&joined);
	parts_free(parts);
}

/* What the unit says of itself, and whether its part fits with itself and with what parts.h promises. */
static void check_fields(const struct pdu *pdu)
{
	bool deliver = pdu->type == PDU_DELIVER;

	assert(pdu->port >= 0 && pdu->port <= 49151);
	assert(pdu->replaces >= 0 && pdu->replaces <= 7 && (deliver || pdu->replaces == 0));
	assert(pdu->waiting.kind <= PDU_WAITING_VIDEO);
	assert(pdu->waiting.count >= -1 && pdu->waiting.count <= 255);
	assert(pdu->half_first == 0 || (pdu->half_first & 0xFC00u) == 0xDC00u);
	assert(pdu->half_last == 0 || (pdu->half_last & 0xFC00u) == 0xD800u);
	assert((pdu->half_first == 0 && pdu->half_last == 0) || pdu->encoding == PDU_UCS2);
	assert(pdu->validity_min >= -1 && pdu->validity_min <= 635040);
	assert(pdu->type == PDU_SUBMIT || (pdu->validity_min == -1 && !pdu->has_expiry));
	assert(pdu_audience(pdu) != PDU_FOR_PORT || pdu->port != 0);
}

/* A message whose every part is this one: what comes out is as long as they are, less the U+FFFD of the
 * halves that met (two of three bytes for one character of four). */
static void check_parts(const struct pdu *unit)
{
	bool data = unit->encoding == PDU_8BIT;
	size_t len = data ? unit->data_len : strlen(unit->text);
	size_t pairs = unit->half_first != 0 && unit->half_last != 0 ? 2 : 0;
	struct pdu pdu = *unit;
	struct buf joined = { 0 };
	struct parts *parts = NULL;
	struct err err = { 0 };

	assert(parts_new(&parts, &err) == 0);
	pdu.concat = (struct pdu_concat){ .ref = 1, .total = 3 };
	for (pdu.concat.seq = 3; pdu.concat.seq > 0; pdu.concat.seq--)
		assert(parts_add(parts, &pdu, (struct when){ 0 }, &joined, &err) ==
		       (pdu.concat.seq == 1));
	assert(joined.len == 3 * len - 2 * pairs);
	pdu.concat = (struct pdu_concat){ .ref = 2, .total = 2, .seq = 2 };
	assert(parts_add(parts, &pdu, (struct when){ 0 }, &joined, &err) == 0);
	assert(parts_expired(parts, (struct when){ .mono_ms = PARTS_WAIT_MS }, pdu.address,
			     &joined));
	assert(data ? joined.len == 0 : joined.len == len + strlen("[\xE2\x80\xA6]"));
	buf_free(&joined);
	parts_free(parts);
}

/* Also of octets that are no unit: the joined parts of a push are any. */
static void check_push(struct span data)
{
	char from[PDU_ADDRESS_MAX];
	bool is = pdu_mms_read(data, from);

	assert(strlen(from) < sizeof from && (is || from[0] == '\0'));
}

/* A part without its validity is the same part otherwise. */
static void check_validity(struct span hex, const struct pdu *pdu)
{
	static struct pdu_part part;
	static struct pdu again;
	struct err err;

	if (!span_copy(hex, part.hex, sizeof part.hex) || pdu->type != PDU_SUBMIT ||
	    !pdu_drop_validity(&part))
		return;
	assert(pdu_decode(span_of(part.hex), &again, &err) == 0);
	assert(again.validity_min == -1 && strcmp(again.text, pdu->text) == 0);
	assert(strcmp(again.address, pdu->address) == 0 && again.pid == pdu->pid);
}

static void check(struct span hex)
{
	char to[PDU_ADDRESS_MAX];
	struct err err = { 0 };
	struct pdu pdu;

	if (pdu_decode(hex, &pdu, &err) < 0) {
		assert(err.code == ERR_INVALID && err.text[0] != '\0');
		assert(pdu.type == PDU_NONE);
		return;
	}
	assert(err.code == ERR_NONE);
	assert(pdu.type != PDU_NONE);
	assert(strlen(pdu.text) < sizeof pdu.text && strlen(pdu.address) < sizeof pdu.address);
	assert(pdu.encoding != PDU_8BIT || pdu.text[0] == '\0');
	assert(pdu.data_len <= sizeof pdu.data);
	assert(pdu.concat.seq <= pdu.concat.total);
	check_fields(&pdu);
	check_parts(&pdu);
	check_validity(hex, &pdu);
	check_push((struct span){ (const char *)pdu.data, pdu.data_len });
	if (pdu.encoding != PDU_8BIT)
		encode_again(&pdu);
	assert((pdu_destination(hex, to, &err) == 0) ==
	       (pdu.type == PDU_SUBMIT && !pdu.alphanumeric));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char hex[PDU_HEX_MAX + 1];
	struct span input = { (const char *)data, size };
	size_t digits = 0;

	check_push(input);
	while (digits < size && strchr("0123456789ABCDEFabcdef", data[digits]) != NULL &&
	       data[digits] != '\0')
		digits++;
	if (digits == size || size > PDU_HEX_MAX / 2) {
		check(input);
		return 0;
	}
	octets_to_hex(data, size, hex);
	check((struct span){ hex, 2 * size });
	return 0;
}
