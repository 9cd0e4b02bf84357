#include "modem/pdu_header.h"

#include "modem/pdu_field.h"

/* 9.2.3.24, first table. */
enum element {
	CONCAT_8BIT = 0x00,
	WAITING = 0x01,
	PORT_8BIT = 0x04,
	PORT_16BIT = 0x05,
	CONCAT_16BIT = 0x08,
	SINGLE_SHIFT = 0x24,
	LOCKING_SHIFT = 0x25,
};

#define PORT_8BIT_FIRST 240   /* below it: reserved */
#define PORT_16BIT_LAST 49151 /* beyond it: reserved */

struct reader {
	struct pdu *pdu;
	struct national_shift *shift;
};

/* 9.2.3.24.1 and .8: with a total or a number of zero, or a number past the total, the element is ignored. */
static void concatenation(struct pdu_concat concat, struct pdu_concat *out)
{
	if (concat.seq > 0 && concat.seq <= concat.total)
		*out = concat;
}

/* 9.2.3.24.2: low five bits what waits, then how much of it. */
static void waiting(const unsigned char at[2], struct pdu_waiting *out)
{
	unsigned kind = at[0] & 0x1Fu;

	out->kind = kind == 0x07u ? PDU_WAITING_VIDEO : pdu_field_waiting(kind);
	out->count = at[1];
}

/* One element; of several of a kind the last one counts (9.2.3.24).  One that we do not know, whose length is
 * wrong for its kind, or whose value is reserved, is passed over. */
static void element(const unsigned char *at, struct reader reader)
{
	unsigned len = at[1];
	const unsigned char *value = at + 2;
	struct pdu *pdu = reader.pdu;

	if (at[0] == CONCAT_8BIT && len == 3)
		concatenation((struct pdu_concat){ value[0], value[1], value[2] }, &pdu->concat);
	else if (at[0] == CONCAT_16BIT && len == 4)
		concatenation((struct pdu_concat){ (unsigned)value[0] << 8 | value[1], value[2],
						   value[3] },
			      &pdu->concat);
	else if (at[0] == WAITING && len == 2)
		waiting(value, &pdu->waiting);
	else if (at[0] == PORT_8BIT && len == 2 && value[0] >= PORT_8BIT_FIRST)
		pdu->port = value[0];
	else if (at[0] == PORT_16BIT && len == 4 && (value[0] << 8 | value[1]) <= PORT_16BIT_LAST)
		pdu->port = value[0] << 8 | value[1];
	else if (at[0] == SINGLE_SHIFT && len == 1)
		national_set_single(reader.shift, value[0]);
	else if (at[0] == LOCKING_SHIFT && len == 1)
		national_set_locking(reader.shift, value[0]);
}

int pdu_header_read(const unsigned char *at, size_t len, struct pdu *out,
		    struct national_shift *shift, struct err *err)
{
	struct reader reader = { out, shift };

	for (size_t i = 0; i < len; i += (size_t)at[i + 1] + 2) {
		size_t left = len - i;

		if (left < 2 || (size_t)at[i + 1] + 2 > left)
			return err_set(err, ERR_INVALID,
				       "user data header: element %02X runs past its end", at[i]);
		element(at + i, reader);
	}
	return 0;
}
