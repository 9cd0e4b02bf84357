/* Any line read by any sequence of reads: what comes out lies inside the line, every field read moves on, the values
 * stay untouched on failure, and the final and call tables take whatever they are given. */
#include "modem/at_line.h"

#include <assert.h>

#include "modem/at_final.h"
#include "modem/call_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span all, struct span part)
{
	assert(part.len == 0 || (part.at >= all.at && part.at + part.len <= all.at + all.len));
}

static void read_one(struct at_line *line, struct span text, unsigned how)
{
	struct span field = { NULL, 99 };
	int64_t number = 4711;
	uint64_t hex = 4711;
	bool more = at_line_more(line);

	switch (how % 6) {
	case 0:
		assert(at_line_string(line, &field) == more);
		check_inside(text, field);
		break;
	case 1:
		if (!at_line_int(line, &number))
			assert(number == 4711);
		break;
	case 2:
		if (!at_line_hex(line, &hex))
			assert(hex == 4711);
		break;
	case 3:
		assert(at_line_skip(line, 1) == more);
		break;
	case 4:
		at_line_open(line);
		break;
	default:
		at_line_close(line);
		break;
	}
	check_inside(text, at_line_rest(line));
}

static void check_tables(struct span text)
{
	for (unsigned flags = 0; flags < 4; flags++) {
		struct at_final final = at_final_of(text, flags);
		enum device_outcome sms = at_final_sms(final, AT_CODES_MTK);
		enum device_outcome dial = at_final_dial(final);

		assert(final.kind < AT_FINAL_KINDS && final.code >= -1);
		assert(sms > DEVICE_OUTCOME_NONE && sms < DEVICE_OUTCOMES);
		assert(dial > DEVICE_OUTCOME_NONE && dial < DEVICE_OUTCOMES);
	}
}

/* The first byte tells how the fields are read, three bits each time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data + 1, size - 1 };
	struct call_notice notice;
	struct at_line line;
	unsigned how;
	size_t steps = 0;

	if (size == 0)
		return 0;
	how = data[0];
	line = at_line_of(text);
	at_line_prefix(&line, "+CLCC:");
	while (at_line_more(&line) && steps < 2 * size + 2) {
		read_one(&line, text, how + (unsigned)steps);
		how = how >> 1 | (how & 1) << 7;
		steps++;
	}
	line = at_line_of(text);
	for (steps = 0; at_line_skip(&line, 1); steps++)
		assert(steps <= size); /* each field takes at least its comma */
	check_tables(text);
	notice = call_words_read(text);
	check_inside(text, notice.number);
	assert((notice.key != '\0') == (notice.news == CALL_NEWS_KEY));
	assert(notice.cause >= -1 && notice.cause <= 127);
	return 0;
}
