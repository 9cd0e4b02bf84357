/* The modem speaks into a call: it takes time, and what was cut off was not heard. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

/* Code points of the text; UCS-2 in hex has its surrogates joined.  How many, or -1. */
static int read_points(struct span text, bool hex, uint32_t *points, size_t max)
{
	unsigned char octets[1400];
	size_t n = 0;
	int len;

	while (!hex && text.len > 0 && n < max)
		points[n++] = utf8_next(&text);
	if (!hex)
		return (int)n;
	len = sim_pdu_unhex(text, octets, sizeof octets);
	if (len < 0 || len % 2 != 0)
		return -1;
	for (int i = 0; i < len && n < max; i += 2) {
		uint32_t unit = (uint32_t)octets[i] << 8 | octets[i + 1];

		if (unit >= 0xDC00 && unit < 0xE000 && n > 0 && points[n - 1] >= 0xD800 &&
		    points[n - 1] < 0xDC00)
			points[n - 1] =
				0x10000 + ((points[n - 1] - 0xD800) << 10) + (unit - 0xDC00);
		else
			points[n++] = unit;
	}
	return (int)n;
}

static void append_lower(struct sim_call *call, struct span text)
{
	size_t room = sizeof call->heard - 1;
	size_t have;

	if (text.len > room / 2)
		text = span_skip(text, text.len - room / 2);
	have = strlen(call->heard);
	if (have + text.len + 1 > room) { /* the oldest is forgotten */
		size_t drop = have + text.len + 1 - room;

		memmove(call->heard, call->heard + drop, have - drop + 1);
		have -= drop;
	}
	for (size_t i = 0; i < text.len; i++)
		call->heard[have++] =
			(char)(text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] + 32
								      : text.at[i]);
	call->heard[have++] = ' ';
	call->heard[have] = '\0';
}

size_t sim_speech_missed(const struct sim *sim, const struct sim_call *call)
{
	const struct sim_modem *m = sim->modems[call->speaker];
	int64_t open = call->joined_ms;

	if (call->state != SIM_CALL_ACTIVE || !call->speech_reaches || m->audio == SIM_AUDIO_OFF)
		return call->speech_len;
	if (m->audio == SIM_AUDIO_LATE)
		open += m->audio_late_ms;
	if (open <= call->speech_began || m->char_ms == 0)
		return open <= call->speech_began ? 0 : call->speech_len;
	return (size_t)((open - call->speech_began + m->char_ms - 1) / m->char_ms);
}

static void heard(struct sim *sim, struct sim_call *call, size_t points, struct when now)
{
	struct buf text = { .limit = 2040 };
	const char *number = call->speaker == call->from_modem
				     ? call->number
				     : sim_call_party(sim, call, sim->modems[call->speaker]);

	for (size_t i = sim_speech_missed(sim, call); i < points && i < call->speech_len; i++)
		utf8_add(&text, call->speech[i]);
	if (text.len > 0) {
		sim_note_to(sim, SIM_HEARD, call->speaker, number, buf_text(&text), now);
		append_lower(call, buf_span(&text));
	}
	buf_free(&text);
}

static void silence(struct sim_call *call)
{
	free(call->speech);
	call->speech = NULL;
	call->speech_len = 0;
	call->speaker = -1;
	call->speech_id = 0;
}

static void say_done(struct sim *sim, struct sim_modem *m, struct when now)
{
	sim_modem_urc(sim, m, now, m->vendor == SIM_QUECTEL ? "+QWTTS: 0" : "+CTTS: 0");
}

static void spoken(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL && call->speech_id != job->n)
		return;
	if (call != NULL) {
		heard(sim, call, call->speech_len, now);
		silence(call);
	}
	say_done(sim, sim->modems[job->modem], now);
}

static void schedule_done(struct sim *sim, struct sim_modem *m, const struct sim_call *call,
			  size_t points, struct when now)
{
	struct sim_job *job = sim_job_tied(
		sim, m, now.mono_ms + m->slow_ms + (int64_t)points * m->char_ms, spoken);

	if (call == NULL)
		return;
	job->call = call->id;
	job->n = call->speech_id;
}

int sim_speech_start(struct sim *sim, struct sim_modem *m, struct span text, bool hex, bool reaches,
		     struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);
	uint32_t points[1024];
	int count = read_points(text, hex, points, COUNT_OF(points));

	if (count <= 0)
		return -1;
	if (call == NULL) {
		schedule_done(sim, m, NULL, (size_t)count, now);
		return 0;
	}
	silence(call);
	call->speech = calloc((size_t)count, sizeof points[0]);
	if (call->speech == NULL)
		return -1;
	memcpy(call->speech, points, (size_t)count * sizeof points[0]);
	call->speech_len = (size_t)count;
	call->speaker = m->index;
	call->speech_id = ++sim->ids;
	call->speech_began = now.mono_ms + m->slow_ms;
	call->speech_reaches = reaches;
	if (reaches) /* before: what is understood with the last word still counts */
		sim_phone_hears(sim, call, m->char_ms);
	schedule_done(sim, m, call, (size_t)count, now);
	return 0;
}

void sim_speech_stop(struct sim *sim, struct sim_call *call, struct when now)
{
	int64_t each;
	int64_t lasted;

	if (call->speaker < 0)
		return;
	each = sim->modems[call->speaker]->char_ms;
	lasted = now.mono_ms - call->speech_began;
	heard(sim, call, each == 0 || lasted < 0 ? 0 : (size_t)(lasted / each), now);
	silence(call);
}

/* A sentence has come over the line: it is heard at once, and acted upon as if the modem had spoken it. */
static void sentence(struct sim *sim, struct sim_modem *m, struct sim_call *call, struct when now)
{
	struct span rest = span_trim(buf_span(&m->pcm.ear));
	size_t count = 0;

	sim_speech_stop(sim, call, now);
	call->speech = calloc(rest.len + 1, sizeof *call->speech);
	if (call->speech == NULL)
		return;
	while (rest.len > 0)
		call->speech[count++] = utf8_next(&rest);
	call->speech_len = count;
	call->speaker = m->index;
	call->speech_id = ++sim->ids;
	call->speech_began = now.mono_ms;
	call->speech_reaches = true;
	sim_phone_hears(sim, call, 0);
	sim_run_due(sim, now); /* she understands, while it is still this sentence */
	call = sim_call_find(sim, m->call);
	if (call == NULL)
		return;
	heard(sim, call, count, now);
	silence(call);
}

void sim_hears(struct sim *sim, size_t modem, struct span text, bool silent, struct when now)
{
	struct sim_modem *m = sim->modems[modem];
	struct sim_call *call = sim_call_find(sim, m->call);

	if (call == NULL || call->state != SIM_CALL_ACTIVE)
		return;
	for (; text.len > 0; text = span_skip(text, 1)) {
		buf_add(&m->pcm.ear, (struct span){ text.at, 1 });
		if (strchr(".!?", text.at[0]) == NULL)
			continue;
		sentence(sim, m, call, now);
		buf_clear(&m->pcm.ear);
	}
	if (!silent || m->pcm.ear.len == 0)
		return;
	sentence(sim, m, call, now);
	buf_clear(&m->pcm.ear);
}
