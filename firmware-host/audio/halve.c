#include "audio/halve.h"

#include <math.h>
#include <string.h>

/* From the middle outwards: a low-pass at a quarter of the higher rate, a sinc under a Hamming window. */
static const double taps[] = { 0.50071, 0.31594, 0, -0.09802, 0, 0.05072, 0, -0.02868,
			       0,       0.01595, 0, -0.00824, 0, 0.00386, 0, -0.00189 };

#define MIDDLE (HALVE_TAPS / 2)

static double tap(size_t i)
{
	size_t from_middle = i > MIDDLE ? i - MIDDLE : MIDDLE - i;

	return taps[from_middle];
}

static int16_t limited(double x)
{
	return (int16_t)lrint(fmax(-32768, fmin(32767, x)));
}

/* The sample that went in so many before `now` of this piece. */
static int16_t back(const struct halve *halve, const int16_t *in, size_t now, size_t ago)
{
	if (ago <= now)
		return in[now - ago];
	return halve->last[HALVE_TAPS - 1 - (ago - now)];
}

static void remember(struct halve *halve, const int16_t *in, size_t count)
{
	size_t keep = count < HALVE_TAPS - 1 ? count : HALVE_TAPS - 1;

	memmove(halve->last, halve->last + keep, (HALVE_TAPS - 1 - keep) * sizeof *in);
	memcpy(&halve->last[HALVE_TAPS - 1 - keep], in + count - keep, keep * sizeof *in);
}

void halve_down(struct halve *halve, const int16_t *in, size_t count, int16_t *out)
{
	for (size_t n = 0; n + 1 < count; n += 2) {
		double sum = 0;

		for (size_t i = 0; i < HALVE_TAPS; i++)
			sum += tap(i) * back(halve, in, n, i);
		out[n / 2] = limited(sum);
	}
	remember(halve, in, count);
}

/* As if a zero stood behind every sample; twice the filter makes up for it. */
void halve_up(struct halve *halve, const int16_t *in, size_t count, int16_t *out)
{
	for (size_t n = 0; n < count; n++) {
		double even = 0, odd = 0;

		for (size_t i = 0; i < HALVE_TAPS; i += 2)
			even += tap(i) * back(halve, in, n, i / 2);
		for (size_t i = 1; i < HALVE_TAPS; i += 2)
			odd += tap(i) * back(halve, in, n, i / 2);
		out[2 * n] = limited(2 * even);
		out[2 * n + 1] = limited(2 * odd);
	}
	remember(halve, in, count);
}
