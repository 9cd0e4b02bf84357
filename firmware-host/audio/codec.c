#include "audio/codec.h"

#include <stdlib.h>

#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>
#include <spandsp/telephony.h>

#include <spandsp/gsm0610.h>

#define CODED_MAX 64 /* octets of a coded frame: 33 of GSM, 32 of AMR */

struct codec {
	enum codec_kind kind;
	gsm0610_state_t *gsm_in, *gsm_out;
	void *amr_in, *amr_out;
};

static const char *const names[] = {
	[CODEC_NONE] = "none",
	[CODEC_GSM] = "gsm",
	[CODEC_AMR] = "amr",
	[CODEC_AMR_LOW] = "amr-low",
};
_Static_assert(COUNT_OF(names) == CODEC_KINDS, "a name for each");

const char *codec_name(enum codec_kind kind)
{
	return names[kind];
}

int codec_new(struct codec **out, enum codec_kind kind, struct err *err)
{
	struct codec *codec = calloc(1, sizeof *codec);
	bool good = codec != NULL;

	if (good && kind == CODEC_GSM) {
		codec->gsm_in = gsm0610_init(NULL, GSM0610_PACKING_VOIP);
		codec->gsm_out = gsm0610_init(NULL, GSM0610_PACKING_VOIP);
		good = codec->gsm_in != NULL && codec->gsm_out != NULL;
	}
	if (good && (kind == CODEC_AMR || kind == CODEC_AMR_LOW)) {
		codec->amr_in = Encoder_Interface_init(0);
		codec->amr_out = Decoder_Interface_init();
		good = codec->amr_in != NULL && codec->amr_out != NULL;
	}
	if (!good) {
		codec_free(codec);
		return err_nomem(err);
	}
	codec->kind = kind;
	*out = codec;
	return 0;
}

void codec_free(struct codec *codec)
{
	if (codec == NULL)
		return;
	if (codec->gsm_in != NULL)
		gsm0610_free(codec->gsm_in);
	if (codec->gsm_out != NULL)
		gsm0610_free(codec->gsm_out);
	if (codec->amr_in != NULL)
		Encoder_Interface_exit(codec->amr_in);
	if (codec->amr_out != NULL)
		Decoder_Interface_exit(codec->amr_out);
	free(codec);
}

void codec_pass(struct codec *codec, int16_t frame[SOUND_FRAME])
{
	uint8_t coded[CODED_MAX];
	int len;

	switch (codec->kind) {
	case CODEC_NONE:
	case CODEC_KINDS:
		return;
	case CODEC_GSM:
		len = gsm0610_encode(codec->gsm_in, coded, frame, SOUND_FRAME);
		gsm0610_decode(codec->gsm_out, frame, coded, len);
		return;
	case CODEC_AMR:
	case CODEC_AMR_LOW:
		Encoder_Interface_Encode(codec->amr_in, codec->kind == CODEC_AMR ? MR122 : MR475,
					 frame, coded, 0);
		Decoder_Interface_Decode(codec->amr_out, coded, frame, 0);
		return;
	}
}
