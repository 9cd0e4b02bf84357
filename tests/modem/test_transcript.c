/* Replays tests/transcripts. */
#include "modem/device.h"
#include "modem/profile.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/transcripts/"

struct replay {
	struct rig rig;
	struct buf
		said; /* by us, not yet compared: a command with its CR, or a body with its Ctrl-Z */
	bool started;
	char answers[8][2][100]; /* to commands of the start: command, answer */
	size_t answer_count;
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
	static const char *const kinds[] = { "none",       "state",    "sent",    "received",
					     "unreadable", "report",   "dialled", "alerting",
					     "answered",   "blind",    "key",     "prompt done",
					     "ended",      "incoming", "reopen" };
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

/* The line, and OK unless it is an error. */
static bool answers(struct replay *r, struct span command, struct span line)
{
	bool error = span_is(line, "ERROR") || span_starts(line, "+CME ERROR:") ||
		     span_starts(line, "+CMS ERROR:") || span_starts(line, "COMMAND NOT");
	char *const at = r->answers[r->answer_count][0];
	char *const says = r->answers[r->answer_count][1];

	if (r->answer_count++ == COUNT_OF(r->answers) || r->started)
		return false;
	span_copy(command, at, sizeof r->answers[0][0]);
	snprintf(says, sizeof r->answers[0][1], "\r\n%.*s\r\n%s", (int)line.len, line.at,
		 error ? "" : "\r\nOK\r\n");
	far_answer(&r->rig.far, at, says, 0);
	return true;
}

/* The rest of the start goes by the far end's own answers. */
static bool ready(struct replay *r, struct span rest)
{
	struct device_event event;

	if (!answers(r, span_of("AT+CGMI"), span_word(&rest)) ||
	    !answers(r, span_of("AT+CGMM"), span_trim(rest)))
		return false;
	rig_open(&r->rig);
	rig_run(&r->rig, 1000);
	r->started = true;
	while (device_take(r->rig.device, &event))
		;
	return device_status(r->rig.device)->state == DEVICE_READY;
}

/* The far end answers by itself for that long. */
static bool runs(struct replay *r, struct span time)
{
	int64_t ms = -1;

	if (time.len < 3 || !span_int((struct span){ time.at, time.len - 2 }, &ms))
		return false;
	buf_clear(&r->rig.far.heard);
	far_feed(&r->rig.far, buf_span(&r->said));
	buf_clear(&r->said);
	rig_run(&r->rig, ms);
	return true;
}

static bool used[64]; /* profiles that were started, by their number */

static bool is(const struct replay *r, struct span rest)
{
	const struct device_status *status = device_status(r->rig.device);
	char text[100];

	for (size_t n = 0; profile_at(n) != NULL && n < COUNT_OF(used); n++)
		used[n] = used[n] || strcmp(profile_at(n)->name, status->profile) == 0;
	snprintf(text, sizeof text, "%s%s%s", status->profile, status->voice ? " voice" : "",
		 status->speech ? " speech" : "");
	return span_is(rest, text);
}

/* A whole command of the start, or since the last "run". */
static bool heard(const struct replay *r, struct span command)
{
	char text[200];

	snprintf(text, sizeof text, "%.*s\r", (int)command.len, command.at);
	return far_heard(&r->rig.far, text) > 0;
}

static bool act(struct replay *r, struct span rest)
{
	struct span verb = span_word(&rest);
	char text[200];
	int64_t index = -1;

	rest = span_trim(rest);
	if (span_is(verb, "ready"))
		return ready(r, rest);
	if (span_is(verb, "answer")) {
		verb = span_word(&rest);
		return answers(r, verb, span_trim(rest));
	}
	if (span_is(verb, "is"))
		return is(r, rest);
	if (span_is(verb, "run"))
		return runs(r, rest);
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
	case '?':
		return heard(r, rest);
	case '!':
		return !heard(r, rest);
	default:
		return false;
	}
}

static void replay(const char *path)
{
	static struct replay r;
	char line[600];
	FILE *file = fopen(path, "r");

	r = (struct replay){ .started = false };
	rig_init(&r.rig, NULL);
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
	glob_t found;

	(void)state;
	assert_int_equal(glob(FOLDER "*.at", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		replay(found.gl_pathv[i]);
	globfree(&found);
}

/* Needs the test above. */
static void test_every_profile_has_a_transcript(void **state)
{
	(void)state;
	for (size_t n = 0; profile_at(n) != NULL; n++)
		CHECK_ROW(n < COUNT_OF(used) && used[n], profile_at(n)->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transcripts_replay),
		cmocka_unit_test(test_every_profile_has_a_transcript),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
