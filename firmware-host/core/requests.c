/* The commands: one table, one format, whoever asks. */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"

/* ---- one page ---- */

static const char *const ack_words[ACK_RESULTS] = {
	[ACK_NONE] = "none",   [ACK_OWNS] = "owns",         [ACK_RENEWED] = "renewed",
	[ACK_NOTED] = "noted", [ACK_TAKEN] = "taken",       [ACK_RESOLVED] = "resolved",
	[ACK_STALE] = "stale", [ACK_STRANGER] = "stranger",
};

static int refuse_ack(struct asked *asked, const struct page *page)
{
	const char *code = page->code;
	char id[24];

	view_id(page, id);
	if (page->state == PAGE_RESOLVED)
		err_set(&asked->err, ERR_REFUSED, "%s %s is resolved: nothing is left to take", id,
			code);
	else
		err_set(&asked->err, ERR_REFUSED,
			"%s has %s %s already: to take it over, pass it first (tocsin pass %s)",
			page->owner, id, code, id);
	return STATUS_REFUSED;
}

static int do_ack(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct ack ack = { .person = asked_actor(asked), .how = "host", .named = true };
	enum ack_result result;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	result = pages_ack(asked->g, slot, &ack, asked->now);
	asked_answer(asked, slot->page, ack_words[result]);
	if (result == ACK_OWNS || result == ACK_RENEWED || result == ACK_NOTED)
		return 0;
	return refuse_ack(asked, slot->page);
}

static int do_resolve(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	if (slot->page->state == PAGE_RESOLVED) {
		asked_answer(asked, slot->page, "resolved before");
		return 0;
	}
	pages_resolve(asked->g, slot, asked_actor(asked), asked->now);
	asked_answer(asked, slot->page, "resolved");
	return 0;
}

static int refuse_pass(struct asked *asked, const struct page *page, const char *person)
{
	char id[24];

	view_id(page, id);
	if (page->state == PAGE_RESOLVED)
		err_set(&asked->err, ERR_REFUSED, "%s is resolved: nothing is left to pass", id);
	else if (person[0] == '\0')
		err_set(&asked->err, ERR_REFUSED, "nobody has %s yet: say who passes with --person",
			id);
	else
		err_set(&asked->err, ERR_REFUSED, "%s neither has %s nor is being paged for it",
			person, id);
	return STATUS_REFUSED;
}

static int do_pass(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	char person[PLAN_NAME];
	struct page *page;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	page = slot->page; /* a broken rotation opens others: the slots may move */
	span_copy(span_of(asked_get(asked, "person") != NULL ? asked_get(asked, "person")
							     : page->owner),
		  person, sizeof person);
	if (!escalation_pass(&run, page, person))
		return refuse_pass(asked, page, person);
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, page, "passed");
	jsonw_string(&asked->json, "passed_by", person);
	return 0;
}

static int do_escalate(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *reason = asked_get(asked, "reason");
	struct page *page;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	if (reason == NULL)
		return asked_usage(asked, "why? give --reason with one sentence");
	if (slot->page->state == PAGE_RESOLVED)
		return asked_refuse(asked, "it is resolved: open a new page");
	page = slot->page;
	escalation_escalate(&run, page, asked_actor(asked), reason);
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, page, "escalated");
	return 0;
}

static int write_down(struct asked *asked, enum update_kind kind)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *text = asked_get(asked, "text");
	size_t told;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	if (text == NULL)
		return asked_usage(asked, "no words: give the words behind the ID");
	told = escalation_update(&run, slot->page, kind, asked_actor(asked), text);
	pages_apply(asked->g, slot, asked->now);
	if (kind == UPDATE_HOST)
		handover_updated(asked->g, slot, asked_actor(asked), text, asked->now);
	asked_answer(asked, slot->page, told > 0 ? "recorded and sent" : "recorded");
	jsonw_int(&asked->json, "told", (int64_t)told);
	return 0;
}

static int do_update(struct asked *asked)
{
	return write_down(asked, UPDATE_HOST);
}

static int do_note(struct asked *asked)
{
	return write_down(asked, UPDATE_NOTE);
}

static int do_show(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);

	if (slot == NULL)
		return STATUS_REFUSED;
	view_page(asked->g, &asked->json, "page", slot->page, true, asked->now);
	return 0;
}

/* ---- all of them ---- */

static int do_list(struct asked *asked)
{
	const char *state = asked_get(asked, "state");

	if (state != NULL && !asked_state_known(state))
		return asked_no_state(asked, state);
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
	asked_on_call(asked, NULL, asked->now.utc_s, false);
	faults_view(g, &asked->json);
	calendars_view(g, &asked->json, asked->now);
	view_modems(g, &asked->json);
	return 0;
}

static int do_proof(struct asked *asked)
{
	const char *run = asked_get(asked, "run");

	if (run != NULL && strcmp(run, "run") != 0)
		return asked_usage(asked, "proof takes nothing, or run: a round of proofs now");
	if (run != NULL)
		proof_now(asked->g, asked->now);
	proof_view(asked->g, &asked->json, asked->now);
	return 0;
}

static int do_faults(struct asked *asked)
{
	faults_view(asked->g, &asked->json);
	return 0;
}

/* ---- the table ---- */

static const struct command {
	const char *name;
	int (*run)(struct asked *asked);
	const char *fields; /* allowed, blank on both sides */
} commands[] = {
	{ "page", intake_page,
	  " request to rotation message severity sev service alert host runbook dashboard channel "
	  "key "
	  "money test " },
	{ "incident", intake_incident,
	  " request to rotation message summary severity sev service alert host runbook dashboard "
	  "channel key money test " },
	{ "ack", do_ack, " id person " },
	{ "resolve", do_resolve, " id person " },
	{ "pass", do_pass, " id person " },
	{ "escalate", do_escalate, " id person reason " },
	{ "update", do_update, " id person text " },
	{ "note", do_note, " id person text " },
	{ "defer", life_defer, " id person text until for " },
	{ "snooze", life_snooze, " id person text until for " },
	{ "role", life_role, " id person role " },
	{ "backup", life_backup, " id person " },
	{ "assign", asked_assign, " id to status person " },
	{ "handoff", asked_handoff, " rotation slot to emergency reason audit person " },
	{ "jot", asked_jot, " change watch other drop person " },
	{ "archive", asked_archive, " text " },
	{ "silence", asked_silence, " alert service host key until for reason person end " },
	{ "beat", asked_beat, " id " },
	{ "drill", asked_drill, " id rotation " },
	{ "watches", asked_watches, " " },
	{ "postmortem", asked_postmortem, " id url person " },
	{ "show", do_show, " id " },
	{ "list", do_list, " state " },
	{ "who", asked_who, " rotation at why " },
	{ "schedule", asked_schedule, " rotation from until days person " },
	{ "override", asked_override, " rotation slot person from until for reason swap end " },
	{ "absent", asked_absent, " person from until for reason cover end " },
	{ "people", asked_people, " person " },
	{ "enrol", asked_enrol, " person " },
	{ "modems", do_modems, " " },
	{ "status", do_status, " " },
	{ "faults", do_faults, " " },
	{ "proof", do_proof, " run " },
	{ "at", queries_ask, " modem query " },
	{ "loopback", loopback_ask, " from to " },
};

static const struct command *command_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

bool gateway_has_command(const char *name)
{
	return command_of(name) != NULL;
}

static int check_fields(struct asked *asked, const struct command *command)
{
	char padded[80];

	for (size_t i = 0; i < asked->request->count; i++) {
		snprintf(padded, sizeof padded, " %.60s ", asked->request->fields[i].key);
		if (strchr(asked->request->fields[i].key, ' ') != NULL ||
		    strstr(command->fields, padded) == NULL) {
			err_set(&asked->err, ERR_INVALID, "%s takes no \"%.40s\"; it takes%s",
				command->name, asked->request->fields[i].key, command->fields);
			return STATUS_USAGE;
		}
	}
	return 0;
}

static int carry_out(struct asked *asked)
{
	const struct command *command = command_of(asked->request->name);
	int status;

	if (command == NULL) {
		err_set(&asked->err, ERR_INVALID, "no command \"%.40s\"", asked->request->name);
		return STATUS_USAGE;
	}
	status = check_fields(asked, command);
	return status != 0 ? status : command->run(asked);
}

void gateway_request(struct gateway *g, const struct request *request, struct when now)
{
	struct asked asked = { .g = g, .request = request, .now = now };
	struct held held = { .kind = HELD_ANSWER };
	int status;

	asked.json.out = &asked.out;
	jsonw_object(&asked.json, NULL);
	status = carry_out(&asked);
	if (asked.later) {
		buf_free(&asked.out);
		gateway_tick(g, now);
		return;
	}
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
