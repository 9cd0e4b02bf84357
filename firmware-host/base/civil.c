#include "base/civil.h"

#include <string.h>

#define DAY_S INT64_C(86400)

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
	return civil_days(civil->year, civil->month, civil->day) * DAY_S +
	       (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
}

/* The two or four digits at `at`, followed by one of `ends` (or the end of the text). */
static bool digits(struct span text, size_t at, size_t len, const char *ends, int *value)
{
	struct span rest = span_skip(text, at + len);
	int64_t n;

	if (text.len < at + len || !span_int((struct span){ text.at + at, len }, &n) || n < 0)
		return false;
	if (rest.len > 0 && (rest.at[0] == '\0' || strchr(ends, rest.at[0]) == NULL))
		return false;
	*value = (int)n;
	return true;
}

/* "+01:00" at the end of a stamp that has a time: cut off, and what UTC is less than it. */
static bool cut_offset(struct span *text, int64_t *offset_s)
{
	int hours;
	int minutes;
	char sign;

	*offset_s = 0;
	if (text->len < 22 || text->at[text->len - 3] != ':')
		return true;
	sign = text->at[text->len - 6];
	if (sign != '+' && sign != '-')
		return true;
	if (!digits(*text, text->len - 5, 2, ":", &hours) ||
	    !digits(*text, text->len - 2, 2, "", &minutes) || hours > 15 || minutes > 59)
		return false;
	*offset_s = (hours * INT64_C(3600) + minutes * INT64_C(60)) * (sign == '-' ? -1 : 1);
	text->len -= 6;
	return true;
}

bool civil_read(struct span text, int64_t *utc_s)
{
	struct civil c = { 0 };
	int64_t offset_s;
	int year;

	text = span_trim(text);
	if (span_int(text, utc_s))
		return true;
	if (!cut_offset(&text, &offset_s) || !digits(text, 0, 4, "-", &year) ||
	    !digits(text, 5, 2, "-", &c.month) || !digits(text, 8, 2, "T ", &c.day) ||
	    !digits(text, 11, 2, ":", &c.hour) || !digits(text, 14, 2, ":Z", &c.minute))
		return false;
	if (text.len > 17 && !digits(text, 17, 2, "Z", &c.second))
		return false;
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 || c.hour > 23 ||
	    c.minute > 59 || c.second > 60 || text.len > 20)
		return false;
	c.year = year;
	*utc_s = civil_utc(&c) - offset_s;
	return true;
}
