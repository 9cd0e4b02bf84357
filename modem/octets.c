#include "modem/octets.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int octets_from_hex(struct span hex, unsigned char *to, size_t size, size_t *len, struct err *err)
{
	if (hex.len == 0)
		return err_set(err, ERR_INVALID, "the unit is empty");
	for (size_t i = 0; i < hex.len; i++)
		if (digit_value(hex.at[i]) < 0)
			return err_set(err, ERR_INVALID, "character %zu is not a hex digit", i + 1);
	if (hex.len % 2 != 0)
		return err_set(err, ERR_INVALID, "%zu hex digits: half an octet", hex.len);
	if (hex.len / 2 > size)
		return err_set(err, ERR_INVALID, "%zu octets: no unit has more than %zu",
			       hex.len / 2, size);
	for (size_t i = 0; i < hex.len / 2; i++)
		to[i] = (unsigned char)(digit_value(hex.at[2 * i]) * 16 +
					digit_value(hex.at[2 * i + 1]));
	*len = hex.len / 2;
	return 0;
}

void octets_to_hex(const unsigned char *at, size_t len, char *to)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		to[2 * i] = digits[at[i] >> 4];
		to[2 * i + 1] = digits[at[i] & 15u];
	}
	to[2 * len] = '\0';
}

const unsigned char *octets_take(struct octets *in, size_t n, const char *field)
{
	const unsigned char *at = in->at + in->pos;

	if (in->failed)
		return NULL;
	if (n > in->len - in->pos) {
		in->failed = true;
		err_set(in->err, ERR_INVALID, "octet %zu: %s takes %zu octets, %zu are left",
			in->pos + 1, field, n, in->len - in->pos);
		return NULL;
	}
	in->pos += n;
	return at;
}

unsigned octets_byte(struct octets *in, const char *field)
{
	const unsigned char *at = octets_take(in, 1, field);

	return at == NULL ? 0 : *at;
}

size_t octets_of_septets(size_t septets)
{
	return (septets * 7 + 7) / 8;
}

size_t octets_septets_covering(size_t octets)
{
	return (octets * 8 + 6) / 7;
}

unsigned char octets_septet(const unsigned char *at, size_t index)
{
	size_t byte = index * 7 / 8;
	unsigned shift = (unsigned)(index * 7 % 8);
	unsigned bits = (unsigned)at[byte] >> shift;

	if (shift > 1)
		bits |= (unsigned)at[byte + 1] << (8 - shift);
	return bits & 0x7Fu;
}

void octets_put_septet(unsigned char *at, size_t index, unsigned char septet)
{
	size_t byte = index * 7 / 8;
	unsigned shift = (unsigned)(index * 7 % 8);

	at[byte] = (unsigned char)(at[byte] | septet << shift);
	if (shift > 1)
		at[byte + 1] = (unsigned char)(at[byte + 1] | septet >> (8 - shift));
}
