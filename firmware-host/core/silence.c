/* Silences: alerts that are known to be noise are recorded and page nobody until a stated time.  Each has an author, a reason and an
 * end. */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/moment.h"

#define KIND      "silence"
#define LONGEST_S (90 * INT64_C(86400))

static const struct {
	const char *key;
	enum page_text text;
} fields[] = {
	{ "alert", PAGE_ALERT },
	{ "service", PAGE_SERVICE },
	{ "host", PAGE_HOST },
	{ "key", PAGE_KEY },
};

/* "disk*" means all that begin with "disk". */
static bool matches(struct span wanted, const char *value)
{
	if (wanted.len > 0 && wanted.at[wanted.len - 1] == '*')
		return strncmp(value, wanted.at, wanted.len - 1) == 0;
	return span_is(wanted, value);
}

static bool covers(const struct memo *silence, const struct page *page)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		struct span wanted = memo_get(silence, fields[i].key);
		const char *value = page->text[fields[i].text];

		if (wanted.len > 0 && (value == NULL || !matches(wanted, value)))
			return false;
	}
	return true;
}

struct memo *silence_of(struct gateway *g, const struct page *page, struct when now)
{
	struct memo *silence = memos_next(g, KIND, NULL);

	if (page->drill || g->clock_untrusted) /* its end may long be past */
		return NULL;
	while (silence != NULL &&
	       (memo_int(silence, "until") <= now.utc_s || !covers(silence, page)))
		silence = memos_next(g, KIND, silence);
	return silence;
}

void silence_write(const struct memo *silence, struct buf *out)
{
	struct span by = memo_get(silence, "by");
	struct span reason = memo_get(silence, "reason");
	char until[32];

	jsonw_rfc3339(memo_int(silence, "until"), until);
	buf_addf(out, "silence s%lld of %.*s until %s: %.*s", (long long)silence->id, (int)by.len,
		 by.at, until, (int)reason.len, reason.at);
}

/* ---- tocsin silence ---------------------------------------------------- */

static void view(struct jsonw *json, const char *name, const struct memo *silence)
{
	char id[24];

	snprintf(id, sizeof id, "s%lld", (long long)silence->id);
	jsonw_object(json, name);
	jsonw_string(json, "id", id);
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (memo_get(silence, fields[i].key).len > 0)
			jsonw_span(json, fields[i].key, memo_get(silence, fields[i].key));
		else
			jsonw_string(json, fields[i].key, NULL);
	jsonw_time(json, "until", memo_int(silence, "until"));
	jsonw_span(json, "by", memo_get(silence, "by"));
	jsonw_span(json, "reason", memo_get(silence, "reason"));
	jsonw_int(json, "hits", memo_int(silence, "hits"));
	jsonw_end_object(json);
}

static void record(struct gateway *g, const char *event, const struct memo *silence,
		   struct when now)
{
	struct buf text = { 0 };

	silence_write(silence, &text);
	ledger_record(g, now, event, (struct about){ 0 }, buf_text(&text));
	buf_free(&text);
}

static int list(struct asked *asked)
{
	jsonw_array(&asked->json, "silences");
	for (struct memo *silence = memos_next(asked->g, KIND, NULL); silence != NULL;
	     silence = memos_next(asked->g, KIND, silence))
		view(&asked->json, NULL, silence);
	jsonw_end_array(&asked->json);
	return 0;
}

static int end(struct asked *asked, struct span name)
{
	struct memo *silence = NULL;
	int64_t id;

	if (span_starts(name, "s") || span_starts(name, "S"))
		name = span_skip(name, 1);
	if (span_int(name, &id))
		silence = memos_find(asked->g, KIND, id);
	if (silence == NULL)
		return asked_usage(asked, "there is no such silence: see tocsin silence");
	record(asked->g, "silence.ended", silence, asked->now);
	view(&asked->json, "ended", silence);
	memos_end(asked->g, silence);
	asked->accepts = true;
	return 0;
}

static int until_when(struct asked *asked, int64_t *utc_s)
{
	const char *text = asked_get(asked, "until");

	if (text == NULL)
		text = asked_get(asked, "for");
	if (text == NULL)
		return asked_usage(asked, "until when? give --until TIME or --for 2h");
	if (!moment_read(asked->g->plan, span_of(text), asked->now.utc_s, utc_s)) {
		err_set(&asked->err, ERR_INVALID,
			"\"%.40s\": want a time to come: 2h, mon 09:00, 2026-12-01 09:00", text);
		return STATUS_USAGE;
	}
	if (*utc_s - asked->now.utc_s > LONGEST_S)
		return asked_usage(asked, "want at most 90 days: mend the alert instead");
	return 0;
}

static bool fill(struct asked *asked, struct memo *silence, int64_t utc_s)
{
	bool ok = memo_set_int(silence, "until", utc_s) &&
		  memo_set(silence, "by", asked_actor(asked)) &&
		  memo_set(silence, "reason", asked_get(asked, "reason"));

	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (asked_get(asked, fields[i].key) != NULL)
			ok = ok &&
			     memo_set(silence, fields[i].key, asked_get(asked, fields[i].key));
	return ok;
}

static int add(struct asked *asked)
{
	struct memo *silence;
	int64_t utc_s = 0;
	int status = until_when(asked, &utc_s);

	if (status != 0)
		return status;
	if (asked_get(asked, "reason") == NULL)
		return asked_usage(asked, "why? give --reason with one sentence");
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	silence = memos_add(asked->g, KIND);
	if (silence == NULL || !fill(asked, silence, utc_s)) {
		if (silence != NULL)
			silence->over = true;
		return asked_refuse(asked, "out of memory");
	}
	record(asked->g, "silence.made", silence, asked->now);
	view(&asked->json, "silence", silence);
	chores_look(asked->g);
	asked->accepts = true;
	return 0;
}

int asked_silence(struct asked *asked)
{
	bool some = false;

	if (asked_get(asked, "end") != NULL)
		return end(asked, span_of(asked_get(asked, "end")));
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		some = some || asked_get(asked, fields[i].key) != NULL;
	if (some)
		return add(asked);
	if (asked->request->count > 0)
		return asked_usage(asked, "which alerts? give --alert, --service, --host or --key");
	return list(asked);
}

void silence_tick(struct gateway *g, struct memo *silence, struct when now)
{
	if (memo_int(silence, "until") > now.utc_s)
		return;
	record(g, "silence.ended", silence, now);
	memos_end(g, silence);
}
