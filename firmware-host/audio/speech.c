#include "audio/speech.h"

#include <string.h>

#include <flite/flite.h>

#include "base/buf.h"

/* flite has no header for its voices. */
cst_voice *register_cmu_us_kal(const char *voxdir);
cst_voice *register_cmu_us_slt(const char *voxdir);
void unregister_cmu_us_kal(cst_voice *voice);
void unregister_cmu_us_slt(cst_voice *voice);

static const struct {
	const char *name;
	cst_voice *(*make)(const char *);
	void (*drop)(cst_voice *);
} voices[] = {
	{ "kal", register_cmu_us_kal, unregister_cmu_us_kal }, /* 8 kHz by itself */
	{ "slt", register_cmu_us_slt, unregister_cmu_us_slt },
};

/* Half-asleep people hear it by telephone: slower than read out. */
#define STRETCH 1.15F

static size_t voice_of(const char *name)
{
	size_t i = 0;

	while (i < COUNT_OF(voices) && strcmp(voices[i].name, name) != 0)
		i++;
	return i;
}

bool speech_voice(const char *name)
{
	return voice_of(name) < COUNT_OF(voices);
}

static bool single_capital(struct span word)
{
	return word.len == 1 && word.at[0] >= 'A' && word.at[0] <= 'Z';
}

/* The article, or the letter?  flite says the first at the end of an abbreviation. */
static bool letter_a(struct span before, struct span word)
{
	return span_is(word, "A") && single_capital(before);
}

/* One word as far as flite can take it: of printable ASCII, and with an end. */
static void tame_word(struct buf *out, struct span word)
{
	if (word.len > SPEECH_WORD_MAX)
		word.len = SPEECH_WORD_MAX;
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] > ' ' && word.at[i] < 0x7F)
			buf_add_char(out, word.at[i]);
	buf_add_char(out, ' ');
}

static void tame(struct buf *out, struct span text)
{
	struct span before = { NULL, 0 };
	struct span word;

	while ((word = span_word(&text)).len > 0 && out->len < SPEECH_TEXT_MAX) {
		if (letter_a(before, word))
			buf_add_text(out, "ay ");
		else
			tame_word(out, word);
		before = word;
	}
}

static int take_wave(struct sound *sound, const cst_wave *wave, struct err *err)
{
	size_t count = wave->num_samples > 0 ? (size_t)wave->num_samples : 0;
	size_t most = SPEECH_SOUND_MAX * (size_t)wave->sample_rate / SOUND_RATE;

	if (count > most)
		count = most;
	if (count == 0)
		return err_set(err, ERR_INVALID, "nothing in this text can be spoken");
	return sound_resample(sound, wave->samples, count, (unsigned)wave->sample_rate, err);
}

int speech_make(struct sound *sound, struct span text, const char *voice, struct err *err)
{
	size_t which = voice_of(voice);
	struct sound made = { 0 };
	struct buf tamed = { 0 };
	cst_voice *v;
	cst_wave *wave;
	int rc;

	if (which == COUNT_OF(voices))
		return err_set(err, ERR_INVALID, "voice %s: want kal or slt", voice);
	tame(&tamed, text);
	if (tamed.failed)
		return err_nomem(err);
	flite_init();
	v = voices[which].make(NULL);
	feat_set_float(v->features, "duration_stretch", STRETCH);
	wave = flite_text_to_wave(buf_text(&tamed), v);
	rc = wave == NULL ? err_nomem(err) : take_wave(&made, wave, err);
	if (wave != NULL)
		delete_wave(wave);
	voices[which].drop(v);
	buf_free(&tamed);
	sound_for_telephone(&made);
	if (rc == 0 && sound_add(sound, made.at, made.count) < 0)
		rc = err_nomem(err);
	sound_free(&made);
	return rc;
}
