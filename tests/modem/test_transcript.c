/* Replays tests/transcripts. */
#include "modem/device.h"
#include "modem/profile.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/transcripts/"

/* What a transcript shows of its profile. */
enum shown {
	STARTED = 1 << 0, /* with its start in full */
	SENT = 1 << 1,
	RECEIVED = 1 << 2,
	ANSWERED = 1 << 3, /* a call */
	KEYED = 1 << 4,
	BEGAN_AGAIN = 1 << 5, /* after a restart that nobody asked for */
};

struct answer {
	char command[100];
	struct buf says;
};

struct replay {
	struct rig rig;
	struct buf
		said; /* by us, not yet compared: a command with its CR, or a body with its Ctrl-Z */
	bool started, in_start;
	struct answer answers[COUNT_OF(((struct far_end *)0)->answers)]; /* to our commands */
	size_t answer_count;
	struct buf power_up; /* what the modem says first in its start */
	unsigned shows;      /* enum shown */
	size_t piece;        /* bytes of a line that arrive at once */
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

static bool event_is(struct replay *r, struct span want)
{
	struct device_event event;
	char text[300];

	listen(r);
	do /* of the card the owner has nothing to hear here */
		if (!device_take(r->rig.device, &event))
			return false;
	while (event.kind == DEVICE_EVENT_CARD);
	rig_event_words(&event, text, sizeof text);
	if (event.kind == DEVICE_EVENT_SENT && event.outcome == DEVICE_ACCEPTED)
		r->shows |= SENT;
	r->shows |= event.kind == DEVICE_EVENT_RECEIVED   ? RECEIVED
		    : event.kind == DEVICE_EVENT_ANSWERED ? ANSWERED
		    : event.kind == DEVICE_EVENT_KEY      ? KEYED
							  : 0u;
	if (strncmp(text, want.at, want.len) == 0)
		return true;
	print_error("event: %s\n", text);
	return false;
}

/* The n-th answer to one command is for the n-th time it is said, the last one for all further times. */
static struct answer *add_answer(struct replay *r, struct span command, bool whole)
{
	struct far_end *far = &r->rig.far;
	struct answer *a = &r->answers[r->answer_count];

	if (r->answer_count == COUNT_OF(r->answers))
		return NULL;
	for (size_t i = 0; i < r->answer_count; i++)
		if (span_is(command, r->answers[i].command) && far->answers[i].times == 0)
			far->answers[i].times = 1;
	span_copy(command, a->command, sizeof a->command);
	buf_add_text(&a->says, "");
	far->answers[r->answer_count++] =
		(struct far_answer){ a->command, whole, buf_text(&a->says), 0 };
	far->answer_count = r->answer_count;
	return a;
}

static void answer_line(struct replay *r, struct span line)
{
	struct answer *a = &r->answers[r->answer_count - 1];

	buf_add_text(&a->says, "\r\n");
	buf_add(&a->says, line);
	buf_add_text(&a->says, "\r\n");
	r->rig.far.answers[r->answer_count - 1].answer = buf_text(&a->says);
}

/* The line, and OK unless it is an error. */
static bool answers(struct replay *r, struct span command, struct span line)
{
	bool error = span_is(line, "ERROR") || span_starts(line, "+CME ERROR:") ||
		     span_starts(line, "+CMS ERROR:") || span_starts(line, "COMMAND NOT");

	if (add_answer(r, command, false) == NULL)
		return false;
	if (line.len > 0)
		answer_line(r, line);
	if (!error)
		answer_line(r, span_of("OK"));
	return true;
}

/* A restart without a word: once, the modem shows settings that are not ours. */
static bool forgets(struct replay *r)
{
	struct far_end *far = &r->rig.far;

	if (r->answer_count == COUNT_OF(far->answers))
		return false;
	memmove(far->answers + 1, far->answers, far->answer_count * sizeof far->answers[0]);
	far->answers[0] =
		(struct far_answer){ "AT+CNMI?", true, "\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n", 1 };
	r->answer_count = COUNT_OF(far->answers); /* no more of them from here on */
	far->answer_count++;
	return true;
}

static bool is_ready(struct replay *r)
{
	struct device_event event;

	r->started = true;
	r->in_start = false;
	while (device_take(r->rig.device, &event))
		;
	return device_status(r->rig.device)->state == DEVICE_READY;
}

/* The rest of the start goes by the far end's own answers. */
static bool ready(struct replay *r, struct span rest)
{
	if (!answers(r, span_of("AT+CGMI"), span_word(&rest)) ||
	    !answers(r, span_of("AT+CGMM"), span_trim(rest)))
		return false;
	rig_open(&r->rig);
	rig_run(&r->rig, 1000);
	return is_ready(r);
}

/* Of the start only the order is free, and what else we ask is answered by the far end. */
static bool started(struct replay *r)
{
	bool all = true;

	rig_open(&r->rig);
	rig_say(&r->rig, buf_text(&r->power_up));
	for (int i = 0; i < 60 && device_status(r->rig.device)->state != DEVICE_READY; i++)
		rig_run(&r->rig, 1000);
	for (size_t i = 0; i < r->answer_count; i++) {
		char text[110];

		snprintf(text, sizeof text, "%s\r", r->answers[i].command);
		if (far_heard(&r->rig.far, text) == 0) {
			print_error("never said: %s\n", r->answers[i].command);
			all = false;
		}
	}
	r->shows |= STARTED;
	return is_ready(r) && all;
}

static bool start_line(struct replay *r, struct span line)
{
	struct span rest = span_skip(line, 2);

	if (span_is(line, "@ started"))
		return started(r);
	if (span_starts(line, "> "))
		return add_answer(r, rest, true) != NULL;
	if (!span_starts(line, "< "))
		return false;
	if (r->answer_count > 0) {
		answer_line(r, rest);
		return true;
	}
	buf_add_text(&r->power_up, "\r\n");
	buf_add(&r->power_up, rest);
	buf_add_text(&r->power_up, "\r\n");
	return true;
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
	if (far_heard(&r->rig.far, "AT+CMGF=0\r") > 0 &&
	    device_status(r->rig.device)->state == DEVICE_READY)
		r->shows |= BEGAN_AGAIN;
	return true;
}

static bool is(const struct replay *r, struct span rest)
{
	const struct device_status *status = device_status(r->rig.device);
	char text[100];

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
	if (span_is(verb, "start"))
		return r->in_start = !r->started;
	if (span_is(verb, "ready"))
		return ready(r, rest);
	if (span_is(verb, "answer")) {
		verb = span_word(&rest);
		return answers(r, verb, span_trim(rest));
	}
	if (span_is(verb, "is"))
		return is(r, rest);
	if (span_is(verb, "forgets"))
		return forgets(r);
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
	for (size_t at = 0; at < (size_t)len; at += r->piece) {
		size_t left = (size_t)len - at;
		struct span piece = { text + at, left < r->piece ? left : r->piece };

		device_feed(r->rig.device, piece, r->rig.now);
	}
	listen(r);
	return true;
}

static bool replay_line(struct replay *r, struct span line)
{
	struct span rest = span_skip(line, 2);

	if (line.len == 0 || line.at[0] == '#')
		return true;
	if (r->in_start)
		return start_line(r, line);
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

static unsigned shown[64]; /* of each profile, by its number: enum shown */

static void remember(const struct replay *r)
{
	const struct device_status *status = device_status(r->rig.device);

	for (size_t n = 0; profile_at(n) != NULL && n < COUNT_OF(shown); n++)
		if (strcmp(profile_at(n)->name, status->profile) == 0)
			shown[n] |= r->shows;
}

static void clear(struct replay *r)
{
	for (size_t i = 0; i < COUNT_OF(r->answers); i++)
		buf_free(&r->answers[i].says);
	buf_free(&r->power_up);
	buf_free(&r->said);
	rig_free(&r->rig);
}

static bool replay(const char *path, size_t piece)
{
	static struct replay r;
	char line[600];
	FILE *file = fopen(path, "r");
	bool good = true;

	r = (struct replay){ .piece = piece };
	rig_init(&r.rig, NULL);
	CHECK_ROW(file != NULL, path);
	for (int n = 1; good && fgets(line, sizeof line, file) != NULL; n++) {
		struct span text = span_of(line);

		text.len -= text.len > 0 && text.at[text.len - 1] == '\n';
		good = replay_line(&r, text);
		if (!good)
			print_error("%s:%d: %sstill unsaid: %s\n", path, n, line,
				    buf_text(&r.said));
	}
	fclose(file);
	if (good && (!r.started || r.said.len > 0)) {
		print_error("%s: %s\n", path, r.started ? buf_text(&r.said) : "no start");
		good = false;
	}
	remember(&r);
	clear(&r);
	return good;
}

static void replay_all(size_t piece)
{
	glob_t found;
	int bad = 0;

	assert_int_equal(glob(FOLDER "*.at", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		bad += !replay(found.gl_pathv[i], piece);
	globfree(&found);
	assert_int_equal(bad, 0);
}

static void test_transcripts_replay(void **state)
{
	(void)state;
	replay_all(600);
}

static void test_transcripts_replay_however_they_are_cut(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 8; piece += 2)
		replay_all(piece);
}

/* Needs the tests above.  A call's answer and its keys only of those that can have them. */
static void test_every_profile_has_a_whole_transcript(void **state)
{
	const struct profile *p;

	(void)state;
	for (size_t n = 0; (p = profile_at(n)) != NULL; n++) {
		unsigned want = STARTED | SENT | RECEIVED | BEGAN_AGAIN;

		if ((p->quirks & PROFILE_NO_VOICE) == 0)
			want |= ANSWERED;
		if (p->dtmf != NULL)
			want |= KEYED;
		CHECK_ROW(n < COUNT_OF(shown), p->name);
		if ((shown[n] & want) != want)
			print_error("%s lacks %02x\n", p->name, want & ~shown[n]);
		CHECK_ROW((shown[n] & want) == want, p->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transcripts_replay),
		cmocka_unit_test(test_transcripts_replay_however_they_are_cut),
		cmocka_unit_test(test_every_profile_has_a_whole_transcript),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
