/* The network's codec against units written by others, and against its own halves; what listeners understand. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"
#include "tests/support/unit.h"

static void test_sim_pdu_reads_submits_made_elsewhere(void **state)
{
	static const struct {
		const char *hex;
		int64_t length;
		const char *text;
		struct sim_concat concat;
	} rows[] = {
		{ "0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C2838"
		  "5C8268B7580C",
		  45,
		  "PAGE 4711 DB01 DOWN. Reply ACK 4711",
		  { 0, 0, 0 } },
		{ "0071000C914477000910320000A7180500035A0201A061391DF47697416F33887E7FB340",
		  35,
		  "Part one of two, ",
		  { 0x5A, 2, 1 } },
		{ "0071000C914477000910320000A70F0500035A0202E8E832A8EC26BB00",
		  28,
		  "the end.",
		  { 0x5A, 2, 2 } },
		{ "0001000C914477000910320008080041D83DDE00263A",
		  21,
		  "A\xF0\x9F\x98\x80\xE2\x98\xBA",
		  { 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { ERR_NONE, "" };
		struct buf text = { .limit = 1000 };
		struct sim_submit submit;
		struct sim_concat concat;

		int status = sim_pdu_submit(span_of(rows[i].hex), rows[i].length, &submit, &err);
		bool readable = sim_pdu_text(&submit.ud, &text, &concat);

		CHECK_ROW(status == 0 && readable, rows[i].hex);
		CHECK_ROW(strcmp(submit.to, "+447700900123") == 0, rows[i].hex);
		if (strcmp(buf_text(&text), rows[i].text) != 0)
			print_error("\"%s\"\n", buf_text(&text));
		CHECK_ROW(strcmp(buf_text(&text), rows[i].text) == 0, rows[i].hex);
		CHECK_ROW(memcmp(&concat, &rows[i].concat, sizeof concat) == 0, rows[i].hex);
		CHECK_ROW(sim_pdu_submit(span_of(rows[i].hex), rows[i].length + 1, &submit, &err) ==
				  -1,
			  rows[i].hex);
		buf_free(&text);
	}
}

static void test_sim_pdu_refuses_every_cut(void **state)
{
	static const char hex[] = "0031000C914477000910320000A7084161F3F81D5EA3";
	struct sim_submit submit;
	struct err err;

	(void)state;
	for (size_t len = 0; len < strlen(hex); len++)
		CHECK(sim_pdu_submit((struct span){ hex, len }, (int64_t)len / 2 - 1, &submit,
				     &err) == -1);
}

/* The known units of a DELIVER and a report, but for the times: SCTS there is 26-11-20 17:30:05+00. */
static void test_sim_pdu_writes_the_known_units(void **state)
{
	const struct sim_envelope env = { .smsc = "+447785016005",
					  .party = "+447700900123",
					  .stamp_s = 1795195805,
					  .done_s = 1795195809,
					  .mr = 0x2F,
					  .status = 0 };
	struct sim_envelope named = env;
	struct sim_ud ud;
	struct buf hex = { .limit = 1000 };

	(void)state;
	CHECK(sim_pdu_split(span_of("ACK 4711"), 0, &ud, 1) == 1);
	CHECK(sim_pdu_deliver(&hex, &env, &ud) == 26);
	CHECK(strcmp(buf_text(&hex), "0791447758100650040C9144770009103200006211027103500008C1E1124"
				     "4BBC562") == 0);
	buf_clear(&hex);
	CHECK(sim_pdu_split(span_of("ACK \xE2\x9C\x93"), 0, &ud, 1) == 1);
	CHECK(sim_pdu_deliver(&hex, &env, &ud) == 29);
	CHECK(strstr(buf_text(&hex), "0A00410043004B00202713") != NULL);
	buf_clear(&hex);
	CHECK(sim_pdu_report(&hex, &env) == 25);
	CHECK(strcmp(buf_text(&hex),
		     "0791447758100650062F0C9144770009103262110271035000621102710390"
		     "0000") == 0);
	buf_clear(&hex);
	named.party = "Operator";
	sim_pdu_deliver(&hex, &named, &ud);
	CHECK(strstr(buf_text(&hex), "040ED04F78591EA6BFE5") != NULL);
	buf_free(&hex);
}

static void test_sim_pdu_long_replies_come_back_whole(void **state)
{
	static const struct {
		const char *unit;
		size_t times, parts;
	} rows[] = {
		{ "0123456789", 16, 1 },
		{ "0123456789", 17, 2 },
		{ "{}", 80, 3 }, /* two septets each, never parted: 76 a part */
		{ "\xE2\x9C\x93", 70, 1 },
		{ "\xE2\x9C\x93", 71, 2 },
		{ "\xF0\x9F\x98\x80", 100, 4 }, /* 33 pairs a part */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf text = { .limit = 4000 };
		struct buf back = { .limit = 4000 };
		struct sim_ud parts[20];
		size_t count;

		for (size_t n = 0; n < rows[i].times; n++)
			buf_add_text(&text, rows[i].unit);
		count = sim_pdu_split(buf_span(&text), 7, parts, COUNT_OF(parts));
		CHECK_ROW(count == rows[i].parts, rows[i].unit);
		for (size_t n = 0; n < count; n++) {
			struct sim_concat concat;

			CHECK_ROW(parts[n].len <= 140, rows[i].unit);
			bool readable = sim_pdu_text(&parts[n], &back, &concat);

			CHECK_ROW(readable, rows[i].unit);
			CHECK_ROW(concat.total == (count > 1 ? count : 0), rows[i].unit);
			CHECK_ROW(count == 1 || concat.seq == n + 1, rows[i].unit);
		}
		CHECK_ROW(strcmp(buf_text(&text), buf_text(&back)) == 0, rows[i].unit);
		buf_free(&text);
		buf_free(&back);
	}
}

static void test_sim_challenge_is_understood_as_people_do(void **state)
{
	static const struct {
		const char *text, *keys;
	} rows[] = {
		{ "to take it, press 4, then 7.", "47" },
		{ "press four, then seven", "47" },
		{ "press 4 then press 7", "47" },
		{ "press the star key then hash", "*#" },
		{ "press 4 to acknowledge", "4" },
		{ "press 4 to hear it again. press 8 then 3", "83" },
		{ "press 4 7 to leave a message", "" },
		{ "press 4, then", "" },
		{ "impress 4 then 7", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char keys[3] = "";
		size_t end = sim_challenge_find(rows[i].text, keys);

		CHECK_ROW((end > 0) == (rows[i].keys[0] != '\0'), rows[i].text);
		CHECK_ROW(end == 0 || strcmp(keys, rows[i].keys) == 0, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_pdu_reads_submits_made_elsewhere),
		cmocka_unit_test(test_sim_pdu_refuses_every_cut),
		cmocka_unit_test(test_sim_pdu_writes_the_known_units),
		cmocka_unit_test(test_sim_pdu_long_replies_come_back_whole),
		cmocka_unit_test(test_sim_challenge_is_understood_as_people_do),
	};

	return cmocka_run_group_tests_name("sim_pdu", tests, NULL, NULL);
}
