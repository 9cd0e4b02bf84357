/* daemon_past.c - questions about weeks and months: what was resolved, who worked how long, the last handoff document. */
#include "daemon_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "past.h"

#define PAGES_MAX 500
#define NEWEST    20

static int time_of(const struct request *request, const char *key, int64_t *utc_s, struct err *err)
{
	const char *text = request_get(request, key);

	if (text != NULL && civil_read(span_of(text), utc_s))
		return 0;
	return err_set(err, ERR_INVALID, "%s: want a time such as 2026-11-01T00:00:00Z", key);
}

static void write_page(struct jsonw *json, const struct page *page)
{
	char id[24];

	jsonw_object(json, NULL);
	past_page_id(page->id, id);
	jsonw_string(json, "id", id);
	jsonw_string(json, "code", page->code);
	jsonw_string(json, "severity", page->severity);
	jsonw_string(json, "target", page->target);
	jsonw_string(json, "message", page->text[PAGE_MESSAGE]);
	jsonw_string(json, "owner", page->owner[0] == '\0' ? NULL : page->owner);
	jsonw_bool(json, "drill", page->drill);
	jsonw_time(json, "opened", page->opened_utc_s);
	jsonw_time(json, "acked", page->acked_utc_s);
	jsonw_time(json, "resolved", page->resolved_utc_s);
	jsonw_end_object(json);
}

static int write_resolved(struct daemon *daemon, const struct request *request, struct jsonw *json,
			  struct err *err)
{
	int64_t since = 0;
	int rc = time_of(request, "since", &since, err);
	int64_t *ids = NULL;
	size_t count = 0;

	if (rc == 0)
		rc = history_resolved(daemon->history, since, PAGES_MAX, &ids, &count, err);
	jsonw_array(json, "pages");
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct page *page = NULL;
		char id[24];

		past_page_id(ids[i], id);
		if (history_page(daemon->history, span_of(id), &page, err) == 1)
			write_page(json, page);
		page_free(page);
	}
	jsonw_end_array(json);
	free(ids);
	return rc;
}

static int write_document(struct daemon *daemon, const struct request *request, struct jsonw *json,
			  struct err *err)
{
	struct event event = { 0 };
	int rc = history_newest(daemon->history, "handoff.document", &event, err);

	(void)request;
	if (rc == 0)
		return err_set(err, ERR_REFUSED, "no handoff document was archived yet");
	if (rc < 0)
		return -1;
	jsonw_time(json, "time", event.utc_s);
	jsonw_string(json, "by", event.person);
	jsonw_string(json, "document", event.text);
	free(event.text);
	return 0;
}

static int write_report(struct daemon *daemon, const struct request *request, struct jsonw *json,
			struct err *err)
{
	struct past past = { .plan = gateway_plan(daemon->gateway) };

	if (time_of(request, "from", &past.from_utc_s, err) < 0 ||
	    time_of(request, "until", &past.until_utc_s, err) < 0)
		return -1;
	if (past.until_utc_s <= past.from_utc_s ||
	    past.until_utc_s - past.from_utc_s > 400 * INT64_C(86400))
		return err_set(err, ERR_INVALID,
			       "want an end behind the beginning, at most 400 "
			       "days later");
	/* What has not happened yet is not paid. */
	past.until_utc_s = when_sooner(past.until_utc_s, loop_now(daemon->loop).utc_s + 1);
	return past_report(daemon->history, &past, json, err);
}

/* How many pages went as far as somebody: the newest of them are named. */
static int write_reached(struct daemon *daemon, const struct request *request, struct jsonw *json,
			 struct err *err)
{
	const char *person = request_get(request, "person");
	int64_t *ids = NULL;
	size_t count = 0;
	int rc;

	if (person == NULL)
		return err_set(err, ERR_INVALID, "whom? give --reached PERSON");
	rc = history_reached(daemon->history, person, &ids, &count, err);
	if (rc == 0 && count == 0 &&
	    plan_person(gateway_plan(daemon->gateway), span_of(person)) == NULL)
		rc = err_set(err, ERR_REFUSED,
			     "%.40s: nobody has that name, and no page ever "
			     "went to them",
			     person);
	jsonw_string(json, "reached", person);
	jsonw_int(json, "count", (int64_t)count);
	jsonw_array(json, "pages");
	for (size_t i = 0; rc == 0 && i < count && i < NEWEST; i++) {
		char id[24];

		past_page_id(ids[i], id);
		jsonw_string(json, NULL, id);
	}
	jsonw_end_array(json);
	free(ids);
	return rc;
}

bool daemon_past(struct daemon *daemon, const struct request *request)
{
	static const struct {
		const char *name;
		int (*write)(struct daemon *daemon, const struct request *request,
			     struct jsonw *json, struct err *err);
	} questions[] = {
		{ "resolved", write_resolved },
		{ "document", write_document },
		{ "report", write_report },
		{ "reached", write_reached },
	};
	struct buf out = { 0 };
	struct jsonw json = { .out = &out };
	struct err err = { 0 };
	size_t i = 0;

	while (i < COUNT_OF(questions) && strcmp(questions[i].name, request->name) != 0)
		i++;
	if (i == COUNT_OF(questions))
		return false;
	jsonw_object(&json, NULL);
	if (questions[i].write(daemon, request, &json, &err) < 0) {
		control_say(daemon->control, request->ticket, err.code == ERR_INVALID ? 2 : 1,
			    err.text);
	} else {
		jsonw_bool(&json, "ok", true);
		jsonw_int(&json, "status", 0);
		jsonw_end_object(&json);
		control_answer(daemon->control, request->ticket, buf_span(&out));
	}
	buf_free(&out);
	return true;
}
