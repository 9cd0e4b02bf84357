/* A sine needs only its last two samples to be foretold: x[n] = 2 cos(w) x[n-1] - x[n-2].  What cannot be foretold so is no single
 * tone: speech, two tones (a key, ringing in America), noise. */
#include "audio/beep.h"

#include <math.h>

#define RATE       8000
#define LOW_HZ     500 /* below are the ringing and busy tones of most countries */
#define HIGH_HZ    2000
#define DRIFT_HZ   25   /* of one tone, from block to block */
#define LOUD       1e4  /* mean square: -44 dBm0 */
#define UNFORETOLD 0.15 /* of a block's power, noise that is 15 dB lower allowed for */
#define STEADY     0.4  /* the quietest quarter of a block to the loudest: two tones beat */
#define MIN_BLOCKS 15
#define MAX_BLOCKS 150
#define SILENCE    6     /* blocks behind it */
#define SILENCE_DB 100.0 /* as power: 20 dB lower */

struct look {
	double power, hz;
	bool tone;
};

static bool steady(const int16_t block[BEEP_BLOCK])
{
	double least = HUGE_VAL, most = 0;

	for (int q = 0; q < BEEP_BLOCK; q += BEEP_BLOCK / 4) {
		double power = 0;

		for (int i = q; i < q + BEEP_BLOCK / 4; i++)
			power += (double)block[i] * block[i];
		least = fmin(least, power);
		most = fmax(most, power);
	}
	return least > STEADY * most;
}

static struct look look_at(struct beep *beep, const int16_t block[BEEP_BLOCK])
{
	double x2 = beep->last[0], x1 = beep->last[1];
	double cross = 0, square = 0, outer = 0, power = 0;
	double c;

	for (int i = 0; i < BEEP_BLOCK; i++) {
		double x = block[i];

		cross += (x + x2) * x1;
		square += x1 * x1;
		outer += (x + x2) * (x + x2);
		power += x * x;
		x2 = x1, x1 = x;
	}
	beep->last[0] = (int16_t)x2;
	beep->last[1] = (int16_t)x1;
	power /= BEEP_BLOCK;
	if (power < LOUD || square < 1)
		return (struct look){ .power = power };
	c = cross / (2 * square);
	if (c <= -1 || c >= 1)
		return (struct look){ .power = power };
	return (struct look){ .power = power,
			      .hz = acos(c) * RATE / (2 * M_PI),
			      .tone = (outer - 2 * c * cross) / BEEP_BLOCK < UNFORETOLD * power &&
				      steady(block) };
}

bool beep_hear(struct beep *beep, const int16_t block[BEEP_BLOCK])
{
	struct look look = look_at(beep, block);
	bool same = look.tone && fabs(look.hz - beep->hz) < DRIFT_HZ;

	if (same && beep->silent == 0) {
		beep->blocks++;
		beep->power += (look.power - beep->power) / beep->blocks;
		return false;
	}
	if (beep->blocks >= MIN_BLOCKS && beep->blocks <= MAX_BLOCKS && beep->silent < SILENCE &&
	    (look.power * SILENCE_DB < beep->power || beep->silent == 0)) {
		beep->silent++; /* the block in which it ends is part tone */
		return beep->silent == SILENCE;
	}
	beep->silent = 0;
	beep->hz = look.tone && look.hz >= LOW_HZ && look.hz <= HIGH_HZ ? look.hz : 0;
	beep->power = look.power;
	beep->blocks = beep->hz > 0 ? 1 : 0;
	return false;
}
