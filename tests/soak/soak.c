/* soak - lives from the seed on: make soak SEED=1 RUNS=10000; TELL=1 tells a life line by line.  Or unattended weeks: WEEKS=104. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/support/soak.h"
#include "tests/support/years.h"

static long long setting(const char *name, long long otherwise)
{
	const char *text = getenv(name);

	return text == NULL || text[0] == '\0' ? otherwise : atoll(text);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int weeks_alone(int weeks, uint64_t seed, bool tell)
{
	struct years_figures sum;
	char why[YEARS_WHY];
	int64_t began = now_ms();
	bool good = years_live(weeks, seed, tell, &sum, why);

	if (!good)
		printf("FAILED %s\n  replay it: make soak WEEKS=%d SEED=%llu TELL=1\n", why, weeks,
		       (unsigned long long)seed);
	years_print(&sum, now_ms() - began);
	return good ? 0 : 1;
}

int main(void)
{
	uint64_t seed = (uint64_t)setting("SEED", 1);
	long long runs = setting("RUNS", 1000);
	bool tell = setting("TELL", 0) != 0;
	struct soak_figures sum = { 0 };
	struct soak_holdings first = { 0 };
	struct soak_holdings last;
	char why[SOAK_WHY];
	int64_t began = now_ms();
	int failed = 0;

	if (setting("WEEKS", 0) > 0)
		return weeks_alone((int)setting("WEEKS", 0), seed, tell);
	for (long long i = 0; i < runs; i++) {
		if (!soak_live(seed + (uint64_t)i, tell, &sum, why)) {
			printf("FAILED %s\n  replay it: make soak SEED=%llu RUNS=1 TELL=1\n", why,
			       (unsigned long long)seed + (unsigned long long)i);
			failed++;
		}
		if (i == 4)
			first = soak_holdings();
		if (i % 500 == 499)
			soak_print(&sum, now_ms() - began);
		fflush(stdout);
	}
	last = soak_holdings();
	soak_print(&sum, now_ms() - began);
	printf("# %d failed; descriptors %zu then %zu, heap %zu then %zu bytes\n", failed,
	       first.descriptors, last.descriptors, first.bytes, last.bytes);
	return failed == 0 ? 0 : 1;
}
