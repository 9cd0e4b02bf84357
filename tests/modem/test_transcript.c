/* Replays tests/transcripts. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/transcripts/"

struct replay {
	struct rig rig;
	struct buf
		said; /* by us, not yet compared: a command with its CR, or a body with its Ctrl-Z */
	bool started;
};

static bool is_idle_question(struct span text)
{
	static const char *const questions[] = { "AT+CPMS?",  "AT+CSQ",    "AT+CREG?",
						 "AT+CGREG?", "AT+CEREG?", "AT+COPS?",
						 "AT+CMGL=4", "AT+CPMS=",  "AT+CNMI?" };

	for (size_t i = 0; i < COUNT_OF(questions); i++)
		if (span_starts(text, questions[i]))
			return true;
	return false;
}

/* Whole commands of the output go to the far end (idle questions) or wait to be compared. */
static void listen(struct replay *r)
{
	struct span out;

	while ((out = device_output(r->rig.device)).len > 0) {
		size_t len = 0;

		while (len < out.len && strchr("\r\x1a\x1b", out.at[len]) == NULL)
			len++;
		len += len < out.len;
		if (is_idle_question(out)) {
			far_feed(&r->rig.far, (struct span){ out.at, len });
			device_wrote(r->rig.device, len);
			device_feed(r->rig.device, buf_span(&r->rig.far.out), r->rig.now);
			buf_clear(&r->rig.far.out);
			continue;
		}
		if (out.at[0] != '\x1b' && out.at[0] != '\r')
			buf_add(&r->said, (struct span){ out.at, len });
		device_wrote(r->rig.device, len);
	}
}

static bool we_say(struct replay *r, struct span want)
{
	struct span said, end;
	bool body = want.len >= 2 && memcmp(want.at + want.len - 2, "^Z", 2) == 0;
	bool open;
	size_t len = 0;

	listen(r);
	said = buf_span(&r->said);
	while (len < said.len && said.at[len] != (body ? '\x1a' : '\r'))
		len++;
	if (len == said.len)
		return false;
	end = (struct span){ said.at, len };
	if (body)
		want.len -= 2;
	open = want.len > 0 && want.at[want.len - 1] == '*';
	want.len -= open;
	if (end.len < want.len || (!open && end.len != want.len) ||
	    memcmp(end.at, want.at, want.len) != 0)
		return false;
	buf_drop(&r->said, len + 1);
	return true;
}

static void event_words(const struct device_event *event, char *text, size_t size)
{
	static const char *const outcomes[] = { "none",
						"accepted",
						"refused permanent",
						"refused recipient",
						"refused network",
						"refused modem",
						"unknown" };
	static const char *const ends[] = { "none",  "busy",    "no answer", "hung up",
					    "limit", "stopped", "refused",   "lost" };
	static const char *const kinds[] = { "none",       "state",  "sent",        "received",
					     "unreadable", "report", "dialled",     "alerting",
					     "answered",   "key",    "prompt done", "ended",
					     "incoming",   "reopen" };
	const char *detail = "";
	char key[2] = { event->key, '\0' };

	if (event->kind == DEVICE_EVENT_SENT)
		detail = outcomes[event->outcome];
	else if (event->kind == DEVICE_EVENT_CALL_ENDED)
		detail = ends[event->end];
	else if (event->kind == DEVICE_EVENT_RECEIVED)
		detail = event->pdu.text;
	else if (event->kind == DEVICE_EVENT_KEY)
		detail = key;
	else if (event->kind == DEVICE_EVENT_STATE)
		detail = event->text;
	snprintf(text, size, "%s %.200s", kinds[event->kind], detail);
}

static bool event_is(struct replay *r, struct span want)
{
	struct device_event event;
	char text[300];

	listen(r);
	if (!device_take(r->rig.device, &event))
		return false;
	event_words(&event, text, sizeof text);
	return strncmp(text, want.at, want.len) == 0;
}

static void quoted(char *to, size_t size, struct span word)
{
	snprintf(to, size, "\r\n%.*s\r\n\r\nOK\r\n", (int)word.len, word.at);
}

static bool ready(struct replay *r, struct span rest)
{
	static char maker[80], model[80];
	struct device_event event;

	quoted(maker, sizeof maker, span_word(&rest));
	quoted(model, sizeof model, span_word(&rest));
	rig_init(&r->rig, NULL);
	far_answer(&r->rig.far, "AT+CGMI", maker, 0);
	far_answer(&r->rig.far, "AT+CGMM", model, 0);
	rig_open(&r->rig);
	rig_run(&r->rig, 1000);
	r->started = true;
	while (device_take(r->rig.device, &event))
		;
	return device_status(r->rig.device)->state == DEVICE_READY;
}

static bool act(struct replay *r, struct span rest)
{
	struct span verb = span_word(&rest);
	char text[200];
	int64_t index = -1;

	rest = span_trim(rest);
	if (span_is(verb, "ready"))
		return ready(r, rest);
	if (span_is(verb, "call"))
		return rig_call(&r->rig) == 0;
	span_copy(rest, text, sizeof text);
	if (span_is(verb, "send"))
		return rig_send(&r->rig, text) == 0;
	if (span_is(verb, "speak")) {
		device_speak(r->rig.device, rest, r->rig.now);
	} else if (span_is(verb, "hang-up")) {
		device_hang_up(r->rig.device, r->rig.now);
	} else {
		span_copy(span_word(&rest), text, sizeof text);
		if (!span_is(verb, "delete") || !span_int(span_trim(rest), &index))
			return false;
		device_delete(r->rig.device, text, (int)index, r->rig.now);
	}
	return true;
}

static bool passes(struct replay *r, struct span rest)
{
	int64_t ms = -1, end;

	if (rest.len < 3 || !span_int((struct span){ rest.at, rest.len - 2 }, &ms))
		return false;
	end = r->rig.now.mono_ms + ms;
	while (device_deadline(r->rig.device) <= end) {
		r->rig.now.mono_ms = device_deadline(r->rig.device);
		device_tick(r->rig.device, r->rig.now);
		listen(r);
	}
	r->rig.now.mono_ms = end;
	return true;
}

static bool modem_says(struct replay *r, struct span line)
{
	char text[600];
	int len = snprintf(text, sizeof text, "\r\n%.*s\r\n", (int)line.len, line.at);

	listen(r);
	device_feed(r->rig.device, (struct span){ text, (size_t)len }, r->rig.now);
	listen(r);
	return true;
}

static bool replay_line(struct replay *r, struct span line)
{
	struct span rest = span_skip(line, 2);

	if (line.len == 0 || line.at[0] == '#')
		return true;
	if (span_starts(line, "<> ")) {
		listen(r);
		device_feed(r->rig.device, span_of("\r\n> "), r->rig.now);
		return true;
	}
	switch (line.at[0]) {
	case '@':
		return act(r, rest);
	case '>':
		return we_say(r, rest);
	case '<':
		return modem_says(r, rest);
	case '+':
		return passes(r, rest);
	case '=':
		return event_is(r, rest);
	default:
		return false;
	}
}

static void replay(const char *name)
{
	static struct replay r;
	char path[200], line[600];
	FILE *file;

	r = (struct replay){ .started = false };
	snprintf(path, sizeof path, FOLDER "%s.at", name);
	file = fopen(path, "r");
	CHECK_ROW(file != NULL, path);
	for (int n = 1; fgets(line, sizeof line, file) != NULL; n++) {
		struct span text = span_of(line);

		text.len -= text.len > 0 && text.at[text.len - 1] == '\n';
		if (!replay_line(&r, text)) {
			print_error("%s:%d: %sstill unsaid: %s\n", path, n, line,
				    buf_text(&r.said));
			assert_true(false);
		}
	}
	CHECK_ROW(r.started, path);
	CHECK_ROW(r.said.len == 0, path);
	fclose(file);
	buf_free(&r.said);
	rig_free(&r.rig);
}

static void test_transcripts_replay(void **state)
{
	static const char *const names[] = {
		"quectel-ec25-page-call",  "simcom-sim7600-busy", "huawei-e1750-call",
		"quectel-sms-prompt-race", "generic-sms-refused", "simcom-sim800-reboot",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		replay(names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_transcripts_replay) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
