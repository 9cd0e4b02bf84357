#include "dialplan/zone.h"

#include <stdlib.h>

static const struct zone_change utc = { .abbrev = "UTC" };

void zone_free(struct zone *zone)
{
	if (zone == NULL)
		return;
	free(zone->changes);
	free(zone);
}

const char *zone_name(const struct zone *zone)
{
	return zone == NULL ? "UTC" : zone->name;
}

/* Index of the change that holds at an instant. */
static size_t index_at(const struct zone *zone, int64_t utc_s)
{
	size_t low = 0;
	size_t high = zone->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (zone->changes[middle].utc_s <= utc_s)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct zone_change *zone_at(const struct zone *zone, int64_t utc_s)
{
	return zone == NULL ? &utc : &zone->changes[index_at(zone, utc_s)];
}

const struct zone_change *zone_next(const struct zone *zone, int64_t utc_s)
{
	size_t next = zone == NULL ? 0 : index_at(zone, utc_s) + 1;

	return zone == NULL || next == zone->count ? NULL : &zone->changes[next];
}

int64_t zone_local(const struct zone *zone, int64_t utc_s)
{
	return utc_s + zone_at(zone, utc_s)->offset_s;
}

void zone_write(const struct zone *zone, int64_t utc_s, struct buf *out)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	struct civil c = civil_of(zone_local(zone, utc_s));

	buf_addf(out, "%s %04lld-%02d-%02d %02d:%02d %s", days[c.weekday], (long long)c.year,
		 c.month, c.day, c.hour, c.minute, zone_at(zone, utc_s)->abbrev);
}

#define LARGEST_S 172800 /* no place is two days away from UTC */

int64_t zone_utc(const struct zone *zone, int64_t local_s)
{
	if (zone == NULL)
		return local_s;
	for (size_t i = index_at(zone, local_s - LARGEST_S); i < zone->count; i++) {
		const struct zone_change *change = &zone->changes[i];
		int64_t at = local_s - change->offset_s;

		if (i > 0 && at < change->utc_s) /* put forward over it */
			return change->utc_s;
		if (i + 1 == zone->count || at < zone->changes[i + 1].utc_s)
			return at;
	}
	return local_s; /* not reached: the last change has no end */
}
