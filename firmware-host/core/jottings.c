/* What goes into the handoff document beside what the store knows: changes under way, what to watch, anything else.  Written down until
 * somebody drops it. */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"

#define KIND "jotting"

static const char *const sections[] = { "change", "watch", "other" };

static void view(struct jsonw *json, const struct memo *memo)
{
	char id[24];

	snprintf(id, sizeof id, "j%lld", (long long)memo->id);
	jsonw_object(json, NULL);
	jsonw_string(json, "id", id);
	jsonw_span(json, "section", memo_get(memo, "section"));
	jsonw_span(json, "text", memo_get(memo, "text"));
	jsonw_span(json, "by", memo_get(memo, "by"));
	jsonw_time(json, "made", memo_int(memo, "made"));
	jsonw_end_object(json);
}

static int add(struct asked *asked, const char *section)
{
	struct memo *memo = memos_add(asked->g, KIND);

	if (memo == NULL || !memo_set(memo, "section", section) ||
	    !memo_set(memo, "text", asked_get(asked, section)) ||
	    !memo_set(memo, "by", asked_actor(asked)) ||
	    !memo_set_int(memo, "made", asked->now.utc_s)) {
		if (memo != NULL)
			memos_end(asked->g, memo);
		return asked_refuse(asked, "out of memory");
	}
	jsonw_array(&asked->json, "jottings");
	view(&asked->json, memo);
	jsonw_end_array(&asked->json);
	asked->accepts = true;
	return 0;
}

static int drop(struct asked *asked, struct span name)
{
	struct memo *memo = NULL;
	int64_t id;

	if (span_starts(name, "j") || span_starts(name, "J"))
		name = span_skip(name, 1);
	if (span_int(name, &id))
		memo = memos_find(asked->g, KIND, id);
	if (memo == NULL)
		return asked_usage(asked, "there is no such entry: see tocsin handoff");
	memos_end(asked->g, memo);
	asked->accepts = true;
	return 0;
}

/* tocsin handoff --change, --watch, --other, --drop; without any, all of them. */
int asked_jot(struct asked *asked)
{
	if (asked_get(asked, "drop") != NULL)
		return drop(asked, span_of(asked_get(asked, "drop")));
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	for (size_t i = 0; i < COUNT_OF(sections); i++)
		if (asked_get(asked, sections[i]) != NULL)
			return add(asked, sections[i]);
	jsonw_array(&asked->json, "jottings");
	for (struct memo *memo = memos_next(asked->g, KIND, NULL); memo != NULL;
	     memo = memos_next(asked->g, KIND, memo))
		view(&asked->json, memo);
	jsonw_end_array(&asked->json);
	return 0;
}

/* The document as it was made, into history. */
int asked_archive(struct asked *asked)
{
	const char *text = asked_get(asked, "text");

	if (text == NULL)
		return asked_usage(asked, "nothing to archive: give the document's text");
	ledger_record(asked->g, asked->now, "handoff.document",
		      (struct about){ .person = asked->request->peer }, text);
	asked->accepts = true;
	return 0;
}
