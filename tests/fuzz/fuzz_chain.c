/* Any bytes as a stored chain: an error with words, or a chain that is written and read back the same. */
#include "dialplan/chain.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct chain chain; /* too big for a stack frame */
	struct err err = { ERR_NONE, "" };
	struct buf once = { 0 };
	struct buf twice = { 0 };

	if (chain_read(&chain, (struct span){ (const char *)data, size }, &err) < 0) {
		assert(err.code == ERR_INVALID && err.text[0] != '\0');
		return 0;
	}
	assert(err.code == ERR_NONE);
	assert(chain.step_count > 0 && chain.steps[0].targets.count > 0);
	chain_write(&chain, &once);
	assert(chain_read(&chain, buf_span(&once), &err) == 0);
	chain_write(&chain, &twice);
	assert(once.len == twice.len && memcmp(once.at, twice.at, once.len) == 0);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
