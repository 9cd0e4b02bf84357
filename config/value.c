#include "config/value.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/duration.h"
#include "base/utf8.h"

void *value_field(const struct place *place, size_t at)
{
	return (char *)place->base + at;
}

/* The setting as text; false: it is none, and that has been said. */
bool value_text(const struct place *place, config_setting_t *setting, struct span *text)
{
	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		walk_wants(place, setting, place->key->range);
		return false;
	}
	*text = span_of(config_setting_get_string(setting));
	return true;
}

/* ---- texts and names --------------------------------------------------- */

static bool printable(struct span text)
{
	while (text.len > 0) {
		bool given = span_starts(text, "\xEF\xBF\xBD"); /* U+FFFD written as such */
		uint32_t point = utf8_next(&text);

		if (point < 0x20 || point == 0x7f || (point == UTF8_REPLACEMENT && !given))
			return false;
	}
	return true;
}

static void read_text(const struct place *place)
{
	struct span text;

	if (!value_text(place, place->setting, &text))
		return;
	if ((int64_t)text.len < place->key->min || text.len >= place->key->size || !printable(text))
		walk_wants(place, place->setting, place->key->range);
	else
		span_copy(text, value_field(place, place->key->at), place->key->size);
	walk_note(place, place->setting, text.at);
}

static bool all_in(struct span text, const char *set)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\0' || strchr(set, text.at[i]) == NULL)
			return false;
	return true;
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Puts a name of lower-case letters, digits and - _ into `to`; dots only in targets. */
bool value_put_name(const struct place *place, config_setting_t *setting, char *to, size_t size)
{
	struct span text;
	const char *set = size == PLAN_TARGET ? LOWER DIGITS "-_." : LOWER DIGITS "-_";

	if (!value_text(place, setting, &text))
		return false;
	if (text.len == 0 || text.len >= size || !all_in(text, set) ||
	    !all_in((struct span){ text.at, 1 }, LOWER DIGITS)) {
		walk_wants(place, setting, place->key->range);
		return false;
	}
	span_copy(text, to, size);
	walk_note(place, setting, to);
	return true;
}

static void read_name(const struct place *place)
{
	value_put_name(place, place->setting, value_field(place, place->key->at), place->key->size);
}

static void read_severity(const struct place *place)
{
	struct span text;

	if (!value_text(place, place->setting, &text))
		return;
	if (text.len == 0 || text.len >= place->key->size ||
	    !all_in(text, LOWER UPPER DIGITS "-")) {
		walk_wants(place, place->setting, place->key->range);
		return;
	}
	span_copy(text, value_field(place, place->key->at), place->key->size);
	walk_note(place, place->setting, text.at);
}

/* ---- phone numbers ----------------------------------------------------- */

static bool e164(struct span text)
{
	return text.len >= 8 && text.len <= 16 && text.at[0] == '+' && text.at[1] != '0' &&
	       all_in(span_skip(text, 1), DIGITS);
}

static void read_number(const struct place *place)
{
	struct span text;
	char folded[PLAN_E164];
	char want[100];

	if (!value_text(place, place->setting, &text))
		return;
	if (text.len == 0 && place->key->min == 0)
		return;
	if (e164(text)) {
		span_copy(text, value_field(place, place->key->at), place->key->size);
		walk_note(place, place->setting, text.at);
		return;
	}
	if (text.len < 7)
		snprintf(want, sizeof(want), "%s: short and emergency numbers are never dialled",
			 place->key->range);
	else if (plan_fold_number(place->walk->draft.plan.country, text, folded))
		snprintf(want, sizeof(want), "%s: \"%s\"?", place->key->range, folded);
	else
		snprintf(want, sizeof(want), "%s", place->key->range);
	walk_wants(place, place->setting, want);
}

/* ---- numbers, truth, time ---------------------------------------------- */

static void read_integer(const struct place *place)
{
	int64_t value = config_setting_get_int(place->setting);

	if (config_setting_type(place->setting) != CONFIG_TYPE_INT || value < place->key->min ||
	    value > place->key->max)
		walk_wants(place, place->setting, place->key->range);
	else
		memcpy(value_field(place, place->key->at), &value, sizeof(value));
}

static void read_boolean(const struct place *place)
{
	bool value = config_setting_get_bool(place->setting) == CONFIG_TRUE;

	if (config_setting_type(place->setting) != CONFIG_TYPE_BOOL)
		walk_wants(place, place->setting, "true or false");
	else
		memcpy(value_field(place, place->key->at), &value, sizeof(value));
}

/* "5 min": a number, a unit. */
static bool counted(struct span text, int64_t *count, struct span *unit)
{
	size_t digits = 0;

	while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
		digits++;
	*unit = span_trim(span_skip(text, digits));
	return span_int((struct span){ text.at, digits }, count) && *count <= INT32_MAX;
}

static bool put_duration(const struct place *place, config_setting_t *setting, int64_t *to)
{
	struct span text;
	int64_t seconds;

	if (!value_text(place, setting, &text))
		return false;
	if (!duration_read(text, &seconds) || seconds < place->key->min ||
	    seconds > place->key->max) {
		walk_wants(place, setting, place->key->range);
		return false;
	}
	memcpy(to, &seconds, sizeof(seconds));
	walk_note(place, setting, text.at);
	return true;
}

static void read_duration(const struct place *place)
{
	put_duration(place, place->setting, value_field(place, place->key->at));
}

static void read_minutes(const struct place *place)
{
	int64_t seconds = 0;

	if (!put_duration(place, place->setting, &seconds))
		return;
	if (seconds % 60 != 0)
		walk_wants(place, place->setting, "whole minutes");
	seconds /= 60;
	memcpy(value_field(place, place->key->at), &seconds, sizeof(seconds));
}

bool value_shift(struct span text, int64_t *seconds, int64_t *months)
{
	struct span unit;

	*seconds = 0;
	*months = 0;
	if (duration_read(text, seconds))
		return true;
	return counted(text, months, &unit) && (span_is(unit, "month") || span_is(unit, "months"));
}

static int days_in(int64_t year, int month)
{
	return (int)(civil_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
		     civil_days(year, month, 1));
}

/* "2026-01-05 10:00", as if it were UTC. */
static bool instant(struct span text, int64_t *utc_s)
{
	static const char shape[] = "dddd-dd-dd dd:dd";
	int part[5] = { 0 };
	size_t at = 0;
	struct civil civil = { 0 };

	if (text.len != strlen(shape))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';

		if (shape[i] == 'd' ? !is_digit : text.at[i] != shape[i])
			return false;
		if (is_digit)
			part[at] = part[at] * 10 + (text.at[i] - '0');
		else
			at++;
	}
	civil.year = part[0];
	civil.month = part[1];
	civil.day = part[2];
	civil.hour = part[3];
	civil.minute = part[4];
	if (civil.year < 1970 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
	    civil.day > days_in(civil.year, civil.month) || civil.hour > 23 || civil.minute > 59)
		return false;
	*utc_s = civil_utc(&civil);
	return true;
}

static void read_instant(const struct place *place)
{
	struct span text;
	int64_t utc_s;

	if (!value_text(place, place->setting, &text))
		return;
	if (!instant(text, &utc_s))
		walk_wants(place, place->setting, place->key->range);
	else
		memcpy(value_field(place, place->key->at), &utc_s, sizeof(utc_s));
}

static void read_date(const struct place *place)
{
	struct span text;
	char midnight[32];
	int64_t utc_s;

	if (!value_text(place, place->setting, &text))
		return;
	snprintf(midnight, sizeof(midnight), "%.11s 00:00", text.at);
	if (text.len != 10 || !instant(span_of(midnight), &utc_s))
		walk_wants(place, place->setting, place->key->range);
	else
		memcpy(value_field(place, place->key->at), &utc_s, sizeof(utc_s));
}

static void read_dtmf(const struct place *place)
{
	struct span text;
	enum plan_dtmf dtmf = PLAN_DTMF_CHALLENGE;

	if (!value_text(place, place->setting, &text))
		return;
	if (span_is(text, "single"))
		dtmf = PLAN_DTMF_SINGLE;
	else if (!span_is(text, "challenge"))
		walk_wants(place, place->setting, place->key->range);
	memcpy(value_field(place, place->key->at), &dtmf, sizeof(dtmf));
	walk_note(place, place->setting, text.at);
}

/* ---- lists ------------------------------------------------------------- */

/* How many; -1: no list, or too short or long, and that has been said. */
int value_length(const struct place *place)
{
	int type = config_setting_type(place->setting);
	int count = config_setting_length(place->setting);

	if ((type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST) && count >= place->key->min &&
	    count <= place->key->max)
		return count;
	walk_wants(place, place->setting, place->key->range);
	return -1;
}

static config_setting_t *element(const struct place *place, int i)
{
	return config_setting_get_elem(place->setting, (unsigned)i);
}

/* Names side by side, each `size` bytes, in memory of their own or in place. */
static void read_names(const struct place *place)
{
	int count = value_length(place);
	size_t size = place->key->size;
	char *names = value_field(place, place->key->at);
	size_t good = 0;

	if (count < 0)
		return;
	if (place->key->heap) {
		char *made = calloc((size_t)count + 1, size);

		if (made == NULL) {
			place->walk->errors.lost = true;
			return;
		}
		memcpy(names, &made, sizeof(made));
		names = made;
	}
	for (int i = 0; i < count; i++)
		if (value_put_name(place, element(place, i), names + good * size, size))
			good++;
	memcpy(value_field(place, place->key->count), &good, sizeof(good));
}

static void read_prefixes(const struct place *place)
{
	int count = value_length(place);
	char(*prefixes)[PLAN_E164];
	size_t good = 0;

	if (count < 0)
		return;
	prefixes = calloc((size_t)count + 1, PLAN_E164);
	if (prefixes == NULL) {
		place->walk->errors.lost = true;
		return;
	}
	memcpy(value_field(place, place->key->at), &prefixes, sizeof(void *));
	for (int i = 0; i < count; i++) {
		struct span text;

		if (!value_text(place, element(place, i), &text))
			continue;
		if (text.len < 2 || text.len >= PLAN_E164 || text.at[0] != '+' ||
		    !all_in(span_skip(text, 1), DIGITS))
			walk_wants(place, element(place, i), place->key->range);
		else
			span_copy(text, prefixes[good++], PLAN_E164);
	}
	memcpy(value_field(place, place->key->count), &good, sizeof(good));
}

/* Of both roles and number kinds: `sms` stands at `at`, `voice` at `count`. */
static void read_roles(const struct place *place)
{
	int count = value_length(place);

	for (int i = 0; i < count; i++) {
		const bool yes = true;
		struct span text;

		if (!value_text(place, element(place, i), &text))
			continue;
		if (span_is(text, "sms"))
			memcpy(value_field(place, place->key->at), &yes, sizeof(yes));
		else if (span_is(text, "voice"))
			memcpy(value_field(place, place->key->count), &yes, sizeof(yes));
		else
			walk_wants(place, element(place, i), place->key->range);
	}
}

static void read_severities(const struct place *place)
{
	int count = value_length(place);
	uint32_t bits = 0;

	for (int i = 0; i < count; i++) {
		struct span text;
		int at;

		if (!value_text(place, element(place, i), &text))
			continue;
		walk_note(place, element(place, i), text.at);
		at = plan_severity(&place->walk->draft.plan, text);
		if (at >= 0)
			bits |= UINT32_C(1) << at;
	}
	memcpy(value_field(place, place->key->at), &bits, sizeof(bits));
}

static void read_repairs(const struct place *place)
{
	static const char *const names[] = { "radio", "restart", "usb", "detach" };
	int count = value_length(place);
	uint32_t bits = 0;

	for (int i = 0; i < count; i++) {
		struct span text;
		size_t at = 0;

		if (!value_text(place, element(place, i), &text))
			continue;
		while (at < COUNT_OF(names) && !span_is(text, names[at]))
			at++;
		if (at == COUNT_OF(names))
			walk_wants(place, element(place, i), place->key->range);
		else
			bits |= UINT32_C(1) << at;
	}
	memcpy(value_field(place, place->key->at), &bits, sizeof(bits));
}

/* A fixed number of durations: what the list leaves out is as its last. */
static void read_durations(const struct place *place)
{
	int64_t *to = value_field(place, place->key->at);
	int count = value_length(place);

	for (int i = 0; count > 0 && i < place->key->max; i++) {
		struct place each = *place;
		struct config_key key = *place->key;

		key.min = 1;
		key.max = 86400;
		each.key = &key;
		put_duration(&each, element(place, i < count ? i : count - 1), &to[i]);
	}
}

void value_read(const struct place *place)
{
	static const struct {
		const char *kind;
		void (*read)(const struct place *);
	} readers[] = {
		{ "text", read_text },
		{ "name", read_name },
		{ "severity", read_severity },
		{ "number", read_number },
		{ "integer", read_integer },
		{ "boolean", read_boolean },
		{ "duration", read_duration },
		{ "duration in minutes", read_minutes },
		{ "zone", rota_read_zone },
		{ "list of turns", rota_read_turns },
		{ "shift", rota_read_shift },
		{ "hours", rota_read_hours },
		{ "list of days", rota_read_days },
		{ "time", read_instant },
		{ "date", read_date },
		{ "waking hours", rota_read_waking },
		{ "handover", rota_read_handover },
		{ "word", read_dtmf },
		{ "list of names", read_names },
		{ "list of targets", read_names },
		{ "list of prefixes", read_prefixes },
		{ "list of roles", read_roles },
		{ "list of repairs", read_repairs },
		{ "list of severities", read_severities },
		{ "list of durations", read_durations },
		{ "url", hook_read_url },
		{ "list of news", hook_read_news },
		{ "decimal", hook_read_limit },
		{ "monthly", hook_read_monthly },
		{ "list of groups", walk_groups },
		{ "group", walk_group },
	};

	size_t i = 0;

	while (i < COUNT_OF(readers) && strcmp(readers[i].kind, place->key->kind) != 0)
		i++;
	assert(i < COUNT_OF(readers)); /* every kind in the table has a reader */
	readers[i].read(place);
}
