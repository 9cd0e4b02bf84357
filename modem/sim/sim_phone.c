/* The phones' owners: what they do when it rings, when they hear, and when a text comes. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define REJECT_MS   3000
#define FIRST_MS    2000   /* from answering to the first literal key */
#define BETWEEN_MS  1000   /* between two keys */
#define REACTION_MS 1000   /* from hearing to pressing */
#define PATIENCE_MS 120000 /* the longest anybody listens */
#define RECORD_MS   30000  /* a mailbox, after its beep */
#define SCREEN_MS   12000  /* a robot: four seconds of question, eight of listening */
#define ANNOUNCE_MS 20000  /* "the person you have called is not available" */
#define AGAIN_MS    6000   /* who has just pressed does not press at once again */

struct sim_phone *sim_phone_add(struct sim *sim, struct span name, const char *number)
{
	struct sim_phone *p;

	if (array_grow(&sim->phones, &sim->phone_cap, sim->phone_count + 1, sizeof(void *)) < 0)
		return NULL;
	p = calloc(1, sizeof *p);
	if (p == NULL)
		return NULL;
	span_copy(name, p->name, sizeof p->name);
	span_copy(span_of(number), p->number, sizeof p->number);
	p->index = (int)sim->phone_count;
	p->last_modem = -1;
	sim->phones[sim->phone_count++] = p;
	return p;
}

void sim_phone_free(struct sim_phone *p)
{
	for (size_t i = 0; i < p->part_count; i++)
		free(p->parts[i].text);
	free(p->parts);
	free(p);
}

struct sim_phone *sim_phone_by_number(struct sim *sim, const char *number)
{
	if (strncmp(number, "00", 2) == 0)
		number += 2;
	else if (number[0] == '+')
		number++;
	for (size_t i = 0; i < sim->phone_count; i++)
		if (strcmp(sim->phones[i]->number + 1, number) == 0)
			return sim->phones[i];
	return NULL;
}

bool sim_phone_gone(const struct sim *sim, const struct sim_phone *p)
{
	return p->off || (p->plmn[0] != '\0' && sim_network_down(sim, p->plmn));
}

static struct sim_job *in_call(struct sim *sim, const struct sim_phone *p, int64_t due,
			       void (*run)(struct sim *, const struct sim_job *, struct when))
{
	struct sim_job *job = sim_job_add(sim, due, run);

	job->phone = p->index;
	job->call = p->call;
	return job;
}

/* ---- ringing ---- */

static void answer(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL && call->state == SIM_CALL_ALERTING)
		sim_call_answer(sim, call, now);
}

static void reject(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL && call->state == SIM_CALL_ALERTING)
		sim_call_end(sim, call, -1, &(struct sim_end){ "BUSY", 21, "rejected" }, now);
}

/* Do-Not-Disturb lets the second call from one number through inside the window. */
static bool disturbs(struct sim_phone *p, const char *caller, struct when now)
{
	bool again =
		strcmp(p->caller, caller) == 0 && now.mono_ms - p->called_ms <= p->now.window_ms;

	span_copy(span_of(caller), p->caller, sizeof p->caller);
	p->called_ms = now.mono_ms;
	return p->now.manner != SIM_DND || again;
}

static const struct sim_persona *acting(const struct sim_phone *p)
{
	return p->now.manner == SIM_DND || p->now.manner == SIM_SCREENS ? &p->then : &p->now;
}

static const struct sim_persona *acting_in(const struct sim_phone *p, const struct sim_call *call)
{
	return call->from_phone == p->index ? &p->calling : acting(p);
}

void sim_phone_rings(struct sim *sim, struct sim_phone *p, struct sim_call *call,
		     const char *caller, struct when now)
{
	const struct sim_persona *persona = acting(p);

	p->last_modem = call->from_modem;
	if (!disturbs(p, caller, now))
		return; /* the caller hears it ring; nobody else does */
	if (p->now.manner == SIM_SCREENS) {
		in_call(sim, p, now.mono_ms, answer);
		return;
	}
	sim_note(sim, SIM_RINGS, call->from_modem, p, "", now);
	if (persona->manner == SIM_REJECTS && persona->announces)
		in_call(sim, p, now.mono_ms + REJECT_MS, answer);
	else if (persona->manner == SIM_REJECTS || persona->manner == SIM_IS_BUSY)
		in_call(sim, p, now.mono_ms + REJECT_MS, reject);
	else if (persona->manner == SIM_ANSWERS || persona->manner == SIM_VOICEMAIL)
		in_call(sim, p, now.mono_ms + persona->after_ms, answer);
}

/* ---- answered ---- */

static void hang_up(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL)
		sim_call_end(sim, call, -1,
			     &(struct sim_end){ "NO CARRIER", 16,
						acting_in(sim->phones[job->phone], call)->manner ==
								SIM_VOICEMAIL
							? "mailbox hangs up"
							: "phone hangs up" },
			     now);
}

static void press_key(struct sim *sim, struct sim_phone *p, struct sim_call *call, char key,
		      struct when now)
{
	const char text[2] = { key, '\0' };

	sim_note(sim, SIM_PRESSED, call->from_modem >= 0 ? call->from_modem : call->to_modem, p,
		 text, now);
	call->pressed_ms = now.mono_ms;
	if (call->from_modem >= 0)
		sim_call_key(sim, call, call->from_modem, key, now);
	else
		sim_call_key(sim, call, call->to_modem, key, now);
}

static void press(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL && call->state == SIM_CALL_ACTIVE)
		press_key(sim, sim->phones[job->phone], call, (char)job->n, now);
}

void sim_phone_press_all(struct sim *sim, const struct sim_phone *p, const char *keys, int64_t at)
{
	for (; *keys != '\0'; keys++, at += BETWEEN_MS)
		in_call(sim, p, at, press)->n = (unsigned char)*keys;
}

/* A mailbox whose greeting sounds like keys: no owner presses, but the detector hears. */
static void talk_off(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL)
		sim_call_key(sim, call, call->from_modem, (char)job->n, now);
}

/* Speak now. */
static void beep(struct sim *sim, const struct sim_job *job, struct when now)
{
	const struct sim_call *call = sim_call_find(sim, job->call);

	(void)now;
	if (call != NULL)
		sim_pcm_tone(sim->modems[call->from_modem], 'b');
}

static void greet(struct sim *sim, struct sim_phone *p, const struct sim_call *call,
		  struct when now)
{
	int64_t each = sim->modems[call->from_modem]->char_ms;
	int64_t at = now.mono_ms;

	for (const char *c = acting(p)->greeting; *c != '\0'; c++, at += each)
		if (acting(p)->tones && strchr("0123456789*#", *c) != NULL)
			in_call(sim, p, at, talk_off)->n = (unsigned char)*c;
	in_call(sim, p, at, beep);
	in_call(sim, p, at + RECORD_MS, hang_up);
}

static void talk(struct sim *sim, struct sim_phone *p, const struct sim_call *call,
		 struct when now);

/* She takes over from the robot, and has heard nothing yet. */
static void comes(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call == NULL)
		return;
	call->joined = true;
	call->joined_ms = now.mono_ms;
	call->heard[0] = '\0';
	talk(sim, sim->phones[job->phone], call, now);
	if (call->speaker >= 0 && call->speech_reaches)
		sim_phone_hears(sim, call, sim->modems[call->speaker]->char_ms);
}

/* The robot has listened: who said nothing is sent away, who said something rings. */
static void screened(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);
	struct sim_phone *p = sim->phones[job->phone];

	if (call == NULL)
		return;
	if (call->heard[0] == '\0' && (call->speaker < 0 || !call->speech_reaches)) {
		hang_up(sim, job, now);
		return;
	}
	sim_note(sim, SIM_RINGS, call->from_modem, p, "", now);
	if (p->then.manner == SIM_ANSWERS)
		in_call(sim, p, now.mono_ms + p->then.after_ms, comes);
	else
		in_call(sim, p, now.mono_ms + REJECT_MS, hang_up);
}

static void talk(struct sim *sim, struct sim_phone *p, const struct sim_call *call, struct when now)
{
	const struct sim_persona *persona = acting_in(p, call);

	sim_phone_press_all(sim, p, persona->keys, now.mono_ms + FIRST_MS);
	in_call(sim, p, now.mono_ms + (persona->hang_up_ms > 0 ? persona->hang_up_ms : PATIENCE_MS),
		hang_up);
}

void sim_phone_answered(struct sim *sim, struct sim_phone *p, struct sim_call *call,
			struct when now)
{
	bool rung = call->from_phone != p->index;

	if (rung && p->now.manner == SIM_SCREENS)
		in_call(sim, p, now.mono_ms + SCREEN_MS, screened);
	else if (rung && acting(p)->manner == SIM_VOICEMAIL)
		greet(sim, p, call, now);
	else if (rung && acting(p)->manner == SIM_REJECTS)
		in_call(sim, p, now.mono_ms + ANNOUNCE_MS, hang_up);
	else
		talk(sim, p, call, now);
}

/* ---- listening ---- */

/* The end of the challenge has just been spoken: press, unless the speech was cut off before. */
static void understand(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);
	const struct sim_phone *p = sim->phones[job->phone];
	int64_t at = now.mono_ms + REACTION_MS + sim_random(sim, 200);

	if (call == NULL || call->speech_id != job->n || job->text == NULL ||
	    (call->pressed_ms != 0 && at - call->pressed_ms < AGAIN_MS &&
	     strcmp(call->pressed, job->text) == 0))
		return;
	call->pressed_ms = at;
	span_copy(span_of(job->text), call->pressed, sizeof call->pressed);
	for (const char *key = job->text; *key != '\0'; key++) {
		in_call(sim, p, at, press)->n = (unsigned char)*key;
		at += BETWEEN_MS - 100 + sim_random(sim, 200);
	}
}

/* Characters, not bytes, of a piece of UTF-8. */
static int64_t characters(const char *from, size_t len)
{
	int64_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)from[i] & 0xC0) != 0x80;
	return count;
}

void sim_phone_hears(struct sim *sim, struct sim_call *call, int64_t each_ms)
{
	int listener = call->to_phone >= 0 ? call->to_phone : call->from_phone;
	struct sim_phone *p = listener < 0 ? NULL : sim->phones[listener];
	struct buf text = { .limit = 8192 };
	struct buf press = { .limit = 32 };
	size_t before = strlen(call->heard);
	size_t at = 0;
	size_t missed = sim_speech_missed(sim, call);
	int64_t began = call->speech_began + (int64_t)missed * each_ms;
	char keys[3];

	if (p == NULL || !acting_in(p, call)->challenge ||
	    (listener == call->to_phone && p->now.manner == SIM_SCREENS && !call->joined))
		return;
	buf_add_text(&text, call->heard);
	for (size_t i = missed; i < call->speech_len; i++) {
		uint32_t c = call->speech[i];

		utf8_add(&text, c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	for (;;) {
		size_t end = sim_challenge_find(buf_text(&text) + at, keys);
		struct sim_job *job;

		if (end == 0)
			break;
		at += end;
		if (at <= before)
			continue;
		job = in_call(sim, p,
			      began + characters(buf_text(&text) + before, at - before) * each_ms,
			      understand);
		job->n = call->speech_id;
		buf_clear(&press);
		buf_addf(&press, "%s%s%s", acting_in(p, call)->before, keys,
			 acting_in(p, call)->behind);
		job->text = span_dup(buf_span(&press));
	}
	buf_free(&press);
	buf_free(&text);
}

/* ---- texts ---- */

static bool take_code(struct sim_phone *p, const char *at)
{
	size_t len = strspn(at, "0123456789");

	if (len < 4 || len > 6)
		return false;
	span_copy((struct span){ at, len }, p->code, sizeof p->code);
	return true;
}

/* The 4 to 6 digits that the text asks to be sent back: after "ACK ", else the first such group. */
static void find_code(struct sim_phone *p, const char *text)
{
	for (const char *asked = text; (asked = strstr(asked, "ACK ")) != NULL;) {
		asked += strlen("ACK ");
		if (take_code(p, asked))
			return;
	}
	while (*text != '\0' && !take_code(p, text)) {
		size_t digits = strspn(text, "0123456789");

		text += digits > 0 ? digits : 1;
	}
}

/* "{code}" is the code she was sent last; \" and \n stand for themselves, as a line of the script cannot hold them. */
static void fill_code(const struct sim_phone *p, const char *text, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (strncmp(text, "{code}", 6) == 0) {
			buf_add_text(out, p->code);
			text += 5;
		} else if (text[0] == '\\' && text[1] != '\0') {
			char c = *++text;

			if (c == 'n')
				c = '\n';
			buf_add_char(out, c);
		} else {
			buf_add_char(out, *text);
		}
	}
}

void sim_phone_texts(struct sim *sim, struct sim_phone *p, int modem, struct span text,
		     struct when now)
{
	char *plain = span_dup(text);
	struct buf out = { .limit = 2000 };

	if (plain != NULL && !sim_phone_gone(sim, p)) {
		fill_code(p, plain, &out);
		sim_note(sim, SIM_REPLIED, modem, p, buf_text(&out), now);
		sim_net_text(sim, p, modem, buf_span(&out), now);
	}
	buf_free(&out);
	free(plain);
}

static void reply(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_phone *p = sim->phones[job->phone];

	if (job->text != NULL)
		sim_phone_texts(sim, p, job->modem, span_of(job->text), now);
}

/* Does it say what to answer?  A confirmation, or what somebody else did, needs none. */
static bool asks_for_reply(const char *text)
{
	return strstr(text, "reply ACK ") != NULL || strstr(text, "Reply ACK ") != NULL;
}

static void whole_text(struct sim *sim, struct sim_phone *p, int modem, const char *text,
		       struct when now)
{
	struct sim_job *job;
	struct buf out = { .limit = 2000 };

	sim_note(sim, SIM_TEXTED, modem, p, text, now);
	p->last_modem = modem;
	find_code(p, text);
	if (!p->replies || (!p->replies_always && !asks_for_reply(text)))
		return;
	fill_code(p, p->reply, &out); /* now: a later text may bring another code */
	job = sim_job_add(sim, now.mono_ms + p->reply_ms, reply);
	job->phone = p->index;
	job->modem = modem;
	job->text = span_dup(buf_span(&out));
	buf_free(&out);
}

static bool same_message(const struct sim_part *a, const struct sim_concat *concat,
			 const char *from)
{
	return a->concat.ref == concat->ref && a->concat.total == concat->total &&
	       strcmp(a->from, from) == 0;
}

static const struct sim_part *part(const struct sim_phone *p, const struct sim_concat *concat,
				   const char *from, unsigned seq)
{
	for (size_t i = 0; i < p->part_count; i++)
		if (same_message(&p->parts[i], concat, from) && p->parts[i].concat.seq == seq)
			return &p->parts[i];
	return NULL;
}

/* Appends the whole text when all parts are there, and forgets them. */
static bool join(struct sim_phone *p, const struct sim_concat *concat, const char *from,
		 struct buf *text)
{
	size_t kept = 0;

	for (unsigned seq = 1; seq <= concat->total; seq++)
		if (part(p, concat, from, seq) == NULL)
			return false;
	for (unsigned seq = 1; seq <= concat->total; seq++)
		buf_add_text(text, part(p, concat, from, seq)->text);
	for (size_t i = 0; i < p->part_count; i++) {
		if (same_message(&p->parts[i], concat, from))
			free(p->parts[i].text);
		else
			p->parts[kept++] = p->parts[i];
	}
	p->part_count = kept;
	return true;
}

void sim_phone_receives(struct sim *sim, struct sim_phone *p, const struct sim_message *message,
			struct when now)
{
	struct buf text = { .limit = 2040 };
	struct buf whole = { .limit = 2040 };
	struct sim_concat concat;

	if (!sim_pdu_text(&message->ud, &text, &concat))
		buf_add_text(&text, "(not text)");
	if (concat.total <= 1) {
		whole_text(sim, p, message->from_modem, buf_text(&text), now);
	} else if (part(p, &concat, message->from, concat.seq) == NULL &&
		   array_grow(&p->parts, &p->part_cap, p->part_count + 1, sizeof *p->parts) == 0) {
		struct sim_part *new = &p->parts[p->part_count++];

		*new = (struct sim_part){ .concat = concat };
		span_copy(span_of(message->from), new->from, sizeof new->from);
		new->text = span_dup(buf_span(&text));
		if (join(p, &concat, message->from, &whole))
			whole_text(sim, p, message->from_modem, buf_text(&whole), now);
	}
	buf_free(&text);
	buf_free(&whole);
}
