/* Any bytes as a reply: never a code that is none, never an ack that asks, an argument inside the text. */
#include "dialplan/code.h"
#include "dialplan/reply.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct reply reply = reply_parse(text);
	bool valid = code_valid(span_of(reply.code));

	assert(reply.word < REPLY_WORDS);
	assert(reply.code[0] == '\0' ? !reply.bad_code : valid != reply.bad_code);
	assert(reply.word != REPLY_LIKED || valid);
	assert(reply.word != REPLY_ACK_ALL || reply.code[0] == '\0');
	if (reply.argument.len > 0) {
		assert(reply.argument.at >= text.at);
		assert(reply.argument.at + reply.argument.len <= text.at + text.len);
	}
	if (size > 0 && memchr(data, '\n', size) == NULL && memchr(data, '\r', size) == NULL &&
	    memchr(data, '?', size) != NULL)
		assert(reply.word != REPLY_ACK);
	return 0;
}
