/* halve.h - 16 kHz to 8 kHz and back, as it flows: some sound cards know no lower rate.
 */
#ifndef AUDIO_HALVE_H
#define AUDIO_HALVE_H

#include <stddef.h>
#include <stdint.h>

#define HALVE_TAPS 31

struct halve { /* one direction; all zeroes at the beginning */
	int16_t last[HALVE_TAPS - 1];
};

/* Half as many samples; count is even. */
void halve_down(struct halve *halve, const int16_t *in, size_t count, int16_t *out);
/* Twice as many. */
void halve_up(struct halve *halve, const int16_t *in, size_t count, int16_t *out);

#endif
