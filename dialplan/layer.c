/* layer.c - the shifts and hours of one layer, in civil time. */
#include "dialplan/schedule.h"

#define DAY_S INT64_C(86400)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int days_in(int64_t year, int month)
{
	return (int)(civil_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
		     civil_days(year, month, 1));
}

/* `months` behind a local time: the same day of the month, or its last. */
static int64_t add_months(int64_t local_s, int64_t months)
{
	struct civil civil = civil_of(local_s);
	int64_t month = civil.year * 12 + civil.month - 1 + months;
	int last;

	civil.year = floor_div(month, 12);
	civil.month = (int)(month - civil.year * 12) + 1;
	last = days_in(civil.year, civil.month);
	if (civil.day > last)
		civil.day = last;
	return civil_utc(&civil);
}

static int64_t begins_at(const struct plan_layer *layer, int64_t number)
{
	int64_t local_s = layer->shift_months > 0
				  ? add_months(layer->starts_s, number * layer->shift_months)
				  : layer->starts_s + number * layer->shift_s;

	return zone_utc(layer->zone, local_s);
}

/* By the length alone; what the clock was put forward or back makes off by a few at most. */
static int64_t about(const struct plan_layer *layer, int64_t local_s)
{
	struct civil then = civil_of(layer->starts_s);
	struct civil now = civil_of(local_s);

	if (layer->shift_months > 0)
		return floor_div((now.year - then.year) * 12 + now.month - then.month,
				 layer->shift_months);
	return floor_div(local_s - layer->starts_s, layer->shift_s);
}

int64_t layer_shift(const struct plan_layer *layer, int64_t utc_s, int64_t *begins, int64_t *ends)
{
	int64_t number;

	if (layer->shift_months <= 0 && layer->shift_s <= 0) {
		*begins = INT64_MIN;
		*ends = WHEN_NEVER;
		return 0;
	}
	number = about(layer, zone_local(layer->zone, utc_s));
	while (begins_at(layer, number) > utc_s)
		number--;
	while (begins_at(layer, number + 1) <= utc_s)
		number++;
	*begins = begins_at(layer, number);
	*ends = begins_at(layer, number + 1);
	return number;
}

bool layer_open(const struct plan_layer *layer, int64_t utc_s, int64_t *edge)
{
	int64_t today;

	*edge = WHEN_NEVER;
	if (!layer->windows)
		return true;
	today = floor_div(zone_local(layer->zone, utc_s), DAY_S);
	/* The window of the day before may still be open; the next one is at most a week away. */
	for (int64_t day = today - 2; day <= today + 9; day++) {
		int64_t opens = zone_utc(layer->zone, day * DAY_S + layer->open_s);
		int64_t shuts = zone_utc(layer->zone, day * DAY_S + layer->shut_s);
		int weekday = (int)((day + 3) - floor_div(day + 3, 7) * 7);

		if ((layer->days != 0 && (layer->days >> weekday & 1u) == 0) || shuts <= utc_s ||
		    shuts == opens)
			continue;
		if (opens > utc_s) {
			*edge = opens;
			return false;
		}
		*edge = shuts;
		return true;
	}
	return false;
}
