#include "base/duration.h"

#define NUMBER_MAX INT64_C(3153600000) /* seconds in a hundred years */

bool duration_read(struct span text, int64_t *seconds)
{
	static const struct {
		const char *unit;
		int64_t seconds;
	} units[] = {
		{ "s", 1 },         { "m", 60 },         { "min", 60 },     { "h", 3600 },
		{ "d", 86400 },     { "day", 86400 },    { "days", 86400 }, { "w", 604800 },
		{ "week", 604800 }, { "weeks", 604800 },
	};
	size_t digits = 0;
	struct span unit;
	int64_t value;

	while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
		digits++;
	unit = span_trim(span_skip(text, digits));
	if (!span_int((struct span){ text.at, digits }, &value))
		return false;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (!span_is_nocase(unit, units[i].unit))
			continue;
		if (value > NUMBER_MAX / units[i].seconds)
			return false;
		*seconds = value * units[i].seconds;
		return true;
	}
	return false;
}
