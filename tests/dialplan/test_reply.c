#include "base/buf.h"
#include "dialplan/reply.h"
#include "tests/support/unit.h"

#include <string.h>

/* Codes: 4716, 5831 and 47118 are right, 4711 has a wrong check digit. */
static const struct row {
	const char *text;
	enum reply_word word;
	const char *code;
	bool bad;
} rows[] = {
	/* acks */
	{ "ACK", REPLY_ACK, "", false },
	{ "a", REPLY_ACK, "", false },
	{ "Ok", REPLY_ACK, "", false },
	{ "yes", REPLY_ACK, "", false },
	{ "4", REPLY_ACK, "", false },
	{ "Claim", REPLY_ACK, "", false },
	{ "ACK 4716", REPLY_ACK, "4716", false },
	{ "4716 ack", REPLY_ACK, "4716", false },
	{ "4716", REPLY_ACK, "4716", false },
	{ "4716a", REPLY_ACK, "4716", false },
	{ "a4716", REPLY_ACK, "4716", false },
	{ "ack#4716", REPLY_ACK, "4716", false },
	{ "ok 4716.", REPLY_ACK, "4716", false },
	{ "4 4716", REPLY_ACK, "4716", false },
	{ "ACK 47118", REPLY_ACK, "47118", false },
	{ "\"Ack 4716.\"", REPLY_ACK, "4716", false },
	{ "\xE2\x80\x9C"
	  "ack 4716\xE2\x80\x9D",
	  REPLY_ACK, "4716", false },
	{ "'ack'", REPLY_ACK, "", false },
	{ "\xEF\xBB\xBF"
	  "ACK\xC2\xA0"
	  "4716\xE2\x80\x8B",
	  REPLY_ACK, "4716", false },
	{ "a\xE2\x80\x8B"
	  "ck",
	  REPLY_ACK, "", false },
	{ "\xEF\xBC\xA1\xEF\xBC\xA3\xEF\xBC\xAB \xEF\xBC\x94\xEF\xBC\x97\xEF\xBC\x91\xEF\xBC\x96",
	  REPLY_ACK, "4716", false },                          /* full width */
	{ "4\xEF\xB8\x8F\xE2\x83\xA3", REPLY_ACK, "", false }, /* the keycap emoji */
	{ "ACK 4 716", REPLY_ACK, "4716", false },
	{ "47 16", REPLY_ACK, "4716", false },
	{ "4 716", REPLY_ACK, "4716", false },
	{ "\r\n  ack  \r\n-- \r\nBob Smith, SRE, no 42", REPLY_ACK, "", false },
	{ "ok thanks!", REPLY_ACK, "", false },
	{ "Yes I\xE2\x80\x99ll take it", REPLY_ACK, "", false },
	{ "ack, I'm on it. Sent from my iPhone 15", REPLY_ACK, "", false },
	{ "OK \xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", REPLY_ACK, "", false },
	{ "ACK 4716 looking now", REPLY_ACK, "4716", false },
	{ "ack 4711", REPLY_ACK, "4711", true },
	{ "4711", REPLY_ACK, "4711", true },
	{ "ack all", REPLY_ACK_ALL, "", false },
	{ "A all.", REPLY_ACK_ALL, "", false },
	/* never acks */
	{ "", REPLY_NONE, "", false },
	{ " \r\n ", REPLY_NONE, "", false },
	{ "Back", REPLY_NONE, "", false },
	{ "ok let me see who is on", REPLY_NONE, "", false },
	{ "ok 4716 is Bob's, right", REPLY_NONE, "", false },
	{ "a 4716 page came in again", REPLY_NONE, "", false },
	{ "ok all good", REPLY_NONE, "", false },
	{ "ok all", REPLY_NONE, "", false },
	{ "not ok", REPLY_NONE, "", false },
	{ "no", REPLY_NONE, "", false },
	{ "can't ack", REPLY_NONE, "", false },
	{ "ack not", REPLY_NONE, "", false },
	{ "ack 4716 can't, ask Bob", REPLY_NONE, "", false },
	{ "ack 4716 if nobody else does", REPLY_NONE, "", false },
	{ "ack 4716 \xF0\x9F\x91\x8E", REPLY_NONE, "", false },
	{ "ok but I am asleep", REPLY_NONE, "", false },
	{ "ok \xF0\x9F\x99\x84", REPLY_NONE, "", false },
	{ "4 7", REPLY_NONE, "", false },
	{ "47", REPLY_NONE, "", false },
	{ "4 people are down", REPLY_NONE, "", false },
	{ "4716 taken by Bob. No action needed. db1 down", REPLY_NONE, "", false },
	{ "4716 is open again, nobody has it. To take it reply ACK 4716: a", REPLY_NONE, "",
	  false },
	{ "4716 resolved by Bob. db1 down", REPLY_NONE, "", false },
	{ "+4915112345678", REPLY_NONE, "", false },
	{ "+4716", REPLY_NONE, "", false },
	{ "ok 10:30", REPLY_NONE, "", false },
	{ "\xD9\xA4\xD9\xA7\xD9\xA1\xD9\xA6", REPLY_NONE, "", false }, /* Arabic-Indic 4716 */
	{ "\xD0\x9E\xD0\x9A", REPLY_NONE, "", false },                 /* Cyrillic OK */
	{ "> ACK 4716", REPLY_NONE, "", false },
	{ "> SEV-1 reply ACK 4716: db1 down", REPLY_NONE, "", false },
	{ "Fwd: SEV-1 reply ACK 4716: db1 down", REPLY_NONE, "", false },
	{ "SEV-1 reply ACK 4716: db1 down", REPLY_NONE, "", false },
	{ "\xE2\x80\x9CSEV-1 reply ACK 4716: db1\xE2\x80\x9D ack", REPLY_NONE, "", false },
	{ "I'm driving with Do Not Disturb turned on.", REPLY_NONE, "", false },
	{ "I am in a meeting, OK?", REPLY_NONE, "", false },
	{ "Liked it", REPLY_NONE, "", false },
	{ "\xFF\xFE"
	  "ack",
	  REPLY_NONE, "", false },
	/* questions */
	{ "ok?", REPLY_QUESTION, "", false },
	{ "ACK 4716?", REPLY_QUESTION, "4716", false },
	{ "ack\xEF\xBC\x9F", REPLY_QUESTION, "", false },
	{ "\xC2\xBF"
	  "ack 4716",
	  REPLY_QUESTION, "4716", false },
	{ "done?", REPLY_QUESTION, "", false },
	/* the other words */
	{ "pass", REPLY_PASS, "", false },
	{ "ESC 4716", REPLY_PASS, "4716", false },
	{ "pass 4716 can't, on a plane", REPLY_PASS, "4716", false },
	{ "pass the salt", REPLY_NONE, "", false },
	{ "Done", REPLY_DONE, "", false },
	{ "resolve 4716 rebooted it", REPLY_DONE, "4716", false },
	{ "done 4716 not yet", REPLY_NONE, "", false },
	{ "done with lunch", REPLY_NONE, "", false },
	{ "4716 done", REPLY_DONE, "4716", false },
	{ "more", REPLY_MORE, "", false },
	{ "MORE 4716?", REPLY_MORE, "4716", false },
	{ "status", REPLY_STATUS, "", false },
	{ "who is on?", REPLY_WHO, "", false },
	{ "Help!", REPLY_HELP, "", false },
	{ "STOP", REPLY_STOP, "", false },
	{ "end", REPLY_STOP, "", false },
	{ "Quit.", REPLY_STOP, "", false },
	{ "end of shift", REPLY_NONE, "", false },
	/* reactions */
	{ "Liked \xE2\x80\x9CSEV-1 reply ACK 4716: db1 down\xE2\x80\x9D", REPLY_LIKED, "4716",
	  false },
	{ "Loved \"DRILL SEV-1 reply ACK 4716: db1\"", REPLY_LIKED, "4716", false },
	{ "\xF0\x9F\x91\x8D to \xE2\x80\x9CSEV-1 reply ACK 4716: db1\xE2\x80\x9D", REPLY_LIKED,
	  "4716", false },
	{ "\xE2\x80\x8A\xE2\x80\x8B\xF0\x9F\x91\x8D\xE2\x80\x8B to \xE2\x80\x9C\xE2\x80\x8A"
	  "SEV-1 reply ACK 4716: db1\xE2\x80\x9D",
	  REPLY_LIKED, "4716", false },
	{ "Reacted \xE2\x9D\xA4\xEF\xB8\x8F to \xE2\x80\x9C"
	  "2 pages, worst SEV-1, reply ACK 5831 for "
	  "all: x\xE2\x80\x9D",
	  REPLY_LIKED, "5831", false },
	{ "Liked \xE2\x80\x9CSEV-1 reply ACK 4716\xE2\x80\xA6\xE2\x80\x9D", REPLY_REACTED, "",
	  false },
	{ "Liked \xE2\x80\x9CSEV-1 reply ACK 4716\xE2\x80\x9D", REPLY_REACTED, "", false },
	{ "Liked \xE2\x80\x9CSee you at 4716\xE2\x80\x9D", REPLY_REACTED, "", false },
	{ "Disliked \xE2\x80\x9CSEV-1 reply ACK 4716: db1 down\xE2\x80\x9D", REPLY_REACTED, "4716",
	  false },
	{ "Emphasized \xE2\x80\x9CSEV-1 reply ACK 4716: x\xE2\x80\x9D", REPLY_REACTED, "4716",
	  false },
	{ "Laughed at \xE2\x80\x9CSEV-1 reply ACK 4716: x\xE2\x80\x9D", REPLY_REACTED, "4716",
	  false },
	{ "Questioned \xE2\x80\x9CSEV-1 reply ACK 4716: x?\xE2\x80\x9D", REPLY_REACTED, "4716",
	  false },
	{ "Removed a like from \xE2\x80\x9CSEV-1 reply ACK 4716: x\xE2\x80\x9D", REPLY_REACTED,
	  "4716", false },
	{ "Reacted \xF0\x9F\x98\x82 to \xE2\x80\x9CSEV-1 reply ACK 4716: x\xE2\x80\x9D",
	  REPLY_REACTED, "4716", false },
	{ "\xF0\x9F\x91\x8D", REPLY_REACTED, "", false },
	{ "Gef\xC3\xA4llt \xE2\x80\x9ESEV-1 reply ACK 4716: x\xE2\x80\x9C", REPLY_NONE, "", false },
};

static void test_reply_reads_what_people_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reply reply = reply_parse(span_of(rows[i].text));

		if (reply.word != rows[i].word)
			print_error("got %s\n", reply_word_name(reply.word));
		CHECK_ROW(reply.word == rows[i].word, rows[i].text);
		CHECK_ROW(strcmp(reply.code, rows[i].code) == 0, rows[i].text);
		CHECK_ROW(reply.bad_code == rows[i].bad, rows[i].text);
	}
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
		cmocka_unit_test(test_reply_reads_what_people_write),
		cmocka_unit_test(test_reply_of_an_update_keeps_its_words),
		cmocka_unit_test(test_reply_never_acks_a_cut_quotation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
