/* beep.h - finds the tone behind which a mailbox records: one frequency, 150 to 1500 ms long, then silence. */
#ifndef AUDIO_BEEP_H
#define AUDIO_BEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct beep { /* all zeroes at the beginning */
	int16_t last[2];
	double hz;    /* of the tone that is heard; 0: none */
	double power; /* its mean square */
	int blocks;   /* it has lasted */
	int silent;   /* blocks since its end */
};

#define BEEP_BLOCK 80 /* samples it looks at together: 10 ms */

/* One block; true when a beep has ended with it. */
bool beep_hear(struct beep *beep, const int16_t block[BEEP_BLOCK]);

#endif
