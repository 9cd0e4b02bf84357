/* daemon_commands.c - the commands the shell answers itself: those about files, clients and the past. */
#include "daemon_parts.h"

#include <stdlib.h>
#include <string.h>

#include "config/prove.h"
#include "event_json.h"
#include "log.h"
#include "setup.h"

static void run_ping(struct daemon *daemon, const struct request *request)
{
	control_say(daemon->control, request->ticket, 0, NULL);
}

static void run_events(struct daemon *daemon, const struct request *request)
{
	control_follow(daemon->control, request->ticket);
	control_say(daemon->control, request->ticket, 0, NULL);
}

static void run_reload(struct daemon *daemon, const struct request *request)
{
	struct buf errors = { 0 };
	int rc = daemon_reload(daemon, &errors);

	control_say(daemon->control, request->ticket, rc < 0 ? 1 : 0,
		    rc < 0 ? buf_text(&errors) : NULL);
	buf_free(&errors);
}

static int write_events(struct history *history, struct jsonw *json, const struct page *page,
			struct err *err)
{
	struct event event = { 0 };
	int rc = history_start(history, page->id, 0, err);

	while (rc == 0 && (rc = history_next(history, &event, err)) == 1) {
		jsonw_object(json, NULL);
		event_json(json, &event);
		jsonw_int(json, "offset_s", event.utc_s - page->opened_utc_s);
		jsonw_end_object(json);
		free(event.text);
		event = (struct event){ 0 };
		rc = 0;
		if (json->out->failed)
			return err_nomem(err);
	}
	return rc;
}

static int write_timeline(struct history *history, struct buf *out, const struct page *page,
			  struct err *err)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_bool(&json, "ok", true);
	jsonw_int(&json, "status", 0);
	buf_addf(out, ",\"id\":\"p%lld\"", (long long)page->id);
	jsonw_string(&json, "code", page->code);
	jsonw_string(&json, "severity", page->severity);
	jsonw_string(&json, "target", page->target);
	jsonw_string(&json, "message", page->text[PAGE_MESSAGE]);
	jsonw_array(&json, "events");
	if (write_events(history, &json, page, err) < 0)
		return -1;
	jsonw_end_array(&json);
	jsonw_end_object(&json);
	return out->failed ? err_nomem(err) : 0;
}

static void run_timeline(struct daemon *daemon, const struct request *request)
{
	const char *id = request_get(request, "id");
	struct page *page = NULL;
	struct buf out = { 0 };
	struct err err = { 0 };
	int rc = id == NULL ? err_set(&err, ERR_INVALID, "which page? give its id or code")
			    : history_page(daemon->history, span_of(id), &page, &err);

	if (rc == 0)
		rc = err_set(&err, ERR_REFUSED, "no page \"%.40s\": see tocsin list --state all",
			     id);
	else if (rc > 0 && page != NULL)
		rc = write_timeline(daemon->history, &out, page, &err);
	if (rc < 0)
		control_say(daemon->control, request->ticket, id == NULL ? 2 : 1, err.text);
	else
		control_answer(daemon->control, request->ticket, buf_span(&out));
	buf_free(&out);
	page_free(page);
}

static const struct command {
	const char *name;
	void (*run)(struct daemon *daemon, const struct request *request);
} commands[] = {
	{ "ping", run_ping },
	{ "events", run_events },
	{ "reload", run_reload },
	{ "timeline", run_timeline },
};

/* The gateway forgets a page an hour after its end; what is asked about one then is answered from the store.  False: it is not
 * such a page. */
static bool ended_long_ago(struct daemon *daemon, const struct request *request)
{
	const char *id = request_get(request, "id");
	struct page *page = NULL;
	struct err err = { 0 };
	char stamp[40];

	if (id == NULL || gateway_has_page(daemon->gateway, span_of(id)) ||
	    history_page(daemon->history, span_of(id), &page, &err) != 1)
		return false;
	jsonw_rfc3339(page->resolved_utc_s, stamp);
	if (page->state == PAGE_RESOLVED)
		err_set(&err, ERR_REFUSED,
			"%.20s ended over an hour ago (resolved %s): see tocsin timeline p%lld", id,
			stamp, (long long)page->id);
	else
		err_set(&err, ERR_REFUSED,
			"%.20s cannot be read from the store whole: see tocsin timeline p%lld", id,
			(long long)page->id);
	control_say(daemon->control, request->ticket, 1, err.text);
	page_free(page);
	return true;
}

void daemon_request(void *owner, const struct request *request)
{
	struct daemon *daemon = owner;

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(commands[i].name, request->name) == 0) {
			commands[i].run(daemon, request);
			return;
		}
	}
	if (!daemon_past(daemon, request) && !ended_long_ago(daemon, request))
		gateway_request(daemon->gateway, request, loop_now(daemon->loop));
}

static bool same_modem(const struct config_modem *a, const struct config_modem *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->port, b->port) == 0 &&
	       strcmp(a->usb, b->usb) == 0 && strcmp(a->imei, b->imei) == 0 &&
	       strcmp(a->iccid, b->iccid) == 0 && strcmp(a->number, b->number) == 0 &&
	       strcmp(a->pin, b->pin) == 0 && strcmp(a->audio, b->audio) == 0 &&
	       strcmp(a->carrier, b->carrier) == 0 && a->expires_utc_s == b->expires_utc_s &&
	       strcmp(a->balance_ussd, b->balance_ussd) == 0 &&
	       a->balance_below == b->balance_below && a->balance_every_s == b->balance_every_s &&
	       a->sms == b->sms && a->voice == b->voice;
}

/* What a running daemon cannot change; NULL when there is nothing of it. */
static const char *fixed_change(const struct config *old, const struct config *fresh)
{
	if (strcmp(old->socket, fresh->socket) != 0 || strcmp(old->database, fresh->database) != 0)
		return "restart needed for a changed socket or database";
	if (old->budget_sms != fresh->budget_sms || old->budget_calls != fresh->budget_calls ||
	    old->budget_call_minutes != fresh->budget_call_minutes)
		return "restart needed for changed budgets";
	if (old->repairs != fresh->repairs || strcmp(old->power_hook, fresh->power_hook) != 0)
		return "restart needed for changed repairs or power_hook";
	if (old->modem_count != fresh->modem_count)
		return "restart needed for changed modems";
	for (size_t i = 0; i < old->modem_count; i++)
		if (!same_modem(&old->modems[i], &fresh->modems[i]))
			return "restart needed for changed modems";
	return NULL;
}

static void log_lines(enum log_level level, const char *name, const struct buf *lines)
{
	struct span rest = buf_span(lines);
	char quoted[LOG_QUOTED];
	char text[LOG_QUOTED];

	while (rest.len > 0) {
		span_copy(span_cut(&rest, '\n'), text, sizeof text);
		log_event(level, name, "what=%s", log_quote(text, quoted));
	}
}

/* A configuration with a hole in it is not taken over: somebody is there to mend it. */
static int prove(struct daemon *daemon, struct config *fresh, struct buf *errors,
		 struct buf *warnings)
{
	fresh->plan->rota = gateway_rota(daemon->gateway);
	if (!daemon->clock_doubtful)
		prove_coverage(fresh, daemon->path, loop_now(daemon->loop).utc_s, errors, warnings,
			       NULL);
	return errors->len > 0 ? -1 : 0;
}

int daemon_reload(struct daemon *daemon, struct buf *errors)
{
	struct buf warnings = { 0 };
	struct config *fresh = NULL;
	const char *fixed = NULL;
	int rc = setup_config(daemon->path, &fresh, errors, &warnings);

	if (rc == 0)
		rc = prove(daemon, fresh, errors, &warnings);
	if (rc == 0)
		fixed = fixed_change(daemon->config, fresh);
	if (fixed != NULL) {
		buf_addf(errors, "%s: %s\n", daemon->path, fixed);
		rc = -1;
	}
	log_lines(LOG_LEVEL_WARNING, "config.warning", &warnings);
	log_lines(LOG_LEVEL_ERROR, "config.refused", errors);
	if (rc == 0) {
		gateway_reload(daemon->gateway, fresh->plan, loop_now(daemon->loop));
		fresh->plan = NULL;
		feeds_again(daemon->feeds);
		config_free(daemon->config);
		daemon->config = fresh;
		fresh = NULL;
	}
	config_free(fresh);
	buf_free(&warnings);
	return rc;
}
