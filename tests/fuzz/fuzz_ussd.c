/* Any bytes as what a carrier answers, as a code, and as a query by hand: text without control bytes, a code that can only ask, a
 * query that comes from the list. */
#include "base/ussd.h"
#include "base/utf8.h"
#include "core/inside.h"
#include "modem/at_query.h"
#include "modem/ussd.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(struct span answer)
{
	struct buf text = { 0 };
	int64_t hundredths;
	int mode = ussd_read(answer, &text);
	struct span rest = buf_span(&text);

	ussd_open(answer);
	assert(mode >= -1 && mode <= 5);
	assert(mode >= 0 || text.len == 0);
	while (rest.len > 0)
		assert(utf8_next(&rest) >= ' ');
	balance_read(buf_span(&text), &hundredths);
	buf_free(&text);
}

static void check_code(struct span code)
{
	char hex[2 * USSD_CODE_MAX + 1];

	if (!ussd_code_ok(code))
		return;
	assert(code.at[0] == '*' && code.at[1] != '*' && code.at[code.len - 1] == '#');
	assert(memchr(code.at, '"', code.len) == NULL && memchr(code.at, ';', code.len) == NULL);
	assert(strncmp(code.at, "*21", 3) != 0 || code.at[3] != '*');
	assert(ussd_pack(code, hex, sizeof hex));
}

static void check_query(struct span asked)
{
	struct at_query query;
	struct err err;

	if (at_query_of(asked, &query, &err) < 0)
		return;
	assert(strncmp(query.text, "AT", 2) == 0 && strchr(query.text, ';') == NULL);
	assert(strchr(query.text, '\r') == NULL && query.prefix != NULL);
	assert(span_is_nocase(span_trim(asked), query.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = { (const char *)data, size };
	int64_t hundredths;

	check_answer(bytes);
	check_code(bytes);
	check_query(bytes);
	balance_read(bytes, &hundredths);
	return 0;
}
