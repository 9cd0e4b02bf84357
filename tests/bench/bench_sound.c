/* bench_sound - how well keys are heard, how often speech is taken for one, and what a call costs.
 *
 * The table: keys of each length, in white noise, through each codec; each is to be heard once and as itself.  Talk-off: half an hour of
 * what the gateway says and half an hour of another voice, straight and through GSM.  A call: frames each way, alone and in the daemon.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audio/codec.h"
#include "audio/signal.h"
#include "audio/speech.h"
#include "audio/tones.h"
#include "audio/voice.h"
#include "tests/support/two_calls.h"

#define KEYS     200 /* a cell of the table */
#define KEY_DBM0 (-12.0)
#define TWIST_DB 2.0
#define TALK_S   1800
#define CALL_S   600
#define PERCENT  3.0 /* of a core a call may cost */
#define SENTENCE 300
#define LATE_MS  10.0 /* other work while two calls are up, p99 */

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void out_of_memory(void)
{
	fprintf(stderr, "bench_sound: out of memory\n");
	exit(1);
}

/* ---- the table ---- */

struct ear {
	struct codec *codec;
	struct tones *tones;
	uint64_t random;
};

static void ear_open(struct ear *ear, enum codec_kind kind)
{
	struct err err;

	ear->random = 7;
	if (codec_new(&ear->codec, kind, &err) < 0 || tones_new(&ear->tones, &err) < 0)
		out_of_memory();
}

static void ear_close(struct ear *ear)
{
	codec_free(ear->codec);
	tones_free(ear->tones);
}

/* One key, with silence around it.  True: it was heard once, and nothing else was. */
static bool one_key(struct ear *ear, char key, size_t ms, double snr_db)
{
	const double level = KEY_DBM0 + 10 * log10(1 + pow(10, TWIST_DB / 10));
	size_t begins = SOUND_MS(120) + ear->random % SOUND_FRAME;
	size_t len = (begins + SOUND_MS(ms + 200)) / SOUND_FRAME * SOUND_FRAME;
	int16_t *line = calloc(len, sizeof *line);
	int right = 0, wrong = 0;

	if (line == NULL)
		out_of_memory();
	signal_add_key(line + begins, SOUND_MS(ms), key, KEY_DBM0, TWIST_DB, 0);
	signal_add_noise(line, len, level - snr_db, &ear->random);
	for (size_t i = 0; i < len; i += SOUND_FRAME) {
		struct tone heard[TONES_MAX];
		size_t n;

		codec_pass(ear->codec, line + i);
		n = tones_hear(ear->tones, line + i, SOUND_FRAME, heard);
		for (size_t k = 0; k < n; k++)
			if (heard[k].kind == TONE_KEY)
				*(heard[k].key == key ? &right : &wrong) += 1;
	}
	free(line);
	return right == 1 && wrong == 0;
}

static void table(void)
{
	static const size_t lengths[] = { 40, 60, 80, 100, 150, 250 };
	static const double noises[] = { 30, 20, 15, 10 };
	static const char keys[] = "123456789*0#";

	for (int c = 0; c < CODEC_KINDS; c++) {
		printf("keys heard, codec %-8s snr", codec_name((enum codec_kind)c));
		for (size_t n = 0; n < COUNT_OF(noises); n++)
			printf(" %4.0f dB", noises[n]);
		printf("\n");
		for (size_t l = 0; l < COUNT_OF(lengths); l++) {
			printf("  %29zu ms", lengths[l]);
			for (size_t n = 0; n < COUNT_OF(noises); n++) {
				struct ear ear;
				int good = 0;

				ear_open(&ear, (enum codec_kind)c);
				for (int k = 0; k < KEYS; k++)
					good += one_key(&ear, keys[k % 12], lengths[l], noises[n]);
				ear_close(&ear);
				printf("  %5.1f%%", 100.0 * good / KEYS);
				fflush(stdout);
			}
			printf("\n");
		}
	}
}

/* ---- talk-off ---- */

/* Something that a pager says, never twice the same. */
static void sentence(uint64_t *random, char text[SENTENCE])
{
	static const char *const parts[][8] = {
		{ "S E V 1: ", "S E V 2: ", "Drill. ", "Then ", "The worst: ", "4 pages. ",
		  "This is Tocsin, the pager, for Ada. ", "Thank you. It is yours. " },
		{ "D B 1", "node 7", "the checkout", "5 X X at the A P I", "disk space on web 12",
		  "the payment queue", "a certificate of the edge", "replication in E U west 1" },
		{ " is down", " is slow", " has failed 3 times", " is over 95 percent",
		  " does not answer", " was lost at 3 oh 5", " is back", " is without a leader" },
		{ ", orders are lost. ", " since nine minutes ago. ", ", nobody has looked. ",
		  " and rising. ", ". See the text. ", ", all of them. ", " again. ",
		  " in zone B. " },
		{ "To take it, press 4, then 7.", "To pass it on, press 5 first.", "Star repeats.",
		  "That was not right. Press 2, then 9.", "Bob has it already. Goodbye.",
		  "Please reply ACK and the code by text.", "It is resolved already.",
		  "The person on call is paged too." },
	};
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		*random = *random * 6364136223846793005u + 1442695040888963407u;
		len += (size_t)snprintf(text + len, SENTENCE - len, "%s",
					parts[i][*random >> 40 & 7]);
	}
}

/* Keys and beeps heard in so much of this voice. */
static long talk(const char *voice, enum codec_kind kind, long *beeps)
{
	struct ear ear;
	uint64_t random = 11;
	long false_keys = 0;
	size_t samples = 0;

	ear_open(&ear, kind);
	while (samples < (size_t)TALK_S * SOUND_RATE) {
		struct sound sound = { 0 };
		char text[SENTENCE];
		struct err err;

		sentence(&random, text);
		if (speech_make(&sound, span_of(text), voice, &err) < 0)
			out_of_memory();
		for (size_t i = 0; i + SOUND_FRAME <= sound.count; i += SOUND_FRAME) {
			struct tone heard[TONES_MAX];
			size_t n;

			codec_pass(ear.codec, sound.at + i);
			n = tones_hear(ear.tones, sound.at + i, SOUND_FRAME, heard);
			for (size_t k = 0; k < n; k++)
				*(heard[k].kind == TONE_KEY ? &false_keys : beeps) += 1;
		}
		samples += sound.count;
		sound_free(&sound);
	}
	ear_close(&ear);
	return false_keys;
}

static bool talk_off(void)
{
	static const char *const voices[] = { "kal", "slt" };
	static const enum codec_kind kinds[] = { CODEC_NONE, CODEC_GSM };
	long keys = 0;

	for (size_t v = 0; v < COUNT_OF(voices); v++)
		for (size_t k = 0; k < COUNT_OF(kinds); k++) {
			long beeps = 0;
			long n = talk(voices[v], kinds[k], &beeps);

			printf("talk-off: %d min of %s, codec %s: %ld keys, %ld other tones\n",
			       TALK_S / 60, voices[v], codec_name(kinds[k]), n, beeps);
			keys += n;
		}
	return keys == 0;
}

/* ---- a call ---- */

static bool call_cost(void)
{
	struct sound said = { 0 };
	struct voice *voice;
	struct when now = { 0, 0 };
	uint64_t random = 3;
	struct err err;
	double began, share;

	if (voice_new(&voice, &err) < 0 ||
	    speech_make(&said, span_of("This is Tocsin, the pager. Press 4, then 7."), "kal",
			&err) < 0)
		out_of_memory();
	voice_open(voice, now);
	began = cpu_s();
	for (int i = 0; i < CALL_S * 50; i++, now.mono_ms += 20) {
		int16_t frame[SOUND_FRAME] = { 0 };
		struct voice_event event;

		if (i % 300 == 0)
			voice_say(voice, i + 1, &said);
		signal_add_noise(frame, SOUND_FRAME, -40, &random);
		voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
		voice_wrote(voice, voice_output(voice).len);
		voice_tick(voice, now);
		while (voice_take(voice, &event))
			;
	}
	share = (cpu_s() - began) / CALL_S * 100;
	printf("a call's voice and ear: %.3f %% of a core (limit %.0f %%)\n", share, PERCENT);
	voice_free(voice);
	sound_free(&said);
	return share < PERCENT;
}

static bool beside_two_calls(void)
{
	struct two_calls figures;

	if (!two_calls("bench-sound", &figures)) {
		printf("two calls at once: NOT acked\n");
		return false;
	}
	printf("two calls at once: %.1f %% of a core each (limit %.0f %%); %d questions meanwhile, "
	       "p99 "
	       "%.2f ms (limit %.0f ms), worst %.2f ms\n",
	       figures.percent, PERCENT, figures.asked, figures.p99_ms, LATE_MS, figures.worst_ms);
	return figures.percent < PERCENT && figures.p99_ms < LATE_MS;
}

int main(void)
{
	bool good = call_cost();

	good = beside_two_calls() && good;

	table();
	good = talk_off() && good;
	return good ? 0 : 1;
}
