/* zone_read.c - a TZif file (RFC 8536) and the POSIX rule in its footer, as a table of changes. */
#include <stdlib.h>
#include <string.h>

#include "dialplan/zone.h"

#define HEADER      44
#define TYPES_MAX   256
#define CHANGES_MAX 4000
#define DAY_S       86400

/* One of the two blocks of the file. */
struct block {
	struct span times, kinds, types, names;
	size_t width; /* of a time: 4 or 8 octets */
	size_t time_count, type_count;
	size_t len; /* of the whole block, header included */
	char version;
};

struct reader {
	struct zone *zone;
	size_t cap;
	int64_t from, until;
	struct err *err;
};

static int bad(struct reader *reader, const char *what)
{
	return err_set(reader->err, ERR_INVALID, "zone %s: %s", reader->zone->name, what);
}

static int64_t big_endian(const char *at, size_t width)
{
	uint64_t value = (at[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | (unsigned char)at[i];
	return (int64_t)value;
}

static struct span take(struct span *rest, size_t len)
{
	struct span part = { rest->at, len < rest->len ? len : rest->len };

	*rest = span_skip(*rest, len);
	return part;
}

static int open_block(struct reader *reader, struct span file, size_t width, struct block *block)
{
	struct span rest = span_skip(file, HEADER);
	size_t counts[6]; /* RFC 8536 3.1: isut, isstd, leap, time, type, char */

	if (file.len < HEADER || !span_starts(file, "TZif"))
		return bad(reader, "no TZif file");
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		int64_t count = big_endian(file.at + 20 + 4 * i, 4);

		if (count < 0 || count > 100000)
			return bad(reader, "damaged header");
		counts[i] = (size_t)count;
	}
	block->version = file.at[4];
	block->width = width;
	block->time_count = counts[3];
	block->type_count = counts[4];
	block->times = take(&rest, counts[3] * width);
	block->kinds = take(&rest, counts[3]);
	block->types = take(&rest, counts[4] * 6);
	block->names = take(&rest, counts[5]);
	block->len = HEADER + counts[3] * (width + 1) + counts[4] * 6 + counts[5] +
		     counts[2] * (width + 4) + counts[1] + counts[0];
	if (block->len > file.len)
		return bad(reader, "the file is cut off");
	if (counts[2] > 0)
		return bad(reader, "counts leap seconds, want one that does not");
	if (counts[4] == 0 || counts[4] > TYPES_MAX)
		return bad(reader, "no local time types");
	return 0;
}

/* ---- the table ---- */

static int add(struct reader *reader, const struct zone_change *change)
{
	struct zone *zone = reader->zone;

	if (change->offset_s < -DAY_S - 7200 || change->offset_s > DAY_S + 7200)
		return bad(reader, "an offset of more than a day");
	if (zone->count == 0 || change->utc_s <= reader->from) {
		zone->count = 0; /* all before the beginning is what held there */
	} else if (change->utc_s <= zone->changes[zone->count - 1].utc_s) {
		return bad(reader, "its changes are not in order");
	}
	if (zone->count > 0 && change->utc_s >= reader->until)
		return 0;
	if (zone->count == CHANGES_MAX)
		return bad(reader, "too many changes");
	if (array_grow(&zone->changes, &reader->cap, zone->count + 1, sizeof *zone->changes) < 0)
		return err_nomem(reader->err);
	zone->changes[zone->count++] = *change;
	return 0;
}

/* utc_s is the caller's. */
static int type_of(struct reader *reader, const struct block *block, size_t index,
		   struct zone_change *change)
{
	const char *type = block->types.at + 6 * index;
	struct span name;

	if (index >= block->type_count)
		return bad(reader, "a change to no type");
	change->offset_s = big_endian(type, 4);
	change->dst = type[4] != 0;
	name = span_skip(block->names, (unsigned char)type[5]);
	span_copy(span_cut(&name, '\0'), change->abbrev, sizeof change->abbrev);
	return 0;
}

static int read_changes(struct reader *reader, const struct block *block)
{
	struct zone_change change = { .utc_s = INT64_MIN };

	if (type_of(reader, block, 0, &change) < 0 || add(reader, &change) < 0)
		return -1;
	for (size_t i = 0; i < block->time_count; i++) {
		size_t kind = (unsigned char)block->kinds.at[i];

		change.utc_s = big_endian(block->times.at + i * block->width, block->width);
		if (type_of(reader, block, kind, &change) < 0 || add(reader, &change) < 0)
			return -1;
	}
	return 0;
}

/* ---- the footer: a POSIX TZ string, "CET-1CEST,M3.5.0,M10.5.0/3" ---- */

enum day_kind { DAY_MONTH_WEEK, DAY_JULIAN, DAY_COUNTED };

struct edge { /* when in a year the clock is changed */
	enum day_kind kind;
	int month, week, day; /* day: of the week, 0 Sunday; or of the year */
	int64_t time_s;       /* local, before the change */
};

struct rule {
	struct zone_change std, dst;
	struct edge begins, ends;
	bool has_dst;
};

static bool is_digit(struct span s)
{
	return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

static bool number(struct span *rest, int64_t most, int64_t *value)
{
	if (!is_digit(*rest))
		return false;
	for (*value = 0; is_digit(*rest) && *value <= most; *rest = span_skip(*rest, 1))
		*value = *value * 10 + (rest->at[0] - '0');
	return *value <= most;
}

static bool skip(struct span *rest, const char *text)
{
	if (!span_starts(*rest, text))
		return false;
	*rest = span_skip(*rest, strlen(text));
	return true;
}

/* [+-]hh[:mm[:ss]]; up to a week of hours (RFC 8536 3.3.1). */
static bool clock_time(struct span *rest, int64_t *seconds)
{
	bool minus = skip(rest, "-");
	int64_t part;
	int64_t unit = 60;

	if (!minus)
		skip(rest, "+");
	if (!number(rest, 167, seconds))
		return false;
	for (*seconds *= 3600; unit > 0 && skip(rest, ":"); unit /= 60) {
		if (!number(rest, 59, &part))
			return false;
		*seconds += part * unit;
	}
	if (minus)
		*seconds = -*seconds;
	return true;
}

static bool name_of(struct span *rest, char abbrev[ZONE_ABBREV])
{
	struct span name = { rest->at, 0 };

	if (skip(rest, "<")) {
		name = span_cut(rest, '>');
	} else {
		while (rest->len > name.len &&
		       ((rest->at[name.len] >= 'A' && rest->at[name.len] <= 'Z') ||
			(rest->at[name.len] >= 'a' && rest->at[name.len] <= 'z')))
			name.len++;
		*rest = span_skip(*rest, name.len);
	}
	span_copy(name, abbrev, ZONE_ABBREV);
	return name.len >= 3;
}

static bool number_in(struct span *rest, int64_t least, int64_t most, int *value)
{
	int64_t n;

	if (!number(rest, most, &n) || n < least)
		return false;
	*value = (int)n;
	return true;
}

static bool edge_of(struct span *rest, struct edge *edge)
{
	edge->time_s = 7200;
	if (skip(rest, "M")) {
		edge->kind = DAY_MONTH_WEEK;
		if (!number_in(rest, 1, 12, &edge->month) || !skip(rest, ".") ||
		    !number_in(rest, 1, 5, &edge->week) || !skip(rest, ".") ||
		    !number_in(rest, 0, 6, &edge->day))
			return false;
	} else {
		edge->kind = skip(rest, "J") ? DAY_JULIAN : DAY_COUNTED;
		if (!number_in(rest, edge->kind == DAY_JULIAN, 365, &edge->day))
			return false;
	}
	return !skip(rest, "/") || clock_time(rest, &edge->time_s);
}

static bool rule_of(struct span text, struct rule *rule)
{
	int64_t west_s; /* POSIX counts to the west */

	*rule = (struct rule){ 0 };
	if (!name_of(&text, rule->std.abbrev) || !clock_time(&text, &west_s))
		return false;
	rule->std.offset_s = -west_s;
	rule->has_dst = text.len > 0;
	if (!rule->has_dst)
		return true;
	rule->dst.dst = true;
	rule->dst.offset_s = rule->std.offset_s + 3600;
	if (!name_of(&text, rule->dst.abbrev))
		return false;
	if (text.len > 0 && text.at[0] != ',') {
		if (!clock_time(&text, &west_s))
			return false;
		rule->dst.offset_s = -west_s;
	}
	return skip(&text, ",") && edge_of(&text, &rule->begins) && skip(&text, ",") &&
	       edge_of(&text, &rule->ends) && text.len == 0;
}

static bool leap(int64_t year)
{
	return civil_days(year, 3, 1) - civil_days(year, 2, 28) == 2;
}

/* Days since 1970 of an edge in a year. */
static int64_t edge_day(const struct edge *edge, int64_t year)
{
	int64_t first = civil_days(year, 1, 1);
	int64_t next;
	int64_t day;

	if (edge->kind == DAY_COUNTED)
		return first + edge->day;
	if (edge->kind == DAY_JULIAN) /* 29 February is never counted */
		return first + edge->day - 1 + (leap(year) && edge->day >= 60);
	first = civil_days(year, edge->month, 1);
	next = edge->month == 12 ? civil_days(year + 1, 1, 1)
				 : civil_days(year, edge->month + 1, 1);
	day = first + (edge->day - (first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday: 4 */
	for (int week = 1; week < edge->week && day + 7 < next; week++)
		day += 7;
	return day;
}

static int add_by_rule(struct reader *reader, const struct rule *rule, int64_t after)
{
	struct zone_change dst = rule->dst;
	struct zone_change std = rule->std;

	for (int64_t year = civil_of(after).year; civil_days(year, 1, 1) * DAY_S < reader->until;
	     year++) {
		const struct zone_change *first = &dst;
		const struct zone_change *second = &std;

		dst.utc_s =
			edge_day(&rule->begins, year) * DAY_S + rule->begins.time_s - std.offset_s;
		std.utc_s = edge_day(&rule->ends, year) * DAY_S + rule->ends.time_s - dst.offset_s;
		if (std.utc_s < dst.utc_s) {
			first = &std;
			second = &dst;
		}
		if ((first->utc_s > after && add(reader, first) < 0) ||
		    (second->utc_s > after && add(reader, second) < 0))
			return -1;
	}
	return 0;
}

static int read_footer(struct reader *reader, const struct block *block, struct span footer)
{
	struct rule rule;
	int64_t after = reader->from;

	if (!skip(&footer, "\n"))
		return bad(reader, "no footer");
	footer = span_cut(&footer, '\n');
	if (footer.len == 0) /* nothing is known of the time behind its last change */
		return 0;
	if (!rule_of(footer, &rule))
		return bad(reader, "its footer is no rule");
	if (block->time_count > 0) {
		int64_t last = big_endian(block->times.at + (block->time_count - 1) * block->width,
					  block->width);

		after = last > after ? last : after;
	} else {
		rule.std.utc_s = INT64_MIN;
		if (!rule.has_dst)
			return add(reader, &rule.std);
		after = reader->from - 1;
	}
	return rule.has_dst ? add_by_rule(reader, &rule, after) : 0;
}

static int read_all(struct reader *reader, struct span file)
{
	struct block block = { 0 };

	if (open_block(reader, file, 4, &block) < 0)
		return -1;
	if (block.version == '\0')
		return read_changes(reader, &block);
	file = span_skip(file, block.len);
	if (open_block(reader, file, 8, &block) < 0 || read_changes(reader, &block) < 0)
		return -1;
	return read_footer(reader, &block, span_skip(file, block.len));
}

int zone_read(struct zone **out, const char *name, struct span tzif, int64_t from, int64_t until,
	      struct err *err)
{
	struct reader reader = { .from = from, .until = until, .err = err };

	reader.zone = calloc(1, sizeof *reader.zone);
	if (reader.zone == NULL)
		return err_nomem(err);
	span_copy(span_of(name), reader.zone->name, sizeof reader.zone->name);
	if (read_all(&reader, tzif) < 0) {
		zone_free(reader.zone);
		return -1;
	}
	*out = reader.zone;
	return 0;
}
