#include "modem/national.h"

#include "base/gsm7.h"
#include "modem/national_tables.h"

bool national_set_locking(struct national_shift *shift, unsigned language)
{
	if (language == NATIONAL_NONE || language == NATIONAL_SPANISH || language >= NATIONALS)
		return false;
	shift->locking = (enum national)language;
	return true;
}

bool national_set_single(struct national_shift *shift, unsigned language)
{
	if (language == NATIONAL_NONE || language >= NATIONALS)
		return false;
	shift->single = (enum national)language;
	return true;
}

static uint32_t locked(enum national language, unsigned char septet)
{
	uint32_t point = national_locking[language][septet & 0x7Fu];

	if (language == NATIONAL_NONE || language == NATIONAL_SPANISH)
		return gsm7_to_unicode(septet, false);
	return point == 0 ? ' ' : point;
}

uint32_t national_to_unicode(struct national_shift shift, unsigned char septet, bool escaped)
{
	uint32_t plain = locked(shift.locking, septet);
	uint32_t point = national_single[shift.single][septet & 0x7Fu];

	if (!escaped)
		return plain;
	if (shift.single == NATIONAL_NONE) {
		point = gsm7_to_unicode(septet, true);
		/* No character has the same place in the extension and the alphabet. */
		return point == gsm7_to_unicode(septet, false) ? plain : point;
	}
	return point == 0 ? plain : point;
}
