/* The commands: one table, one format, whoever asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "core/inside.h"
#include "dialplan/chain.h"

#define MESSAGE_MAX    65536
#define STATUS_REFUSED 1
#define STATUS_USAGE   2

struct asked {
	struct gateway *g;
	const struct request *request;
	struct when now;
	struct buf out;
	struct jsonw
		json; /* an object is open: "ok" and "status" are put behind what the command writes */
	bool accepts;
	struct err err;
};

static const char *get(const struct asked *asked, const char *key)
{
	const char *value = request_get(asked->request, key);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool flag(const struct asked *asked, const char *key)
{
	const char *value = get(asked, key);

	return value != NULL && strcmp(value, "false") != 0;
}

static int usage(struct asked *asked, const char *what)
{
	err_set(&asked->err, ERR_INVALID, "%s", what);
	return STATUS_USAGE;
}

static int refuse(struct asked *asked, const char *what)
{
	err_set(&asked->err, ERR_REFUSED, "%s", what);
	return STATUS_REFUSED;
}

/* ---- page and incident ---- */

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
		const char *value = get(asked, page_texts[i].key);

		if (value == NULL)
			continue;
		if (strlen(value) > MESSAGE_MAX)
			return usage(asked, "a text of more than 64 kB: shorten it");
		if (page_set_text(page, page_texts[i].text, span_of(value), &asked->err) < 0)
			return STATUS_REFUSED;
	}
	if (page->text[PAGE_MESSAGE] == NULL)
		return usage(asked, "no message: give --message TEXT (incident: --summary TEXT)");
	return 0;
}

static int fill_target(struct asked *asked, struct page *page)
{
	const struct plan *plan = asked->g->plan;
	const char *target = get(asked, "to");

	if (target == NULL)
		target = get(asked, "rotation");
	if (target == NULL)
		target = plan->default_rotation;
	if (!plan_knows(plan, span_of(target)) || strncmp(target, "target", 6) == 0) {
		err_set(&asked->err, ERR_INVALID,
			"no person, group or rotation \"%.40s\": see tocsin who", target);
		return STATUS_USAGE;
	}
	span_copy(span_of(target), page->target, sizeof page->target);
	return 0;
}

static int fill_severity(struct asked *asked, struct page *page)
{
	const struct plan *plan = asked->g->plan;
	const char *name = get(asked, "severity");
	int rank;

	if (name == NULL)
		name = get(asked, "sev");
	rank = name == NULL ? plan->default_severity : plan_severity(plan, span_of(name));
	if (rank < 0) {
		err_set(&asked->err, ERR_INVALID,
			"no severity \"%.40s\": the highest is %s, the lowest %s", name,
			plan->severities[0].name, plan->severities[plan->severity_count - 1].name);
		return STATUS_USAGE;
	}
	span_copy(span_of(plan->severities[rank].name), page->severity, sizeof page->severity);
	return 0;
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
	jsonw_end_array(&asked->json);
	asked->accepts = true;
}

/* The same request id, or the key of a page that is still open: that page is the answer. */
static struct page_slot *repeated(struct asked *asked)
{
	struct gateway *g = asked->g;
	const char *request = get(asked, "request");
	const char *key = get(asked, "key");

	for (size_t i = 0; request != NULL && i < g->answered_count; i++)
		if (strcmp(g->answered[i].request, request) == 0)
			return pages_find(g, g->answered[i].page);
	for (size_t i = g->page_count; key != NULL && i > 0; i--) {
		const struct page *page = g->pages[i - 1].page;

		if (page->state != PAGE_RESOLVED && page->text[PAGE_KEY] != NULL &&
		    strcmp(page->text[PAGE_KEY], key) == 0)
			return &g->pages[i - 1];
	}
	return NULL;
}

static void remember(struct asked *asked, int64_t page)
{
	struct gateway *g = asked->g;
	const char *request = get(asked, "request");
	struct answered *row = request == NULL ? NULL : calloc(1, sizeof *row);
	struct err err;

	if (row == NULL)
		return;
	span_copy(span_of(request), row->request, sizeof row->request);
	row->page = page;
	row->utc_s = asked->now.utc_s;
	if (array_grow(&g->answered, &g->answered_cap, g->answered_count + 1,
		       sizeof *g->answered) == 0)
		g->answered[g->answered_count++] = *row;
	if (batch_add(&g->batch, (struct row){ .kind = ROW_ANSWERED, .of.answered = row }, &err) <
	    0)
		g->rewrite_due = asked->now.mono_ms + REWRITE_MS;
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
		status = refuse(asked,
				"no runbook link, and require_runbook is set: give --runbook URL");
	return status;
}

static int open_page(struct asked *asked, bool incident)
{
	struct page_slot *slot = repeated(asked);
	struct page *page;
	int status;

	if (slot != NULL) {
		answer_page(asked, slot->page, true);
		return 0;
	}
	page = calloc(1, sizeof *page);
	if (page == NULL)
		return refuse(asked, "out of memory");
	page->incident = incident;
	page->drill = flag(asked, "test");
	page->money = flag(asked, "money");
	span_copy(span_of(asked->request->peer), page->requester, sizeof page->requester);
	if (page->drill && get(asked, "message") == NULL)
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

static int do_page(struct asked *asked)
{
	return open_page(asked, false);
}

static int do_incident(struct asked *asked)
{
	return open_page(asked, true);
}

/* ---- one page ---- */

static struct page_slot *named(struct asked *asked)
{
	const char *id = get(asked, "id");
	struct page_slot *slot = id == NULL ? NULL : pages_by_name(asked->g, span_of(id));

	if (id == NULL)
		err_set(&asked->err, ERR_INVALID,
			"which page? give its ID (p17) or code: see tocsin list");
	else if (slot == NULL)
		err_set(&asked->err, ERR_INVALID, "no page \"%.20s\": see tocsin list", id);
	return slot;
}

static const char *const ack_words[ACK_RESULTS] = {
	[ACK_NONE] = "none",   [ACK_OWNS] = "owns",         [ACK_RENEWED] = "renewed",
	[ACK_NOTED] = "noted", [ACK_TAKEN] = "taken",       [ACK_RESOLVED] = "resolved",
	[ACK_STALE] = "stale", [ACK_STRANGER] = "stranger",
};

static void answer_state(struct asked *asked, const struct page *page, const char *result)
{
	char id[24];

	view_id(page, id);
	jsonw_string(&asked->json, "id", id);
	jsonw_string(&asked->json, "code", page->code);
	jsonw_string(&asked->json, "state", page_state_name(page->state));
	jsonw_string(&asked->json, "owner", page->owner[0] == '\0' ? NULL : page->owner);
	jsonw_string(&asked->json, "result", result);
}

/* Who acts: --person, else whoever asks, as they are known on this host. */
static const char *actor(struct asked *asked)
{
	const char *person = get(asked, "person");

	return person != NULL ? person : asked->request->peer;
}

static int do_ack(struct asked *asked)
{
	struct page_slot *slot = named(asked);
	struct ack ack = { .person = actor(asked), .how = "host", .named = true };
	enum ack_result result;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (get(asked, "person") != NULL &&
	    plan_person(asked->g->plan, span_of(ack.person)) == NULL)
		return usage(asked, "no such person: see the people of the configuration");
	result = pages_ack(asked->g, slot, &ack, asked->now);
	answer_state(asked, slot->page, ack_words[result]);
	if (result == ACK_OWNS || result == ACK_RENEWED || result == ACK_NOTED)
		return 0;
	err_set(&asked->err, ERR_REFUSED, "%s is %s%s%s", slot->page->code,
		page_state_name(slot->page->state), slot->page->owner[0] == '\0' ? "" : " by ",
		slot->page->owner);
	return STATUS_REFUSED;
}

static int do_resolve(struct asked *asked)
{
	struct page_slot *slot = named(asked);
	struct escalation run = pages_run(asked->g, asked->now);

	if (slot == NULL)
		return STATUS_REFUSED;
	if (slot->page->state == PAGE_RESOLVED) {
		answer_state(asked, slot->page, "resolved before");
		return 0;
	}
	escalation_resolve(&run, slot->page, actor(asked));
	pages_apply(asked->g, slot, asked->now);
	answer_state(asked, slot->page, "resolved");
	return 0;
}

static int do_pass(struct asked *asked)
{
	struct page_slot *slot = named(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *person = get(asked, "person");

	if (slot == NULL)
		return STATUS_REFUSED;
	if (person == NULL)
		person = slot->page->owner;
	if (!escalation_pass(&run, slot->page, person))
		return refuse(asked,
			      "nobody passes: give --person of somebody who has it or is paged");
	pages_apply(asked->g, slot, asked->now);
	answer_state(asked, slot->page, "passed");
	return 0;
}

static int do_escalate(struct asked *asked)
{
	struct page_slot *slot = named(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *reason = get(asked, "reason");

	if (slot == NULL)
		return STATUS_REFUSED;
	if (reason == NULL)
		return usage(asked, "why? give --reason with one sentence");
	if (slot->page->state == PAGE_RESOLVED)
		return refuse(asked, "it is resolved: open a new page");
	escalation_escalate(&run, slot->page, actor(asked), reason);
	pages_apply(asked->g, slot, asked->now);
	answer_state(asked, slot->page, "escalated");
	return 0;
}

static int do_update(struct asked *asked)
{
	struct page_slot *slot = named(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *text = get(asked, "text");

	if (slot == NULL)
		return STATUS_REFUSED;
	if (text == NULL)
		return usage(asked, "no text: give --text TEXT");
	escalation_update(&run, slot->page, actor(asked), text);
	pages_apply(asked->g, slot, asked->now);
	answer_state(asked, slot->page, "recorded");
	return 0;
}

static int do_show(struct asked *asked)
{
	struct page_slot *slot = named(asked);

	if (slot == NULL)
		return STATUS_REFUSED;
	view_page(asked->g, &asked->json, "page", slot->page, true, asked->now);
	return 0;
}

/* ---- all of them ---- */

static int do_list(struct asked *asked)
{
	const char *state = get(asked, "state");

	jsonw_array(&asked->json, "pages");
	for (size_t i = asked->g->page_count; i > 0; i--) {
		const struct page *page = asked->g->pages[i - 1].page;
		bool wanted = state == NULL
				      ? page->state != PAGE_RESOLVED
				      : strcmp(state, "all") == 0 ||
						strcmp(state, page_state_name(page->state)) == 0;

		if (wanted)
			view_page(asked->g, &asked->json, NULL, page, false, asked->now);
	}
	jsonw_end_array(&asked->json);
	return 0;
}

static void view_shift(struct asked *asked, const struct plan_rotation *rotation, int64_t utc_s)
{
	for (size_t i = 0; i < rotation->slot_count; i++) {
		int64_t ends = 0;
		const struct plan_person *person = plan_on_call(
			asked->g->plan, rotation, span_of(rotation->slots[i]), utc_s, &ends);

		jsonw_object(&asked->json, NULL);
		jsonw_string(&asked->json, "rotation", rotation->name);
		jsonw_string(&asked->json, "slot", rotation->slots[i]);
		jsonw_string(&asked->json, "person", person == NULL ? NULL : person->name);
		jsonw_string(&asked->json, "title", person == NULL ? NULL : person->title);
		jsonw_time(&asked->json, "until", ends);
		jsonw_end_object(&asked->json);
	}
}

static int do_who(struct asked *asked)
{
	const struct plan *plan = asked->g->plan;
	const char *name = get(asked, "rotation");
	const char *at = get(asked, "at");
	int64_t utc_s = asked->now.utc_s;

	if (at != NULL && !civil_read(span_of(at), &utc_s))
		return usage(asked, "--at: want a time such as 2026-11-21T05:07:00Z");
	if (name != NULL && plan_rotation(plan, span_of(name)) == NULL) {
		err_set(&asked->err, ERR_INVALID, "no rotation \"%.40s\": see tocsin who", name);
		return STATUS_REFUSED;
	}
	jsonw_array(&asked->json, "on_call");
	for (size_t i = 0; i < plan->rotation_count; i++)
		if (name == NULL || strcmp(name, plan->rotations[i].name) == 0)
			view_shift(asked, &plan->rotations[i], utc_s);
	jsonw_end_array(&asked->json);
	return 0;
}

static int do_modems(struct asked *asked)
{
	view_modems(asked->g, &asked->json);
	return 0;
}

static int do_status(struct asked *asked)
{
	struct gateway *g = asked->g;
	int64_t open = 0;
	int64_t acked = 0;
	size_t up = 0;

	for (size_t i = 0; i < g->page_count; i++) {
		open += g->pages[i].page->state == PAGE_OPEN;
		acked += g->pages[i].page->state == PAGE_ACKED;
	}
	for (size_t i = 0; i < g->path_count; i++)
		up += fleet_up(&g->paths[i]);
	jsonw_string(&asked->json, "gateway", g->plan->gateway);
	jsonw_string(&asked->json, "state",
		     up == 0                                  ? "failing"
		     : up < g->path_count || g->store_failing ? "degraded"
							      : "ok");
	jsonw_string(&asked->json, "store", g->store_failing ? "failing" : "ok");
	jsonw_int(&asked->json, "open", open);
	jsonw_int(&asked->json, "acked", acked);
	jsonw_int(&asked->json, "uptime_s", asked->now.utc_s - g->started_utc_s);
	view_modems(g, &asked->json);
	return 0;
}

/* ---- the table ---- */

static const struct command {
	const char *name;
	int (*run)(struct asked *asked);
	const char *fields; /* allowed, blank on both sides */
} commands[] = {
	{ "page", do_page,
	  " request to rotation message severity sev service alert host runbook dashboard channel "
	  "key "
	  "money test " },
	{ "incident", do_incident,
	  " request to rotation message summary severity sev service alert host runbook dashboard "
	  "channel key money test " },
	{ "ack", do_ack, " id person " },
	{ "resolve", do_resolve, " id person " },
	{ "pass", do_pass, " id person " },
	{ "escalate", do_escalate, " id person reason " },
	{ "update", do_update, " id person text " },
	{ "note", do_update, " id person text " },
	{ "show", do_show, " id " },
	{ "list", do_list, " state " },
	{ "who", do_who, " rotation at " },
	{ "modems", do_modems, " " },
	{ "status", do_status, " " },
};

static int check_fields(struct asked *asked, const struct command *command)
{
	char padded[80];

	for (size_t i = 0; i < asked->request->count; i++) {
		snprintf(padded, sizeof padded, " %.60s ", asked->request->fields[i].key);
		if (strstr(command->fields, padded) == NULL) {
			err_set(&asked->err, ERR_INVALID, "%s takes no \"%.40s\"; it takes%s",
				command->name, asked->request->fields[i].key, command->fields);
			return STATUS_USAGE;
		}
	}
	return 0;
}

static int carry_out(struct asked *asked)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		int status;

		if (strcmp(commands[i].name, asked->request->name) != 0)
			continue;
		status = check_fields(asked, &commands[i]);
		return status != 0 ? status : commands[i].run(asked);
	}
	err_set(&asked->err, ERR_INVALID, "no command \"%.40s\"", asked->request->name);
	return STATUS_USAGE;
}

void gateway_request(struct gateway *g, const struct request *request, struct when now)
{
	struct asked asked = { .g = g, .request = request, .now = now };
	struct held held = { .kind = HELD_ANSWER };
	int status;

	asked.json.out = &asked.out;
	jsonw_object(&asked.json, NULL);
	status = carry_out(&asked);
	jsonw_bool(&asked.json, "ok", status == 0);
	if (status != 0)
		jsonw_string(&asked.json, "error", asked.err.text);
	if (!asked.accepts)
		jsonw_int(&asked.json, "status", status);
	jsonw_end_object(&asked.json);
	held.answer =
		(struct answer){ .ticket = request->ticket, .status = status, .json = asked.out };
	held.accepts = asked.accepts;
	ledger_hold(g, held);
	gateway_tick(g, now);
}
