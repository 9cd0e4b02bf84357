/* A port's bytes on their way past the quarantine: any split gives the same, and the line that is kept out never comes through. */
#include "quarantine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POISON "0791447758100650040C9144770009103200"

/* Once: two runs that ended in the middle of it. */
static struct quarantine *poisoned(void)
{
	static struct quarantine *quarantine;
	char path[64];
	struct err err = { 0 };

	if (quarantine != NULL)
		return quarantine;
	snprintf(path, sizeof path, "/tmp/tocsin-fuzz-eating-%d", (int)getpid());
	for (int i = 0; i < 3; i++) {
		if (quarantine_open(&quarantine, path, &err) < 0)
			abort();
		if (i == 2)
			break;
		quarantine_begin(quarantine, span_of(""), span_of(POISON "\r"));
		quarantine_close(quarantine);
	}
	unlink(path);
	return quarantine;
}

static void pass(const uint8_t *data, size_t size, size_t step, struct buf *out)
{
	struct strainer strainer = { .len = 0 };

	strainer_reset(&strainer);
	for (size_t at = 0; at < size; at += step) {
		size_t len = size - at < step ? size - at : step;

		buf_add(out, strainer_pass(&strainer, poisoned(),
					   (struct span){ (const char *)data + at, len }));
	}
	strainer_free(&strainer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = { 0 };
	struct buf split = { 0 };
	struct span rest;

	if (size < 2)
		return 0;
	pass(data + 1, size - 1, size, &whole);
	pass(data + 1, size - 1, (size_t)data[0] % 40 + 1, &split);
	if (whole.len != split.len || (whole.len > 0 && memcmp(whole.at, split.at, whole.len) != 0))
		abort();
	rest = buf_span(&whole);
	while (rest.len > 0)
		if (span_is(span_cut(&rest, '\r'), POISON))
			abort();
	buf_free(&whole);
	buf_free(&split);
	return 0;
}
