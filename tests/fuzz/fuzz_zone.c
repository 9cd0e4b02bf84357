/* Any bytes as a zone file: an error with words, or a table in which every local time has an instant. */
#include "dialplan/zone.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *zone = NULL;
	struct err err = { ERR_NONE, "" };

	if (zone_read(&zone, "Fuzz/Zone", (struct span){ (const char *)data, size }, ZONE_FROM_S,
		      ZONE_UNTIL_S, &err) < 0) {
		assert(zone == NULL && err.code != ERR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(zone->count > 0);
	for (size_t i = 1; i < zone->count; i++) {
		int64_t at = zone->changes[i].utc_s;

		assert(at > ZONE_FROM_S && at < ZONE_UNTIL_S);
		assert(i == 1 || at > zone->changes[i - 1].utc_s);
		assert(zone_at(zone, at) == &zone->changes[i]);
		/* what the wall shows at an instant was first shown then, or before */
		assert(zone_utc(zone, zone_local(zone, at)) <= at);
		assert(zone_utc(zone, zone_local(zone, at - 1)) <= at - 1);
	}
	zone_free(zone);
	return 0;
}
