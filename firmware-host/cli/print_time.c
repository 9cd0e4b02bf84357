/* print_time.c - times as people say them. */
#include <string.h>
#include <time.h>

#include "base/civil.h"
#include "base/jsonw.h"
#include "cli/print.h"

const char *print_clock_on(const char *stamp, int64_t now_s, char room[PRINT_ROOM])
{
	char today[32];

	if (strlen(stamp) != 20 || stamp[10] != 'T')
		return stamp;
	jsonw_rfc3339(now_s, today);
	if (strncmp(stamp, today, 10) == 0)
		snprintf(room, PRINT_ROOM, "%s", stamp + 11);
	else
		snprintf(room, PRINT_ROOM, "%.10s %s", stamp, stamp + 11);
	return room;
}

const char *print_clock(const char *stamp, char room[PRINT_ROOM])
{
	return print_clock_on(stamp, (int64_t)time(NULL), room);
}

const char *print_seconds(int64_t s, char room[PRINT_ROOM])
{
	long long all = s < 0 ? -s : s;
	char sign = s < 0 ? '-' : '+';

	if (all >= 3600)
		snprintf(room, PRINT_ROOM, "%c%lld:%02lld:%02lld", sign, all / 3600, all / 60 % 60,
			 all % 60);
	else
		snprintf(room, PRINT_ROOM, "%c%lld:%02lld", sign, all / 60, all % 60);
	return room;
}

const char *print_minutes(int64_t s, char room[PRINT_ROOM])
{
	if (s < 60)
		snprintf(room, PRINT_ROOM, "%lld s", (long long)s);
	else
		snprintf(room, PRINT_ROOM, "%lld:%02lld min", (long long)(s / 60),
			 (long long)(s % 60));
	return room;
}

const char *print_about(int64_t s, char room[PRINT_ROOM])
{
	static const struct {
		long long seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	long long all = s < 0 ? 0 : s;

	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (all < units[i].seconds * (i + 1 < COUNT_OF(units) ? 2 : 0))
			continue;
		snprintf(room, PRINT_ROOM, "%lld %s", all / units[i].seconds, units[i].unit);
		break;
	}
	return room;
}

const char *print_ago(const char *stamp, char room[PRINT_ROOM])
{
	int64_t then_s;
	char about[PRINT_ROOM];

	room[0] = '\0';
	if (civil_read(span_of(stamp), &then_s))
		snprintf(room, PRINT_ROOM, "%.20s ago",
			 print_about((int64_t)time(NULL) - then_s, about));
	return room;
}
