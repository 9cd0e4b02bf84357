/* What a prepaid SIM still holds: asked for on a schedule while nobody is paged, read out of the carrier's words, and told when
 * it gets short (FIELD.md C2). */
#include <string.h>

#include "core/inside.h"

#define AGAIN_MS INT64_C(600000) /* a modem that had no time */

/* ---- the amount in a text ---- */

struct amount {
	int64_t hundredths;
	int rank; /* how likely it is the one: 0 none */
};

static bool digit(struct span text, size_t at)
{
	return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

static size_t run_of_digits(struct span text, size_t at)
{
	size_t count = 0;

	while (digit(text, at + count))
		count++;
	return count;
}

/* Groups of three behind the first: "1,234", "1.234.567". */
static bool is_group(struct span text, size_t at)
{
	return (text.at[at] == ',' || text.at[at] == '.' || text.at[at] == '\'') &&
	       run_of_digits(text, at + 1) == 3;
}

/* The number at `at`; its end is returned.  Two digits behind the last point or comma are cents. */
static size_t read_number(struct span text, size_t at, struct amount *amount)
{
	int64_t value = 0;
	int64_t cents = 0;
	size_t fraction = 0;
	size_t digits = 0;

	for (; digit(text, at) || (at < text.len && digits > 0 && is_group(text, at)); at++)
		if (digit(text, at) && digits++ < 12)
			value = value * 10 + (text.at[at] - '0');
	if (at + 1 < text.len && (text.at[at] == '.' || text.at[at] == ','))
		fraction = run_of_digits(text, at + 1);
	if (fraction == 1 || fraction == 2) {
		cents = text.at[at + 1] - '0';
		cents = fraction == 2 ? cents * 10 + (text.at[at + 2] - '0') : cents * 10;
		at += 1 + fraction;
	} else {
		fraction = 0;
	}
	amount->hundredths = digits > 12 ? 0 : value * 100 + cents;
	amount->rank = digits > 12 ? 0 : fraction == 2 ? 2 : 1;
	return at;
}

/* A letter, sign or word of a currency beside it, at most one blank apart. */
static bool money_before(struct span text, size_t at)
{
	static const char *const words[] = { "$",   "\xc2\xa3", "\xe2\x82\xac", "\xc2\xa5",
					     "Rs",  "Rs.",      "EUR",          "USD",
					     "GBP", "CHF",      "Bal",          "R" };
	struct span before = span_trim((struct span){ text.at, at });

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t len = strlen(words[i]);

		if (before.len >= len &&
		    span_is((struct span){ before.at + before.len - len, len }, words[i]))
			return true;
	}
	return false;
}

static bool money_behind(struct span text, size_t at)
{
	static const char *const words[] = { "$",   "\xc2\xa3", "\xe2\x82\xac", "EUR",  "euro",
					     "USD", "GBP",      "CHF",          "kr",   "zl",
					     "Ft",  "Kc",       "lei",          "TL",   "RUB",
					     "UAH", "INR",      "KES",          "pesos" };
	struct span rest = span_trim(span_skip(text, at));

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (span_is_nocase((struct span){ rest.at, strlen(words[i]) < rest.len
								   ? strlen(words[i])
								   : rest.len },
				   words[i]))
			return true;
	return false;
}

/* A date, a time, a telephone number, a code: no amount. */
static bool part_of_more(struct span text, size_t from, size_t to)
{
	static const char sticks[] = "/:*#-";

	if (from > 0 && (strchr("*#/:+", text.at[from - 1]) != NULL ||
			 (text.at[from - 1] == '-' && from > 1 && digit(text, from - 2))))
		return true;
	if (from > 1 && text.at[from - 1] == '.' && digit(text, from - 2))
		return true;
	if (to < text.len && strchr(sticks, text.at[to]) != NULL && text.at[to] != '-')
		return true;
	return to + 1 < text.len && (text.at[to] == '-' || text.at[to] == '.') &&
	       digit(text, to + 1);
}

bool balance_read(struct span text, int64_t *hundredths)
{
	struct amount best = { 0, 0 };

	for (size_t at = 0; at < text.len;) {
		struct amount amount;
		size_t from = at;

		if (!digit(text, at)) {
			at++;
			continue;
		}
		at = read_number(text, at, &amount);
		if (part_of_more(text, from, at))
			continue;
		if (from > 0 && text.at[from - 1] == '-')
			amount.hundredths = -amount.hundredths;
		if (money_before(text, from) || money_behind(text, at))
			amount.rank += 2;
		if (amount.rank > best.rank)
			best = amount;
	}
	*hundredths = best.hundredths;
	return best.rank > 0;
}

/* ---- asking ---- */

static bool nobody_is_paged(const struct gateway *g)
{
	for (size_t i = 0; i < g->page_count; i++)
		if (g->pages[i].page->state == PAGE_OPEN)
			return false;
	return true;
}

static bool is_due(const struct path *path, const struct card *card, struct when now)
{
	return card->asked_utc_s == 0 || now.utc_s < card->asked_utc_s ||
	       now.utc_s - card->asked_utc_s >= path->modem.balance_every_s;
}

static void ask(struct gateway *g, struct path *path, struct when now)
{
	struct card *card = sims_of(g, path);
	struct err err;

	if (card != NULL && !is_due(path, card, now))
		return;
	if (device_ussd(path->device, span_of(path->modem.balance_ussd), now, &err) != 0)
		return;
	card = sims_change(g, path, now);
	if (card != NULL)
		card->asked_utc_s = now.utc_s;
}

void balance_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		if (path->modem.balance_ussd[0] == '\0' || path->balance_due > now.mono_ms)
			continue;
		path->balance_due = now.mono_ms + AGAIN_MS;
		if (fleet_up(path) && path->sending == 0 && path->call.attempt == 0 &&
		    nobody_is_paged(g))
			ask(g, path, now);
	}
}

int64_t balance_deadline(const struct path *path)
{
	return path->modem.balance_ussd[0] == '\0' ? WHEN_NEVER : path->balance_due;
}

/* ---- the answer ---- */

static void short_or_not(struct gateway *g, const struct path *path, int64_t hundredths,
			 struct when now)
{
	struct fault_facts facts = { 0 };
	int64_t below = path->modem.balance_below;

	if (below == 0 || hundredths >= below * 100) {
		faults_clear(g, FAULT_SIM_CREDIT, path->modem.name, now);
		return;
	}
	fault_fact(&facts, "left", "%s%lld.%02lld", hundredths < 0 ? "-" : "",
		   (long long)(hundredths < 0 ? -hundredths : hundredths) / 100,
		   (long long)(hundredths < 0 ? -hundredths : hundredths) % 100);
	fault_fact(&facts, "below", "%lld", (long long)below);
	faults_raise(g, FAULT_SIM_CREDIT, path->modem.name, &facts, now);
}

void balance_answer(struct gateway *g, struct path *path, const struct device_event *event,
		    struct when now)
{
	struct about about = { .modem = path->modem.name };
	struct card *card = sims_change(g, path, now);
	int64_t hundredths = 0;

	if (event->outcome != DEVICE_ACCEPTED) {
		ledger_record(g, now, "balance.unknown", about, event->text);
		return;
	}
	if (!balance_read(span_of(event->text), &hundredths)) {
		ledger_record(g, now, "balance.unclear", about, event->text);
		return;
	}
	ledger_record(g, now, "balance.read", about, event->text);
	if (card != NULL) {
		card->balance = hundredths;
		card->balance_utc_s = now.utc_s;
	}
	short_or_not(g, path, hundredths, now);
}
