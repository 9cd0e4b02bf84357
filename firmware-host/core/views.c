/* The gateway's state as JSON, for people and programs. */
#include <stdio.h>
#include <string.h>

#include "core/inside.h"

void view_id(const struct page *page, char id[24])
{
	snprintf(id, 24, "p%lld", (long long)page->id);
}

static const char *const text_names[PAGE_TEXTS] = {
	[PAGE_MESSAGE] = "message", [PAGE_SERVICE] = "service", [PAGE_ALERT] = "alert",
	[PAGE_HOST] = "host",       [PAGE_RUNBOOK] = "runbook", [PAGE_DASHBOARD] = "dashboard",
	[PAGE_CHANNEL] = "channel", [PAGE_KEY] = "key",
};

static const char *const track_names[TRACK_KINDS] = {
	[TRACK_NONE] = "none",
	[TRACK_MAIN] = "main",
	[TRACK_BESIDE] = "beside",
	[TRACK_EXTRA] = "extra",
};

static const char *const member_names[MEMBER_STATES] = {
	[MEMBER_NONE] = "none",     [MEMBER_REACHING] = "reaching", [MEMBER_FAILED] = "failed",
	[MEMBER_PASSED] = "passed", [MEMBER_RELEASED] = "released",
};

static void due_in(struct json *json, const char *name, int64_t due, struct when now)
{
	if (due == WHEN_NEVER)
		json_string(json, name, NULL);
	else
		json_int(json, name, due > now.mono_ms ? (due - now.mono_ms + 999) / 1000 : 0);
}

static void tracks(struct json *json, const struct page *page, struct when now)
{
	json_array(json, "tracks");
	for (size_t i = 0; i < page->track_count; i++) {
		const struct track *track = &page->tracks[i];

		json_object(json, NULL);
		json_string(json, "kind", track_names[track->kind]);
		json_int(json, "step", track->step + 1);
		json_int(json, "round", track->round + 1);
		due_in(json, "due_s", track->due, now);
		json_string(json, "acked_by", track->acked_by[0] == '\0' ? NULL : track->acked_by);
		json_end_object(json);
	}
	json_end_array(json);
}

static void people(struct gateway *g, struct json *json, const struct page *page)
{
	json_array(json, "people");
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];
		const struct plan_person *person = plan_person(g->plan, span_of(member->person));
		size_t track = (size_t)member->track;

		json_object(json, NULL);
		json_string(json, "person", member->person);
		json_string(json, "title", person == NULL ? NULL : person->title);
		json_string(json, "state", member_names[member->state]);
		json_string(json, "track",
			    track < page->track_count ? track_names[page->tracks[track].kind]
						      : NULL);
		json_int(json, "step", member->step + 1);
		json_end_object(json);
	}
	json_end_array(json);
}

static const char *const end_names[DEVICE_CALL_ENDS] = {
	[DEVICE_CALL_BUSY] = "busy",       [DEVICE_CALL_NO_ANSWER] = "no answer",
	[DEVICE_CALL_HUNG_UP] = "hung up", [DEVICE_CALL_LIMIT] = "talk limit",
	[DEVICE_CALL_STOPPED] = "stopped", [DEVICE_CALL_REFUSED] = "refused",
	[DEVICE_CALL_LOST] = "modem lost",
};

static void attempts(struct gateway *g, struct json *json, const struct page *page)
{
	json_array(json, "attempts");
	for (size_t i = 0; i < g->attempt_count; i++) {
		const struct attempt *attempt = g->attempts[i].attempt;
		char masked[PLAN_E164];

		if (attempt->page != page->id)
			continue;
		plan_mask_number(attempt->number, masked);
		json_object(json, NULL);
		json_string(json, "kind", attempt_kind_name(attempt->kind));
		json_string(json, "state", attempt_state_name(attempt->state));
		json_string(json, "person", attempt->person);
		json_string(json, "number", masked);
		json_string(json, "modem", attempt->modem[0] == '\0' ? NULL : attempt->modem);
		json_time(json, "began", attempt->began_utc_s);
		json_time(json, "ended", attempt->ended_utc_s);
		json_string(json, "end", end_names[attempt->end]);
		json_end_object(json);
	}
	json_end_array(json);
}

static void whole_page(struct gateway *g, struct json *json, const struct page *page,
		       struct when now)
{
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		if (i != PAGE_MESSAGE && page->text[i] != NULL)
			json_string(json, text_names[i], page->text[i]);
	json_string(json, "requester", page->requester);
	json_bool(json, "money", page->money);
	json_bool(json, "drill", page->drill);
	json_bool(json, "incident", page->incident);
	json_int(json, "cycle", page->cycle);
	json_string(json, "chain", page->chain);
	due_in(json, "lease_s", page->lease_due, now);
	json_time(json, "resolved", page->resolved_utc_s);
	tracks(json, page, now);
	people(g, json, page);
	attempts(g, json, page);
}

void view_page(struct gateway *g, struct json *json, const char *name, const struct page *page,
	       bool whole, struct when now)
{
	char id[24];

	view_id(page, id);
	json_object(json, name);
	json_string(json, "id", id);
	json_string(json, "code", page->code);
	json_string(json, "state", page_state_name(page->state));
	json_string(json, "severity", page->severity);
	json_string(json, "target", page->target);
	json_string(json, "message", page->text[PAGE_MESSAGE]);
	json_string(json, "owner", page->owner[0] == '\0' ? NULL : page->owner);
	json_time(json, "opened", page->opened_utc_s);
	json_time(json, "acked", page->acked_utc_s);
	due_in(json, "deadline_s", escalation_deadline(page), now);
	if (whole)
		whole_page(g, json, page, now);
	json_end_object(json);
}

static const char *const state_names[DEVICE_STATES] = {
	[DEVICE_NONE] = "none",
	[DEVICE_CLOSED] = "closed",
	[DEVICE_WAKING] = "waking",
	[DEVICE_IDENTIFYING] = "identifying",
	[DEVICE_INITIALISING] = "starting",
	[DEVICE_REGISTERING] = "registering",
	[DEVICE_READY] = "ready",
	[DEVICE_SICK] = "sick",
};

static void view_modem(struct gateway *g, struct json *json, const struct path *path)
{
	const struct device_status *status = device_status(path->device);
	struct guard_counts counts = guard_counts(path->guard);
	char masked[PLAN_E164];

	plan_mask_number(path->modem.number, masked);
	json_object(json, NULL);
	json_string(json, "name", path->modem.name);
	json_string(json, "state", state_names[status->state]);
	json_string(json, "why", status->why[0] == '\0' ? NULL : status->why);
	json_string(json, "number", masked);
	json_string(json, "profile", status->profile);
	json_string(json, "maker", status->maker);
	json_string(json, "model", status->model);
	json_string(json, "imei", status->imei);
	json_string(json, "plmn", status->plmn);
	json_int(json, "registration", status->registration);
	json_int(json, "signal_dbm", status->signal_dbm);
	json_bool(json, "voice", path->modem.voice && status->voice);
	json_bool(json, "speech", status->speech);
	json_int(json, "sms_today", counts.sms);
	json_int(json, "sms_budget", g->budget.sms);
	json_int(json, "calls_today", counts.calls);
	json_int(json, "calls_budget", g->budget.calls);
	json_time(json, "last_sms_out", path->sms_out_utc_s);
	json_time(json, "last_report", path->report_utc_s);
	json_time(json, "last_sms_in", path->sms_in_utc_s);
	json_time(json, "last_call_out", path->call_out_utc_s);
	json_time(json, "last_key", path->key_utc_s);
	json_end_object(json);
}

void view_modems(struct gateway *g, struct json *json)
{
	json_array(json, "modems");
	for (size_t i = 0; i < g->path_count; i++)
		view_modem(g, json, &g->paths[i]);
	json_end_array(json);
}
