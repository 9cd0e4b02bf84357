/* Pages come in: checked, opened, remembered by their request ids. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"

#define MESSAGE_MAX 65536

static const struct {
	const char *key;
	enum page_text text;
} page_texts[] = {
	{ "message", PAGE_MESSAGE },     { "summary", PAGE_MESSAGE }, { "service", PAGE_SERVICE },
	{ "alert", PAGE_ALERT },         { "host", PAGE_HOST },       { "runbook", PAGE_RUNBOOK },
	{ "dashboard", PAGE_DASHBOARD }, { "channel", PAGE_CHANNEL }, { "key", PAGE_KEY },
};

static int fill_texts(struct asked *asked, struct page *page)
{
	for (size_t i = 0; i < COUNT_OF(page_texts); i++) {
		const char *value = asked_get(asked, page_texts[i].key);

		if (value == NULL)
			continue;
		if (strlen(value) > MESSAGE_MAX)
			return asked_usage(asked, "a text of more than 64 kB: shorten it");
		if (page_set_text(page, page_texts[i].text, span_of(value), &asked->err) < 0)
			return STATUS_REFUSED;
	}
	if (page->text[PAGE_MESSAGE] == NULL)
		return asked_usage(asked,
				   "no message: give --message TEXT (incident: --summary TEXT)");
	return 0;
}

static int fill_target(struct asked *asked, struct page *page)
{
	const struct plan *plan = asked->g->plan;
	const char *target = asked_get(asked, "to");
	const char *named = asked_get(asked, "service");
	const struct plan_service *service =
		named == NULL ? NULL : plan_service(plan, span_of(named));

	if (target == NULL)
		target = asked_get(asked, "rotation");
	if (target == NULL && service != NULL)
		target = service->owner;
	if (target == NULL)
		target = plan->default_rotation;
	if (!plan_knows(plan, span_of(target)) || strncmp(target, "target", 6) == 0)
		return asked_no_target(asked, target);
	span_copy(span_of(target), page->target, sizeof page->target);
	return 0;
}

static int fill_severity(struct asked *asked, struct page *page)
{
	const struct plan *plan = asked->g->plan;
	const char *name = asked_get(asked, "severity");
	int rank;

	if (name == NULL)
		name = asked_get(asked, "sev");
	rank = name == NULL ? plan->default_severity : plan_severity(plan, span_of(name));
	if (rank < 0)
		return asked_no_severity(asked, name);
	span_copy(span_of(plan->severities[rank].name), page->severity, sizeof page->severity);
	return 0;
}

/* It went to the default rotation, which may not be whom the sender meant. */
static void warn_of_service(struct asked *asked, const struct page *page)
{
	const struct plan *plan = asked->g->plan;
	const char *service = page->text[PAGE_SERVICE];
	char text[200];

	if (service == NULL || plan->service_count == 0 ||
	    plan_service(plan, span_of(service)) != NULL)
		return;
	snprintf(text, sizeof text, "no service \"%.60s\" in the configuration: paged %s", service,
		 page->target);
	jsonw_string(&asked->json, NULL, text);
}

static void warn_of_silence(struct asked *asked, const struct page *page)
{
	const struct memo *silence = silence_of(asked->g, page, asked->now);
	struct buf text = { 0 };

	buf_add_text(&text, "nobody is paged: ");
	if (silence != NULL)
		silence_write(silence, &text);
	else
		buf_addf(&text, "%s is only recorded", page->severity);
	jsonw_span(&asked->json, NULL, buf_span(&text));
	buf_free(&text);
}

static void answer_page(struct asked *asked, const struct page *page, bool repeated)
{
	char id[24];

	view_id(page, id);
	jsonw_string(&asked->json, "id", id);
	jsonw_string(&asked->json, "code", page->code);
	jsonw_string(&asked->json, "state", page_state_name(page->state));
	jsonw_bool(&asked->json, "repeated", repeated);
	jsonw_array(&asked->json, "warnings");
	if (!repeated && page->text[PAGE_RUNBOOK] == NULL && !page->drill)
		jsonw_string(&asked->json, NULL,
			     "no runbook link: whoever is woken will want one (--runbook URL)");
	if (!repeated && page->state == PAGE_RESOLVED)
		warn_of_silence(asked, page);
	warn_of_service(asked, page);
	jsonw_end_array(&asked->json);
	asked->accepts = true;
}

/* The same request id, or the key of a page that is still open: that page is the answer. */
static struct page_slot *repeated(struct asked *asked)
{
	struct gateway *g = asked->g;
	const char *request = asked_get(asked, "request");
	const char *key = asked_get(asked, "key");

	for (size_t i = 0; request != NULL && i < g->answered_count; i++)
		if (strcmp(g->answered[i].request, request) == 0)
			return pages_find(g, g->answered[i].page);
	return pages_by_key(g, key, asked_flag(asked, "test"));
}

static void remember(struct asked *asked, int64_t page)
{
	struct gateway *g = asked->g;
	const char *request = asked_get(asked, "request");
	struct answered row = { .page = page, .utc_s = asked->now.utc_s };

	if (request == NULL)
		return;
	span_copy(span_of(request), row.request, sizeof row.request);
	if (array_grow(&g->answered, &g->answered_cap, g->answered_count + 1,
		       sizeof *g->answered) == 0)
		g->answered[g->answered_count++] = row;
	ledger_answered(g, &row, asked->now);
}

static int fill(struct asked *asked, struct page *page)
{
	int status = fill_target(asked, page);

	if (status == 0)
		status = fill_severity(asked, page);
	if (status == 0)
		status = fill_texts(asked, page);
	if (status == 0 && asked->g->plan->require_runbook && !page->drill &&
	    page->text[PAGE_RUNBOOK] == NULL)
		status = asked_refuse(
			asked, "no runbook link, and require_runbook is set: give --runbook URL");
	return status;
}

static int open_page(struct asked *asked, bool incident)
{
	const char *request = asked_get(asked, "request");
	struct page_slot *slot = repeated(asked);
	struct page *page;
	int status;

	if (request != NULL && strlen(request) >= sizeof asked->g->answered->request)
		return asked_usage(asked, "a request id of more than 63 bytes: shorten it");
	if (slot != NULL) {
		answer_page(asked, slot->page, true);
		return 0;
	}
	page = calloc(1, sizeof *page);
	if (page == NULL)
		return asked_refuse(asked, "out of memory");
	page->incident = incident;
	page->drill = asked_flag(asked, "test");
	page->money = asked_flag(asked, "money");
	span_copy(span_of(asked->request->peer), page->requester, sizeof page->requester);
	if (page->drill && asked_get(asked, "message") == NULL)
		page_set_text(page, PAGE_MESSAGE, span_of("Test of the pager. Please acknowledge."),
			      &asked->err);
	status = fill(asked, page);
	if (status != 0) {
		page_free(page);
		return status;
	}
	if (pages_open(asked->g, page, asked->now, &asked->err) < 0)
		return STATUS_REFUSED;
	remember(asked, page->id);
	answer_page(asked, page, false);
	return 0;
}

int intake_page(struct asked *asked)
{
	return open_page(asked, false);
}

int intake_incident(struct asked *asked)
{
	return open_page(asked, true);
}
