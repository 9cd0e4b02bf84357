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

static void due_in(struct jsonw *json, const char *name, int64_t due, struct when now)
{
	if (due == WHEN_NEVER)
		jsonw_string(json, name, NULL);
	else
		jsonw_int(json, name, due > now.mono_ms ? (due - now.mono_ms + 999) / 1000 : 0);
}

static void tracks(struct jsonw *json, const struct page *page, struct when now)
{
	jsonw_array(json, "tracks");
	for (size_t i = 0; i < page->track_count; i++) {
		const struct track *track = &page->tracks[i];

		jsonw_object(json, NULL);
		jsonw_string(json, "kind", track_names[track->kind]);
		jsonw_int(json, "step", track->step + 1);
		jsonw_int(json, "round", track->round + 1);
		due_in(json, "due_s", track->due, now);
		jsonw_string(json, "acked_by", track->acked_by[0] == '\0' ? NULL : track->acked_by);
		jsonw_end_object(json);
	}
	jsonw_end_array(json);
}

static void people(struct gateway *g, struct jsonw *json, const struct page *page)
{
	jsonw_array(json, "people");
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];
		const struct plan_person *person = plan_person(g->plan, span_of(member->person));
		size_t track = (size_t)member->track;

		jsonw_object(json, NULL);
		jsonw_string(json, "person", member->person);
		jsonw_string(json, "title", person == NULL ? NULL : person->title);
		jsonw_string(json, "state", member_names[member->state]);
		jsonw_string(json, "track",
			     track < page->track_count ? track_names[page->tracks[track].kind]
						       : NULL);
		jsonw_int(json, "step", member->step + 1);
		jsonw_end_object(json);
	}
	jsonw_end_array(json);
}

static void attempts(struct gateway *g, struct jsonw *json, const struct page *page)
{
	jsonw_array(json, "attempts");
	for (size_t i = 0; i < g->attempt_count; i++) {
		const struct attempt *attempt = g->attempts[i].attempt;
		char masked[PLAN_E164];

		if (attempt->page != page->id)
			continue;
		plan_mask_number(attempt->number, masked);
		jsonw_object(json, NULL);
		jsonw_string(json, "kind", attempt_kind_name(attempt->kind));
		jsonw_string(json, "state", attempt_state_name(attempt->state));
		jsonw_string(json, "person", attempt->person);
		jsonw_string(json, "number", masked);
		jsonw_string(json, "modem", attempt->modem[0] == '\0' ? NULL : attempt->modem);
		jsonw_time(json, "began", attempt->began_utc_s);
		jsonw_time(json, "ended", attempt->ended_utc_s);
		if (attempt->kind == ATTEMPT_CALL)
			jsonw_int(json, "talked_s", attempt->talked_s);
		jsonw_string(json, "end",
			     attempt->kind == ATTEMPT_CALL && attempt->ended_utc_s != 0
				     ? call_end_name(attempt->end)
				     : NULL);
		jsonw_end_object(json);
	}
	jsonw_end_array(json);
}

static void roles(struct jsonw *json, const struct page *page)
{
	jsonw_array(json, "roles");
	for (size_t i = 0; i < page->role_count; i++) {
		jsonw_object(json, NULL);
		jsonw_string(json, "role", page_role_name(page->roles[i].kind));
		jsonw_string(json, "person", page->roles[i].person);
		jsonw_end_object(json);
	}
	jsonw_end_array(json);
}

static void whole_page(struct gateway *g, struct jsonw *json, const struct page *page,
		       struct when now)
{
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		if (i != PAGE_MESSAGE && page->text[i] != NULL)
			jsonw_string(json, text_names[i], page->text[i]);
	jsonw_string(json, "requester", page->requester);
	jsonw_bool(json, "money", page->money);
	jsonw_bool(json, "incident", page->incident);
	jsonw_int(json, "cycle", page->cycle);
	jsonw_string(json, "chain", page->chain);
	due_in(json, "lease_s", page->lease_due, now);
	roles(json, page);
	jsonw_time(json, "resolved", page->resolved_utc_s);
	tracks(json, page, now);
	people(g, json, page);
	attempts(g, json, page);
}

void view_page(struct gateway *g, struct jsonw *json, const char *name, const struct page *page,
	       bool whole, struct when now)
{
	char id[24];

	view_id(page, id);
	jsonw_object(json, name);
	jsonw_string(json, "id", id);
	jsonw_string(json, "code", page->code);
	jsonw_string(json, "state", page_state_name(page->state));
	jsonw_string(json, "severity", page->severity);
	jsonw_string(json, "target", page->target);
	jsonw_string(json, "message", page->text[PAGE_MESSAGE]);
	jsonw_bool(json, "drill", page->drill);
	jsonw_string(json, "owner", page->owner[0] == '\0' ? NULL : page->owner);
	jsonw_time(json, "opened", page->opened_utc_s);
	jsonw_time(json, "acked", page->acked_utc_s);
	due_in(json, "deadline_s", escalation_deadline(page), now);
	if (whole)
		whole_page(g, json, page, now);
	jsonw_end_object(json);
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

/* By what a call speaks and hears. */
static const char *const audio_names[] = {
	[DEVICE_AUDIO_NONE] = "none: it rings, and the text says why",
	[DEVICE_AUDIO_MODEM] = "the modem's own speech",
	[DEVICE_AUDIO_HOST] = "the host's voice and ear",
};

static const char *const network_names[DEVICE_NETWORK_STATES] = {
	[DEVICE_NETWORK_UNKNOWN] = NULL,
	[DEVICE_NETWORK_HOME] = "home",
	[DEVICE_NETWORK_ROAMING] = "roaming",
	[DEVICE_NETWORK_TEXTS] = "texts only",
	[DEVICE_NETWORK_DEAF] = "deaf",
	[DEVICE_NETWORK_SEARCHING] = "searching",
	[DEVICE_NETWORK_GONE] = "gone",
	[DEVICE_NETWORK_DENIED] = "denied",
	[DEVICE_NETWORK_EMERGENCY] = "emergency calls only",
};

/* How it is now: a modem without a port tells nothing, and what it said last would pass for news. */
static void view_radio(struct jsonw *json, const struct path *path)
{
	const struct device_status *status = device_status(path->device);
	int usual, current;

	jsonw_string(json, "plmn", status->plmn);
	jsonw_string(json, "network", network_names[status->network]);
	jsonw_int(json, "registration", status->registration);
	if (status->signal_dbm != 0)
		jsonw_int(json, "signal_dbm", status->signal_dbm);
	if (radio_usual(path, &usual) && radio_now(path, &current)) {
		jsonw_int(json, "signal_usual_dbm", usual);
		jsonw_int(json, "signal_trend_db", current - usual);
	}
	if (status->heat_heard_ms != 0)
		jsonw_int(json, "temperature_c", status->temperature_c);
}

static void view_balance(struct jsonw *json, const struct card *card)
{
	char text[32];
	int64_t cents;

	if (card == NULL || card->balance_utc_s == 0)
		return;
	cents = card->balance < 0 ? -card->balance : card->balance;
	snprintf(text, sizeof text, "%s%lld.%02d", card->balance < 0 ? "-" : "",
		 (long long)(cents / 100), (int)(cents % 100));
	jsonw_string(json, "balance", text);
	jsonw_time(json, "balance_at", card->balance_utc_s);
}

static void view_modem(struct gateway *g, struct jsonw *json, const struct path *path)
{
	const struct device_status *status = device_status(path->device);
	struct guard_counts counts = guard_counts(path->guard);
	char masked[PLAN_E164];

	plan_mask_number(path->modem.number, masked);
	jsonw_object(json, NULL);
	jsonw_string(json, "name", path->modem.name);
	jsonw_string(json, "state", state_names[status->state]);
	jsonw_string(json, "why", mend_why(path)[0] == '\0' ? NULL : mend_why(path));
	jsonw_string(json, "number", masked);
	jsonw_string(json, "profile", status->profile);
	jsonw_string(json, "maker", status->maker);
	jsonw_string(json, "model", status->model);
	jsonw_string(json, "firmware", status->revision);
	jsonw_string(json, "imei", status->imei);
	jsonw_string(json, "iccid", status->iccid);
	jsonw_string(json, "smsc", status->smsc);
	jsonw_time(json, "expires", path->modem.expires_utc_s);
	view_balance(json, sims_of(g, path));
	if (status->state != DEVICE_CLOSED)
		view_radio(json, path);
	jsonw_bool(json, "voice", path->modem.voice && status->voice);
	jsonw_bool(json, "speech", status->speech);
	jsonw_string(json, "audio", audio_names[status->audio]);
	jsonw_string(json, "audio_fault",
		     status->audio_fault[0] == '\0' ? NULL : status->audio_fault);
	jsonw_int(json, "sms_today", counts.sms);
	jsonw_int(json, "sms_budget", g->budget.sms);
	jsonw_int(json, "calls_today", counts.calls);
	jsonw_int(json, "calls_budget", g->budget.calls);
	for (size_t i = 0; i < PATH_FUNCTIONS; i++) {
		char name[24];

		snprintf(name, sizeof name, "last_%s", path_function_name((enum path_function)i));
		jsonw_time(json, name, path->health.last_utc_s[i]);
	}
	jsonw_end_object(json);
}

void view_modems(struct gateway *g, struct jsonw *json)
{
	jsonw_array(json, "modems");
	for (size_t i = 0; i < g->path_count; i++)
		view_modem(g, json, &g->paths[i]);
	jsonw_end_array(json);
}
