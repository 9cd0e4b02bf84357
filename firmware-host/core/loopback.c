/* "tocsin loopback A B": A calls B, which takes it; a tone from A is heard at B, and one back.  Nobody's phone rings.
 *
 * It is a live call of the lowest rank on both paths: any page ends it.
 */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"

#define THERE     '5'
#define BACK      '9'
#define AGAIN_MS  3000 /* the sound may be late */
#define WITHIN_MS 60000
#define TALK_MS   30000
#define RING_MS   30000

static void answer(struct gateway *g, const char *why, struct when now)
{
	struct loopback *loop = &g->loopback;
	const struct path *a = &g->paths[loop->from], *b = &g->paths[loop->to];
	struct held held = { .kind = HELD_ANSWER };
	struct jsonw json = { .out = &held.answer.json };
	bool good = loop->there && loop->back;
	char words[200];

	snprintf(words, sizeof words, "%s to %s: %s, back: %s%s%s", a->modem.name, b->modem.name,
		 loop->there ? "heard" : "not heard", loop->back ? "heard" : "not heard",
		 good ? "" : "; ", good ? "" : why);
	ledger_record(g, now, "audio.loopback", (struct about){ .modem = a->modem.name }, words);
	held.answer.ticket = loop->ticket;
	held.answer.status = good ? 0 : 1;
	jsonw_object(&json, NULL);
	jsonw_string(&json, "from", a->modem.name);
	jsonw_string(&json, "to", b->modem.name);
	jsonw_bool(&json, "there", loop->there);
	jsonw_bool(&json, "back", loop->back);
	jsonw_bool(&json, "ok", good);
	if (!good)
		jsonw_string(&json, "error", words);
	jsonw_int(&json, "status", held.answer.status);
	jsonw_end_object(&json);
	loop->waits = false;
	ledger_hold(g, held);
}

/* Tells how it went, once, and hangs up. */
static void finish(struct gateway *g, const char *why, struct when now)
{
	struct loopback *loop = &g->loopback;
	size_t ends[] = { loop->from, loop->to };

	if (loop->waits)
		answer(g, why, now);
	loop->due = loop->until = WHEN_NEVER;
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (g->paths[ends[i]].call.attempt == loop->attempt)
			device_hang_up(g->paths[ends[i]].device, now);
}

static void sound(struct gateway *g, struct when now)
{
	struct loopback *loop = &g->loopback;

	loop->due = now.mono_ms + AGAIN_MS;
	device_tone(g->paths[loop->there ? loop->to : loop->from].device,
		    loop->there ? BACK : THERE);
}

static void heard(struct gateway *g, size_t path, char key, struct when now)
{
	struct loopback *loop = &g->loopback;

	if (!loop->there && path == loop->to && key == THERE) {
		loop->there = true;
		sound(g, now);
	} else if (loop->there && path == loop->from && key == BACK) {
		loop->back = true;
		finish(g, "", now);
	}
}

static void over(struct gateway *g, size_t index, const struct device_event *event, struct when now)
{
	struct loopback *loop = &g->loopback;
	struct path *path = &g->paths[index];

	path->call = (struct live_call){ .due = WHEN_NEVER };
	path->spent_dirty = true;
	if (index == loop->from)
		guard_talked(path->guard, event->talked_s, now);
	finish(g, "the call ended", now);
	if (g->paths[loop->from].call.attempt != loop->attempt &&
	    g->paths[loop->to].call.attempt != loop->attempt)
		loop->attempt = 0;
}

static void hold_path(struct gateway *g, size_t index)
{
	g->paths[index].call = (struct live_call){ .attempt = g->loopback.attempt,
						   .rank = (int)g->plan->severity_count,
						   .due = WHEN_NEVER,
						   .known = WHEN_NEVER,
						   .likely = WHEN_NEVER };
}

static bool takes(struct gateway *g, size_t index, const struct device_event *event,
		  struct when now)
{
	struct loopback *loop = &g->loopback;
	struct err err = { 0 };

	if (loop->attempt == 0 || !loop->waits || index != loop->to ||
	    g->paths[index].call.attempt != 0 ||
	    strcmp(event->text, g->paths[loop->from].modem.number) != 0)
		return false;
	if (device_answer(g->paths[index].device, loop->attempt, TALK_MS, now, &err) == 0)
		hold_path(g, index);
	else
		finish(g, err.text, now);
	return true;
}

bool loopback_event(struct gateway *g, size_t index, const struct device_event *event,
		    struct when now)
{
	struct loopback *loop = &g->loopback;

	if (event->kind == DEVICE_EVENT_INCOMING)
		return takes(g, index, event, now);
	if (loop->attempt == 0 || event->attempt != loop->attempt)
		return false;
	if (event->kind == DEVICE_EVENT_ANSWERED && index == loop->from)
		sound(g, now);
	else if (event->kind == DEVICE_EVENT_KEY)
		heard(g, index, event->key, now);
	else if (event->kind == DEVICE_EVENT_AUDIO)
		finish(g, event->text, now);
	else if (event->kind == DEVICE_EVENT_CALL_ENDED)
		over(g, index, event, now);
	return true;
}

void loopback_tick(struct gateway *g, struct when now)
{
	struct loopback *loop = &g->loopback;

	if (loop->attempt == 0)
		return;
	if (now.mono_ms >= loop->until)
		finish(g, "no sound in a minute", now);
	else if (now.mono_ms >= loop->due)
		sound(g, now);
}

int64_t loopback_deadline(const struct gateway *g)
{
	if (g->loopback.attempt == 0)
		return WHEN_NEVER;
	return when_sooner(g->loopback.due, g->loopback.until);
}

/* Why this modem cannot take part now, in words; NULL: it can. */
static const char *unfit(const struct path *path)
{
	const struct device_status *status = device_status(path->device);

	if (path->modem.number[0] == '\0')
		return "its number is not in the configuration";
	if (status->state != DEVICE_READY || !status->voice)
		return "it cannot call now";
	if (status->audio != DEVICE_AUDIO_HOST)
		return "its sound does not come to the host (modems.audio)";
	return path->call.attempt != 0 ? "it is in a call" : NULL;
}

static int find(struct asked *asked, const char *key, size_t *path)
{
	const char *name = asked_get(asked, key);
	int index = name == NULL ? -1 : fleet_find(asked->g, name);
	const char *why;

	if (index < 0)
		return asked_usage(asked, "which two modems? as in: tocsin loopback alpha beta");
	why = unfit(&asked->g->paths[index]);
	*path = (size_t)index;
	if (why == NULL)
		return 0;
	err_set(&asked->err, ERR_REFUSED, "modem %.23s: %s", name, why);
	return STATUS_REFUSED;
}

int loopback_ask(struct asked *asked)
{
	struct gateway *g = asked->g;
	struct loopback loop = { .ticket = asked->request->ticket,
				 .waits = true,
				 .due = WHEN_NEVER,
				 .until = asked->now.mono_ms + WITHIN_MS };
	struct device_call call = { .ring_ms = RING_MS, .talk_ms = TALK_MS };
	int rc = find(asked, "from", &loop.from);

	if (rc == 0)
		rc = find(asked, "to", &loop.to);
	if (rc != 0)
		return rc;
	if (loop.from == loop.to)
		return asked_usage(asked, "two different modems, one calls the other");
	if (g->loopback.attempt != 0)
		return asked_refuse(asked, "another loopback call is under way: ask again");
	loop.attempt = call.attempt = ++g->last_attempt;
	call.to = g->paths[loop.to].modem.number;
	rc = device_call(g->paths[loop.from].device, &call, asked->now, &asked->err);
	if (rc == DEVICE_BUSY)
		return asked_refuse(asked, "the first modem is busy: ask again");
	if (rc < 0)
		return STATUS_REFUSED;
	g->loopback = loop;
	hold_path(g, loop.from);
	g->paths[loop.from].spent_dirty = true;
	asked->later = true;
	return 0;
}
