#include "base/buf.h"
#include "dialplan/reply.h"
#include "tests/support/unit.h"

#include <string.h>

/* Bytes that are no text; all that is text stands in replies.txt. */
static void test_reply_of_foreign_bytes_means_nothing(void **state)
{
	static const char *const rows[] = {
		"\xFF\xFE"
		"ack",
		"ack\xC3",
		"\xF4\x90\x80\x80 4716",
		"4716\xED\xA0\x80",
		"",
		" \r\n ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(reply_parse(span_of(rows[i])).word == REPLY_NONE, rows[i]);
}

static void test_reply_of_an_update_keeps_its_words(void **state)
{
	static const struct {
		const char *text, *code, *argument;
	} updates[] = {
		{ "UPD failing over to db2", "", "failing over to db2" },
		{ "upd 4716: restarted,\nnow what?\n\n", "4716", "restarted,\nnow what?" },
		{ "4716 upd still looking", "4716", "still looking" },
		{ "UPD 4711 errors a second", "", "4711 errors a second" },
		{ "upd\nsecond line", "", "second line" },
		{ "Upd", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(updates); i++) {
		struct reply reply = reply_parse(span_of(updates[i].text));

		CHECK_ROW(reply.word == REPLY_UPDATE, updates[i].text);
		CHECK_ROW(strcmp(reply.code, updates[i].code) == 0, updates[i].text);
		CHECK_ROW(!reply.bad_code, updates[i].text);
		CHECK_ROW(span_is(reply.argument, updates[i].argument), updates[i].text);
	}
}

/* Reactions are cut by phones at any octet: no cut may become an ack, or name another code. */
static void test_reply_never_acks_a_cut_quotation(void **state)
{
	static const char *const forms[] = {
		"Liked \"%s", "Disliked \"%s", "\xF0\x9F\x91\x8D to \"%s", "> %s", "Fwd: %s",
		"%s",         "\"%s"
	};
	static const char *const texts[] = {
		"SEV-1 reply ACK 47118: db1 down",
		"SEV-1 (on-call is paged too) reply ACK 47118 = seen: ok",
		"3 pages, worst SEV-1, reply ACK 47118 for all: a; b",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms) * COUNT_OF(texts); i++) {
		struct buf buf = { 0 };
		const char *form = forms[i / COUNT_OF(texts)];
		struct span head = span_of(form);

		buf_add(&buf, (struct span){ head.at, head.len - 2 });
		for (const char *c = texts[i % COUNT_OF(texts)]; *c != '\0'; c++) {
			struct reply reply;

			buf_add_char(&buf, *c);
			reply = reply_parse(buf_span(&buf));
			CHECK_ROW(reply.word != REPLY_ACK && reply.word != REPLY_ACK_ALL,
				  buf_text(&buf));
			CHECK_ROW(reply.code[0] == '\0' || strcmp(reply.code, "47118") == 0,
				  buf_text(&buf));
		}
		buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply_of_foreign_bytes_means_nothing),
		cmocka_unit_test(test_reply_of_an_update_keeps_its_words),
		cmocka_unit_test(test_reply_never_acks_a_cut_quotation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
