#include "dialplan/moment.h"

#include "base/civil.h"
#include "base/duration.h"
#include "dialplan/schedule.h"

#include <string.h>

#define DAY  INT64_C(86400)
#define DAYS 7

static int64_t midnight(int64_t local_s)
{
	int64_t into = local_s % DAY;

	return local_s - (into < 0 ? into + DAY : into);
}

int64_t moment_next_business_day(const struct plan *plan, int64_t utc_s)
{
	const struct zone *zone = plan->business.zone;
	int64_t day = zone_utc(zone, midnight(zone_local(zone, utc_s)) + DAY);
	int64_t opens = day;

	return layer_open(&plan->business, day, &opens) ? day : opens;
}

/* ---- what people write ------------------------------------------------- */

/* "mon" or "monday": 0 to 6; -1. */
static int weekday_of(struct span word)
{
	static const char *const names[DAYS][2] = {
		{ "mon", "monday" },   { "tue", "tuesday" }, { "wed", "wednesday" },
		{ "thu", "thursday" }, { "fri", "friday" },  { "sat", "saturday" },
		{ "sun", "sunday" },
	};

	for (int i = 0; i < DAYS; i++)
		if (span_is_nocase(word, names[i][0]) || span_is_nocase(word, names[i][1]))
			return i;
	return -1;
}

/* "9:00", "09:00", "22": seconds into the day. */
static bool time_of_day(struct span text, int64_t *seconds)
{
	struct span hour = span_cut(&text, ':');
	int64_t h = -1;
	int64_t m = 0;

	if (hour.len == 0 || hour.len > 2 || !span_int(hour, &h) || h < 0 || h > 23)
		return false;
	if (text.len > 0 && (text.len != 2 || !span_int(text, &m) || m < 0 || m > 59))
		return false;
	*seconds = h * 3600 + m * 60;
	return true;
}

static bool date(struct span text, int64_t *local_s)
{
	char stamp[] = "2026-12-01 00:00";

	if (text.len != 10)
		return false;
	memcpy(stamp, text.at, 10);
	return civil_read(span_of(stamp), local_s);
}

/* The day that a first word means, as local midnight; the time of day follows.  False: it is no day. */
static bool day_of(struct span word, int64_t today, int64_t *day)
{
	int weekday = weekday_of(word);

	if (weekday >= 0) {
		int ahead = (weekday - civil_of(today).weekday + DAYS) % DAYS;

		*day = today + ahead * DAY;
		return true;
	}
	if (span_is_nocase(word, "tomorrow")) {
		*day = today + DAY;
		return true;
	}
	return date(word, day);
}

static bool local_moment(const struct plan *plan, struct span text, int64_t local, int64_t *moment)
{
	struct span rest = text;
	struct span word = span_word(&rest);
	int64_t today = midnight(local);
	int64_t seconds = plan->business.open_s;
	int64_t day;

	rest = span_trim(rest);
	if (day_of(word, today, &day)) {
		if (rest.len > 0 && !time_of_day(rest, &seconds))
			return false;
		*moment = day + seconds;
		if (weekday_of(word) >= 0 && *moment <= local) /* it was today */
			*moment += DAYS * DAY;
		return true;
	}
	if (rest.len > 0 || memchr(text.at, ':', text.len) == NULL || !time_of_day(text, &seconds))
		return false;
	*moment = today + seconds + (today + seconds > local ? 0 : DAY);
	return true;
}

bool moment_read(const struct plan *plan, struct span text, int64_t now_utc_s, int64_t *utc_s)
{
	struct span rest = span_trim(text);
	struct span word = span_word(&rest);
	int64_t moment;

	rest = span_is_nocase(word, "until") ? span_trim(rest) : span_trim(text);
	if (rest.len == 0)
		return false;
	if (duration_read(rest, &moment))
		moment += now_utc_s;
	else if (local_moment(plan, rest, zone_local(plan->zone, now_utc_s), &moment))
		moment = zone_utc(plan->zone, moment);
	else if (!civil_read(rest, &moment))
		return false;
	if (moment <= now_utc_s)
		return false;
	*utc_s = moment;
	return true;
}

/* ---- once a month ------------------------------------------------------ */

bool moment_monthly_read(struct span text, struct plan_monthly *monthly)
{
	static const char *const weeks[] = { "first", "second", "third", "fourth", "last" };
	struct span rest = span_trim(text);
	struct span word = span_word(&rest);
	int weekday = weekday_of(span_word(&rest));
	int64_t at_s;
	size_t week = 0;

	while (week < COUNT_OF(weeks) && !span_is_nocase(word, weeks[week]))
		week++;
	if (week == COUNT_OF(weeks) || weekday < 0 || !time_of_day(span_trim(rest), &at_s))
		return false;
	*monthly = (struct plan_monthly){ (int)week + 1, weekday, at_s };
	return true;
}

/* That day of the month which begins on this day (of 1970). */
static int64_t monthly_day(const struct plan_monthly *monthly, int64_t first, int64_t next)
{
	int weekday = civil_of(first * DAY).weekday;
	int64_t day = first + (monthly->weekday - weekday + DAYS) % DAYS;

	if (monthly->week < 5)
		return day + (int64_t)(monthly->week - 1) * DAYS;
	while (day + DAYS < next)
		day += DAYS;
	return day;
}

int64_t moment_monthly_before(const struct plan *plan, const struct plan_monthly *monthly,
			      int64_t utc_s)
{
	struct civil now = civil_of(zone_local(plan->zone, utc_s));
	int64_t next = civil_days(now.month == 12 ? now.year + 1 : now.year,
				  now.month == 12 ? 1 : now.month + 1, 1);

	for (;;) { /* this month, or else the one before it */
		int64_t first = civil_days(now.year, now.month, 1);
		int64_t local = monthly_day(monthly, first, next) * DAY + monthly->at_s;
		int64_t at = zone_utc(plan->zone, local);

		if (at <= utc_s)
			return at;
		next = first;
		now.month--;
		if (now.month == 0) {
			now.month = 12;
			now.year--;
		}
	}
}
