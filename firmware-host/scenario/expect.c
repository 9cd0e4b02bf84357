/* What a story claims: it is waited for, but no longer than said; what nobody claimed fails it at the end. */
#include <stdlib.h>
#include <string.h>

#include "scenario/script.h"
#include "store/history.h"

#define WITHIN_MS 30000

struct claim {
	struct span phone; /* name or number */
	enum sim_event_kind kind;
	struct span words; /* to be in its text */
	struct span modem; /* "" any */
	int64_t after;     /* mono_ms: not before */
	int64_t until;     /* mono_ms: not later */
};

static bool contains(struct span text, struct span words)
{
	if (words.len == 0)
		return true;
	for (size_t i = 0; i + words.len <= text.len; i++)
		if (memcmp(text.at + i, words.at, words.len) == 0)
			return true;
	return false;
}

static bool meets(const struct script *script, const struct claim *claim,
		  const struct sim_event *event)
{
	if (event->kind != claim->kind)
		return false;
	if (!span_is(claim->phone, event->name) && !span_is(claim->phone, event->phone))
		return false;
	if (claim->modem.len > 0 &&
	    (event->modem < 0 ||
	     !span_is(claim->modem, sim_modem_name(script->world.sim, (size_t)event->modem))))
		return false;
	return contains(span_of(event->text), claim->words);
}

/* A story is told in the order in which it happens: nothing that was seen before what the last line saw counts. */
static struct world_sighting *sighted(struct script *script, const struct claim *claim)
{
	int64_t seen = script->options->tolerant ? 0 : script->seen_ms;

	for (size_t i = 0; i < script->world.sighting_count; i++) {
		struct world_sighting *sighting = &script->world.sightings[i];

		if (!sighting->expected && sighting->event.mono_ms >= seen &&
		    meets(script, claim, &sighting->event))
			return sighting;
	}
	return NULL;
}

/* "within 5s", "after 4m", "from alpha" in any order. */
static int limits(struct script *script, struct claim *claim, struct span rest, struct err *err)
{
	int64_t now = script->world.now.mono_ms;
	int64_t ms;

	claim->after = 0;
	claim->until = now + WITHIN_MS;
	for (rest = span_trim(rest); rest.len > 0; rest = span_trim(rest)) {
		struct span word = span_word(&rest);
		struct span value = span_word(&rest);

		if (span_is(word, "from")) {
			claim->modem = value;
			continue;
		}
		if (!script_duration(value, &ms) ||
		    (!span_is(word, "within") && !span_is(word, "after")))
			return err_set(err, ERR_INVALID,
				       "\"%.*s\": want within TIME, after TIME or from MODEM",
				       (int)word.len, word.at);
		if (span_is(word, "within"))
			claim->until = now + ms;
		else
			claim->after = now + ms;
		if (claim->until < claim->after)
			claim->until = claim->after + WITHIN_MS;
	}
	return 0;
}

static int wait_for(struct script *script, const struct claim *claim, struct err *err)
{
	struct world_sighting *found = sighted(script, claim);

	while (found == NULL && script->world.now.mono_ms < claim->until) {
		if (world_step(&script->world, claim->until, err) < 0)
			return -1;
		script_tell(script);
		found = sighted(script, claim);
	}
	if (found == NULL)
		return err_set(err, ERR_TIMEOUT, "it did not happen in time");
	if (found->event.mono_ms < claim->after)
		return err_set(err, ERR_INVALID, "it happened %lld ms too early",
			       (long long)(claim->after - found->event.mono_ms));
	if (found->event.mono_ms > claim->until)
		return err_set(err, ERR_INVALID, "it happened %lld ms too late",
			       (long long)(found->event.mono_ms - claim->until));
	found->expected = true;
	script->seen_ms = found->event.mono_ms;
	return 0;
}

/* "nothing for 5m": no text, no call, to anybody. */
static int nothing(struct script *script, struct span rest, struct err *err)
{
	int64_t ms = 0;

	if (span_is(span_word(&rest), "for") && script_duration(span_word(&rest), &ms)) {
		if (script_advance(script, script->world.now.mono_ms + ms, err) < 0)
			return -1;
		return expect_nothing_else(script, err);
	}
	return err_set(err, ERR_INVALID, "want: expect nothing for TIME");
}

/* "first is acked by bob within 5s": the page's state, waited for. */
static int state(struct script *script, struct span label, struct span rest, struct err *err)
{
	struct span want = span_word(&rest);
	struct span word = span_word(&rest);
	struct span by = { 0 };
	int64_t until = script->world.now.mono_ms + WITHIN_MS;
	char state_text[64];
	char owner_text[64];
	int64_t ms;

	if (span_is(word, "by")) {
		by = span_word(&rest);
		word = span_word(&rest);
	}
	if (span_is(word, "within") && script_duration(span_word(&rest), &ms))
		until = script->world.now.mono_ms + ms;
	snprintf(state_text, sizeof state_text, "\"state\":\"%.*s\"", (int)want.len, want.at);
	snprintf(owner_text, sizeof owner_text, "\"owner\":\"%.*s\"", (int)by.len, by.at);
	for (;;) {
		const char *json;

		if (script_show(script, label, err) < 0)
			return -1;
		json = buf_text(&script->world.answer.json);
		if (strstr(json, state_text) != NULL &&
		    (by.len == 0 || strstr(json, owner_text) != NULL))
			return 0;
		if (script->world.now.mono_ms >= until)
			return err_set(err, ERR_TIMEOUT, "it is not: %.180s", json);
		if (world_step(&script->world, until, err) < 0)
			return -1;
		script_tell(script);
	}
}

static int recorded(struct script *script, int64_t page, struct span words, bool *found,
		    struct err *err)
{
	struct history *history;
	struct event event;
	int more = history_open(&history, script->world.path, err);

	if (more < 0)
		return -1;
	*found = false;
	more = history_start(history, page, 0, err);
	while (more >= 0 && !*found && (more = history_next(history, &event, err)) > 0) {
		char line[800];

		snprintf(line, sizeof line, "%s %s %s %s", event.name, event.person, event.modem,
			 event.text == NULL ? "" : event.text);
		*found = contains(span_of(line), words);
		free(event.text);
	}
	history_close(history);
	return more < 0 ? -1 : 0;
}

/* "first records "step.no_path" within 2m": its timeline, waited for.  "gateway records" looks at everything. */
static int records(struct script *script, struct span label, struct span rest, struct err *err)
{
	const char *id = script_id(script, label);
	struct span words = script_quoted(&rest);
	struct claim claim;
	int64_t page = 0;
	bool found = false;

	if (id == NULL ? !span_is(label, "gateway") : !span_int(span_of(id + 1), &page))
		return err_set(err, ERR_INVALID, "\"%.*s\": no page has this name", (int)label.len,
			       label.at);
	if (limits(script, &claim, rest, err) < 0)
		return -1;
	for (;;) {
		if (recorded(script, page, words, &found, err) < 0)
			return -1;
		if (found)
			return 0;
		if (script->world.now.mono_ms >= claim.until)
			return err_set(err, ERR_TIMEOUT, "nothing of that kind was recorded");
		if (world_step(&script->world, claim.until, err) < 0)
			return -1;
		script_tell(script);
	}
}

/* "answer "NOT durable"": what the last request was told.  The words may hold quotes: they end at the line's last one. */
static int answered(const struct script *script, struct span rest, struct err *err)
{
	const char *json = buf_text(&script->world.answer.json);
	struct span words = span_trim(rest);

	while (words.len > 0 && words.at[words.len - 1] != '"')
		words.len--;
	if (words.len < 3 || words.at[0] != '"')
		return err_set(err, ERR_INVALID, "expect answer: want words between quotes");
	words = (struct span){ words.at + 1, words.len - 2 };
	if (contains(span_of(json), words))
		return 0;
	return err_set(err, ERR_INVALID, "the answer is: %.300s", json);
}

static const struct {
	const char *verb;
	enum sim_event_kind kind;
} claims[] = {
	{ "gets", SIM_TEXTED },      { "dialled", SIM_DIALLED }, { "rings", SIM_RINGS },
	{ "answers", SIM_ANSWERED }, { "hears", SIM_HEARD },     { "presses", SIM_PRESSED },
	{ "ends", SIM_HUNG_UP },     { "replies", SIM_REPLIED },
};

int expect_line(struct script *script, struct span rest, struct err *err)
{
	struct claim claim = { .phone = span_word(&rest) };
	struct span verb;

	if (span_is(claim.phone, "nothing"))
		return nothing(script, rest, err);
	if (span_is(claim.phone, "answer"))
		return answered(script, rest, err);
	verb = span_word(&rest);
	if (span_is(verb, "records"))
		return records(script, claim.phone, rest, err);
	if (span_is(verb, "is"))
		return state(script, claim.phone, rest, err);
	for (size_t i = 0; i < COUNT_OF(claims); i++) {
		if (!span_is(verb, claims[i].verb))
			continue;
		claim.kind = claims[i].kind;
		if (span_starts(span_trim(rest), "\""))
			claim.words = script_quoted(&rest);
		return limits(script, &claim, rest, err) < 0 ? -1 : wait_for(script, &claim, err);
	}
	return err_set(
		err, ERR_INVALID,
		"\"%.*s\": want gets, dialled, rings, answers, hears, presses, ends, replies, "
		"records or is",
		(int)verb.len, verb.at);
}

static bool allowed(const struct script *script, const struct sim_event *event)
{
	for (size_t i = 0; i < script->allowed_count; i++)
		if (strcmp(script->allowed[i], event->name) == 0)
			return true;
	return false;
}

void expect_forget_allowed(struct script *script)
{
	for (size_t i = 0; i < script->world.sighting_count; i++)
		if (allowed(script, &script->world.sightings[i].event))
			script->world.sightings[i].expected = true;
}

/* Whatever was expected of a call says that it was dialled. */
static bool seen_otherwise(const struct script *script, size_t at)
{
	const struct sim_event *dialled = &script->world.sightings[at].event;

	for (size_t i = at + 1; i < script->world.sighting_count; i++) {
		const struct world_sighting *sighting = &script->world.sightings[i];

		if (strcmp(sighting->event.phone, dialled->phone) != 0)
			continue;
		if (sighting->event.kind == SIM_DIALLED)
			return false;
		if (sighting->expected && sighting->event.kind != SIM_TEXTED &&
		    sighting->event.kind != SIM_REPLIED)
			return true;
	}
	return false;
}

/* Proofs between the modems (proof.every) concern nobody. */
static bool to_a_modem(const struct script *script, const struct sim_event *event)
{
	const struct config *config = script->world.config;

	for (size_t i = 0; config != NULL && i < config->modem_count; i++)
		if (strcmp(event->phone, config->modems[i].number) == 0)
			return true;
	return false;
}

int expect_nothing_else(struct script *script, struct err *err)
{
	for (size_t i = 0; i < script->world.sighting_count; i++) {
		const struct world_sighting *sighting = &script->world.sightings[i];
		const struct sim_event *event = &sighting->event;
		char line[300];

		if (sighting->expected || allowed(script, event) || to_a_modem(script, event) ||
		    (event->kind != SIM_TEXTED && event->kind != SIM_DIALLED))
			continue;
		if (event->kind == SIM_DIALLED && seen_otherwise(script, i))
			continue;
		sim_event_text(event, "", line, sizeof line);
		return err_set(err, ERR_INVALID, "nobody expected: %.200s", line);
	}
	return 0;
}
