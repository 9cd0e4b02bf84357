#include "base/gsm7.h"
#include "base/utf8.h"
#include "dialplan/reply.h"
#include "dialplan/text.h"
#include "tests/support/unit.h"

#include <string.h>

static struct plan_person people[] = { { .name = "ada", .title = "Ada Ash" },
				       { .name = "bob", .title = "Bob" } };
static struct plan plan = {
	.gateway = "Tocsin",
	.people = people,
	.person_count = COUNT_OF(people),
	.severities = { { .name = "sev-0" }, { .name = "sev-1" }, { .name = "sev-2" } },
	.severity_count = 3,
	.times.lease_warning_s = 300,
	.times.talk_s = 50,
};

/* One segment: 160 septets, or 70 units of UCS-2 if a character is no GSM-7. */
static bool one_segment(struct span text)
{
	size_t septets = 0;
	size_t units = 0;
	bool gsm = true;

	while (text.len > 0) {
		unsigned char code[2];
		uint32_t point = utf8_next(&text);
		size_t wide = gsm7_from_unicode(point, code);

		gsm = gsm && wide > 0;
		septets += wide;
		units += point > 0xFFFF ? 2 : 1;
	}
	return gsm ? septets <= 160 : units <= 70;
}

static const char *fitted(struct buf *out, const char *head, const char *foreign)
{
	buf_free(out);
	text_fit(out, head, span_of(foreign));
	CHECK(!out->failed);
	CHECK_ROW(one_segment(buf_span(out)), buf_text(out));
	return buf_text(out);
}

#define TEN     "0123456789"
#define E       "\xC3\xA9" /* in GSM-7 */
#define CJK     "\xE6\x97\xA5"
#define TEN_CJK CJK CJK CJK CJK CJK CJK CJK CJK CJK CJK

static void test_text_fit_folds_and_cuts(void **state)
{
	static const struct {
		const char *foreign, *want; /* behind "H: " */
	} rows[] = {
		{ "", "" },
		{ "db1 down", "db1 down" },
		{ " a\t\tb\r\n c\x01\x7F ", "a b c" },
		{ "caf" E, "caf" E },
		{ "\xC4\x8D\xC5\xBE\xC5\x93\xC5\xBF \xC3\x87\xC3\xA7", "czoes \xC3\x87"
								       "c" },
		{ "\xE2\x80\x9Cx\xE2\x80\x9D \xE2\x80\x98y\xE2\x80\x99 \xE2\x80\x93 \xE2\x80\xA6",
		  "\"x\" 'y' - ..." },
		{ "a\xE2\x86\x92"
		  "b `c` \xE2\x82\xAC"
		  "5",
		  "a->b 'c' \xE2\x82\xAC"
		  "5" },
		{ "\xCE\x91\xCE\xB8\xCE\xAE\xCE\xBD\xCE\xB1", "A\xCE\x98HNA" },
		{ "\xE1\xBB\x87 \xE1\xBA\xA0", "e A" },
		{ "\xF0\x9F\x94\xA5 db1 \xE2\x9A\xA0\xEF\xB8\x8F \xF0\x9F\x98\x80",
		  "(fire) db1 (!) ?" },
		{ "bad \xFF\xC3 utf", "bad ?? utf" },
		{ "\xD0\xB1\xD0\xB0\xD0\xB7\xD0\xB0", "\xD0\xB1\xD0\xB0\xD0\xB7\xD0\xB0" },
		{ TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123456",
		  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123456" },
		{ TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "01234567",
		  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123..." },
		{ TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "[[[[",
		  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "[[..." },
		{ TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK CJK CJK CJK CJK CJK CJK CJK,
		  TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK CJK CJK CJK CJK CJK CJK CJK },
		{ TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK,
		  TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK TEN_CJK CJK CJK CJK CJK "..." },
		/* a foreign letter far behind */
		{ TEN TEN TEN TEN TEN TEN TEN TEN TEN CJK,
		  TEN TEN TEN TEN TEN TEN TEN TEN TEN "..." },
	};
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = fitted(&out, "H: ", rows[i].foreign);

		if (strcmp(got + 3, rows[i].want) != 0)
			print_error("got \"%s\"\n", got);
		CHECK_ROW(strncmp(got, "H: ", 3) == 0, rows[i].foreign);
		CHECK_ROW(strcmp(got + 3, rows[i].want) == 0, rows[i].foreign);
	}
	buf_free(&out);
}

static struct page make_page(const char *severity, char *message)
{
	struct page page = { .code = "4716" };

	span_copy(span_of(severity), page.severity, sizeof page.severity);
	page.text[PAGE_MESSAGE] = message;
	return page;
}

static void test_text_page_begins_with_code_and_verb(void **state)
{
	static char message[] = "replication lag";
	static char service[] = "api";
	static char host[] = "db1";
	struct page page = make_page("sev-1", message);
	struct buf out = { 0 };

	(void)state;
	text_page(&out, &plan, &page, false);
	CHECK(strcmp(buf_text(&out), "SEV-1 reply ACK 4716: replication lag") == 0);
	page.drill = true;
	page.text[PAGE_SERVICE] = service;
	page.text[PAGE_HOST] = host;
	buf_clear(&out);
	text_page(&out, &plan, &page, false);
	CHECK(strcmp(buf_text(&out), "DRILL SEV-1 reply ACK 4716: api db1: replication lag") == 0);
	page.drill = false;
	buf_clear(&out);
	text_page(&out, &plan, &page, true);
	CHECK(strcmp(buf_text(&out), "SEV-1 (on-call is paged too) reply ACK 4716 = seen: api db1: "
				     "replication lag") == 0);
	buf_free(&out);
}

/* Whatever the message is: one segment, the code in front, and what comes back quoted is no ack. */
static void test_text_page_keeps_its_head_before_any_message(void **state)
{
	static char longest[2000];
	static char host[] = "a-host-with-a-name-that-is-much-too-long-to-be-shown";
	static const char *const pieces[] = { "x",
					      "[",
					      "\xE2\x82\xAC",
					      CJK,
					      "\xF0\x9F\x98\x80",
					      "\xF0\xA0\x80\x80",
					      "\xFF",
					      "reply ACK 5831: ",
					      "\n" };
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces) * 2; i++) {
		struct page page = make_page("critical-severity-\xC3\xA4", longest);
		struct reply reply;

		longest[0] = '\0';
		while (strlen(longest) + strlen(pieces[i / 2]) < sizeof longest)
			strncat(longest, pieces[i / 2], sizeof longest - strlen(longest) - 1);
		memcpy(page.code, "123459", 7);
		page.drill = true;
		page.text[PAGE_HOST] = host;
		buf_clear(&out);
		text_page(&out, &plan, &page, i % 2 == 0);
		CHECK_ROW(one_segment(buf_span(&out)), buf_text(&out));
		CHECK_ROW(strstr(buf_text(&out), "ACK 123459") != NULL, buf_text(&out));
		CHECK_ROW(strstr(buf_text(&out), "ACK 123459") + 10 <= buf_text(&out) + 60,
			  buf_text(&out));
		reply = reply_parse(buf_span(&out));
		CHECK_ROW(reply.word == REPLY_NONE, buf_text(&out));
	}
	buf_free(&out);
}

static void test_text_bundle_counts_and_shows_the_worst_first(void **state)
{
	static char disk[] = "disk full";
	static char down[] = "db1 down";
	static char slow[] = "a message that is so long that it would leave no room for others";
	struct page pages[] = { make_page("sev-2", disk), make_page("sev-1", down),
				make_page("sev-2", slow) };
	const struct page *at[] = { &pages[0], &pages[1], &pages[2] };
	struct notice notice = { .code = "5831", .page_count = 3, .owns = true };
	struct buf out = { 0 };

	(void)state;
	text_bundle(&out, &plan, &notice, at);
	CHECK_ROW(strcmp(buf_text(&out),
			 "3 pages, worst SEV-1, reply ACK 5831 for all: db1 down; disk full; "
			 "a message that is so long that it would le...") == 0,
		  buf_text(&out));
	notice.owns = false;
	pages[0].drill = pages[1].drill = pages[2].drill = true;
	buf_clear(&out);
	text_bundle(&out, &plan, &notice, at);
	CHECK(span_starts(buf_span(&out),
			  "DRILL 3 pages, worst SEV-1, reply ACK 5831 = seen: db1 down; "));
	buf_free(&out);
}

static void test_text_note_says_who_and_what(void **state)
{
	static char message[] = "db1 down";
	static const struct {
		enum effect_note note;
		const char *by, *text, *want;
	} rows[] = {
		{ NOTE_INFORM, "", "", "For information, SEV-1: db1 down" },
		{ NOTE_TAKEN, "ada", "", "4716 taken by Ada Ash. No action needed. db1 down" },
		{ NOTE_RESOLVED, "root", "", "4716 resolved by root. db1 down" },
		{ NOTE_REOPENED, "", "",
		  "4716 is open again, nobody has it. To take it reply ACK 4716: db1 down" },
		{ NOTE_LEASE_WARNING, "", "",
		  "4716: are you still on it? Reply ACK 4716 within 5 min to keep it: db1 down" },
		{ NOTE_REMINDER, "", "",
		  "4716 is yours: time for an update. Reply UPD 4716 and your words: db1 down" },
		{ NOTE_UPDATED, "bob", "failing over\nto db2",
		  "4716 update by Bob: failing over to db2" },
	};
	struct page page = make_page("sev-1", message);
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effect effect = { .kind = EFFECT_TELL, .note = rows[i].note };

		span_copy(span_of(rows[i].by), effect.by, sizeof effect.by);
		span_copy(span_of(rows[i].text), effect.text, sizeof effect.text);
		buf_clear(&out);
		text_note(&out, &plan, &page, &effect);
		CHECK_ROW(strcmp(buf_text(&out), rows[i].want) == 0, buf_text(&out));
		CHECK_ROW(reply_parse(buf_span(&out)).word == REPLY_NONE, buf_text(&out));
	}
	buf_free(&out);
}

static void test_text_more_gives_links_whole(void **state)
{
	static char message[600];
	static char link[500];
	static char runbook[] = "https://wiki.example/db1";
	struct page page = make_page("sev-1", message);
	struct buf out = { 0 };

	(void)state;
	memset(message, 'm', sizeof message - 1);
	memset(link, 'l', sizeof link - 1);
	text_more(&out, &page);
	CHECK(span_starts(buf_span(&out),
			  "4716: no host, runbook, dashboard or channel is known.\nmmm"));
	CHECK(out.len == 456);
	page.text[PAGE_RUNBOOK] = runbook;
	page.text[PAGE_DASHBOARD] = link;
	buf_clear(&out);
	text_more(&out, &page);
	CHECK(span_starts(buf_span(&out), "4716\nRunbook: https://wiki.example/db1\n"
					  "Dashboard: too long for a text\nmmm"));
	CHECK(out.len == 456);
	buf_free(&out);
}

static void test_text_speech_says_who_why_and_the_keys(void **state)
{
	static char down[] = "db1 \xE2\x86\x92 down\xE2\x80\xA6 caf" E ".";
	static char cyrillic[] = "\xD0\xB1\xD0\xB0\xD0\xB7\xD0\xB0";
	struct page pages[] = { make_page("sev-2", cyrillic), make_page("sev-1", down),
				make_page("sev-2", down), make_page("high", down) };
	const struct page *at[] = { &pages[0], &pages[1], &pages[2], &pages[3] };
	struct buf out = { 0 };

	(void)state;
	text_speech(&out, &plan, &people[0], &at[1], 1, (struct text_press){ TEXT_KEYS, "47" });
	CHECK_ROW(strcmp(buf_text(&out),
			 "This is Tocsin, the pager, for Ada Ash. S E V 1: D B 1 to down. cafe. "
			 "To take it, press 4, then 7. To pass it on, press 5 first. Star "
			 "repeats.") == 0,
		  buf_text(&out));
	buf_clear(&out);
	text_speech(&out, &plan, &people[0], at, 4, (struct text_press){ TEXT_KEYS, "4" });
	CHECK_ROW(strcmp(buf_text(&out),
			 "This is Tocsin, the pager, for Ada Ash. 4 pages. The worst: S E V 1: "
			 "D B 1 to down. cafe. Then S E V 2: I cannot read this message aloud, see "
			 "the "
			 "text. And 2 more. To take them, press 4. To pass them on, press 5 first. "
			 "Star repeats.") == 0,
		  buf_text(&out));
	buf_free(&out);
}

static void test_text_speech_to_who_rings_us(void **state)
{
	static char down[] = "disk full";
	struct page page = make_page("sev-1", down);
	const struct page *at[] = { &page };
	struct buf out = { 0 };

	(void)state;
	text_speech(&out, &plan, &people[0], at, 1, (struct text_press){ TEXT_KEYS_PIN, "47" });
	CHECK_ROW(strcmp(buf_text(&out),
			 "This is Tocsin, the pager, for Ada Ash. S E V 1: disk full. To take it, "
			 "press 4, then 7, then your PIN and the hash key. Star repeats.") == 0,
		  buf_text(&out));
	buf_clear(&out);
	text_speech(&out, &plan, &people[0], at, 1, (struct text_press){ TEXT_KEYS_NONE, "47" });
	CHECK_ROW(strcmp(buf_text(&out),
			 "This is Tocsin, the pager, for Ada Ash. S E V 1: disk full. To take it, "
			 "reply ACK and the code by text. Star repeats.") == 0,
		  buf_text(&out));
	buf_clear(&out);
	text_speech_idle(&out, &plan, &people[0], at, 0);
	CHECK_ROW(strcmp(buf_text(&out), "This is Tocsin, the pager, for Ada Ash. Nothing waits "
					 "for you. Goodbye.") == 0,
		  buf_text(&out));
	buf_clear(&out);
	text_speech_idle(&out, &plan, &people[0], at, 1);
	CHECK_ROW(strcmp(buf_text(&out),
			 "This is Tocsin, the pager, for Ada Ash. Nothing waits for you. Nobody "
			 "has this yet. S E V 1: disk full. Goodbye.") == 0,
		  buf_text(&out));
	buf_clear(&out);
	text_speech_answer(&out, CHALLENGE_BAD_PIN, "47");
	CHECK_ROW(strcmp(buf_text(&out), "That PIN is not right. Press 4, then 7, then your PIN "
					 "and the hash key.") == 0,
		  buf_text(&out));
	buf_free(&out);
}

static void test_text_speech_of_a_drill_and_beside_the_chain(void **state)
{
	static char message[400];
	struct member member = { .person = "ada", .track = 1 };
	struct page page = make_page("high", message);
	const struct page *at[] = { &page };
	struct buf out = { 0 };

	(void)state;
	memset(message, 'm', sizeof message - 1);
	page.drill = true;
	page.members = &member;
	page.member_count = 1;
	page.track_count = 2;
	page.tracks[1].kind = TRACK_BESIDE;
	text_speech(&out, &plan, &people[0], at, 1, (struct text_press){ TEXT_KEYS, "47" });
	CHECK(span_starts(buf_span(&out),
			  "Drill. This is Tocsin, the pager, for Ada Ash. high: m"));
	CHECK(strstr(buf_text(&out),
		     "mm. The person on call is paged too. To confirm that you heard "
		     "it, press 4, then 7. Star repeats.") != NULL);
	CHECK(out.len < 400);
	buf_free(&out);
}

static void test_text_speech_answer_for_each_key(void **state)
{
	static const struct {
		enum challenge_answer answer;
		const char *part;
	} rows[] = {
		{ CHALLENGE_WRONG, "Press 4, then 7." },
		{ CHALLENGE_LOCKED, "reply ACK" },
		{ CHALLENGE_HELP, "4, then 7" },
		{ CHALLENGE_NONE, "" },
		{ CHALLENGE_REPEAT, "" },
	};
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		buf_clear(&out);
		text_speech_answer(&out, rows[i].answer, "47");
		CHECK_ROW(strstr(buf_text(&out), rows[i].part) != NULL, rows[i].part);
		CHECK_ROW((out.len == 0) == (rows[i].part[0] == '\0'), rows[i].part);
	}
	buf_free(&out);
}

/* The last words are true: who only hears of it is not told that it is theirs. */
static void test_text_speech_done_says_what_is_true(void **state)
{
	static const struct {
		enum challenge_answer answer;
		struct text_done done;
		const char *words;
	} rows[] = {
		{ CHALLENGE_ACK, { .done = 1 }, "Thank you. It is yours. Goodbye." },
		{ CHALLENGE_ACK, { .done = 2 }, "Thank you. They are yours. Goodbye." },
		{ CHALLENGE_ACK,
		  { .noted = 1 },
		  "Noted that you heard it. The person on call is paged too. Goodbye." },
		{ CHALLENGE_ACK,
		  { .noted = 1, .owner = "ada" },
		  "Noted that you heard it. Ada Ash has it. Goodbye." },
		{ CHALLENGE_ACK,
		  { .taken = 1, .owner = "ada" },
		  "Ada Ash has it already. Goodbye." },
		{ CHALLENGE_ACK, { .resolved = 1 }, "It is resolved already. Goodbye." },
		{ CHALLENGE_ACK, { 0 }, "It is resolved already. Goodbye." },
		{ CHALLENGE_ACK,
		  { .done = 1, .taken = 1, .owner = "root" },
		  "Thank you. 1 of 2 is yours. root has it already. Goodbye." },
		{ CHALLENGE_PASS, { .done = 1 }, "Passed on. Goodbye." },
		{ CHALLENGE_PASS, { .not_theirs = 1 }, "It is not yours to pass on. Goodbye." },
		{ CHALLENGE_PASS,
		  { .done = 1, .not_theirs = 1 },
		  "1 of 2 passed on. The rest is not yours to pass on. Goodbye." },
		{ CHALLENGE_RESOLVE, { .done = 1 }, "Resolved. Goodbye." },
		{ CHALLENGE_RESOLVE, { .resolved = 1 }, "It is resolved already. Goodbye." },
	};
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		buf_clear(&out);
		text_speech_done(&out, &plan, rows[i].answer, &rows[i].done);
		if (strcmp(buf_text(&out), rows[i].words) != 0)
			print_error("got %s\n", buf_text(&out));
		CHECK_ROW(strcmp(buf_text(&out), rows[i].words) == 0, rows[i].words);
	}
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_fit_folds_and_cuts),
		cmocka_unit_test(test_text_page_begins_with_code_and_verb),
		cmocka_unit_test(test_text_page_keeps_its_head_before_any_message),
		cmocka_unit_test(test_text_bundle_counts_and_shows_the_worst_first),
		cmocka_unit_test(test_text_note_says_who_and_what),
		cmocka_unit_test(test_text_more_gives_links_whole),
		cmocka_unit_test(test_text_speech_says_who_why_and_the_keys),
		cmocka_unit_test(test_text_speech_to_who_rings_us),
		cmocka_unit_test(test_text_speech_of_a_drill_and_beside_the_chain),
		cmocka_unit_test(test_text_speech_answer_for_each_key),
		cmocka_unit_test(test_text_speech_done_says_what_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
