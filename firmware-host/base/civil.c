#include "base/civil.h"

#define DAY_S 86400

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years are counted from 1 March, so that the leap day is the last of its year; an era is 400 years. */
int64_t civil_days(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_of(int64_t utc_s)
{
	int64_t days = floor_div(utc_s, DAY_S);
	int64_t second = utc_s - days * DAY_S;
	int64_t since = days + 719468;
	int64_t era = floor_div(since, 146097);
	int64_t of_era = since - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct civil c = { .day = (int)(of_year - (153 * month + 2) / 5 + 1),
			   .month = (int)(month < 10 ? month + 3 : month - 9),
			   .hour = (int)(second / 3600),
			   .minute = (int)(second / 60 % 60),
			   .second = (int)(second % 60) };

	c.year = y + era * 400 + (c.month <= 2);
	c.weekday = (int)((days % 7 + 7 + 3) % 7); /* 1970-01-01 was a Thursday */
	return c;
}

int64_t civil_utc(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * DAY_S + civil->hour * 3600 +
	       civil->minute * 60 + civil->second;
}
