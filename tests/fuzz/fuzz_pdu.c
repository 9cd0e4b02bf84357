/* One SMS unit, as hex when the input is hex, else as the octets themselves: a result or an error, never
 * both, and the text of a SUBMIT comes back when it is encoded anew. */
#include <assert.h>
#include <string.h>

#include "modem/octets.h"
#include "modem/parts.h"
#include "modem/pdu.h"

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
