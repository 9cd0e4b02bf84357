#include <string.h>

#include "modem/parts.h"
#include "tests/support/unit.h"

#define ELLIPSIS "[\xE2\x80\xA6]"

struct fixture {
	struct parts *parts;
	struct buf text;
	struct when now;
	int64_t sent_utc_s;
	char from[PDU_ADDRESS_MAX];
};

static int set_up(void **state)
{
	static struct fixture fixture;
	struct err err;

	fixture = (struct fixture){ .now = { .mono_ms = 1000, .utc_s = 1795192205 } };
	*state = &fixture;
	return parts_new(&fixture.parts, &err);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	parts_free(f->parts);
	buf_free(&f->text);
	return 0;
}

static int add(struct fixture *f, const char *from, unsigned ref, unsigned total, unsigned seq,
	       const char *text)
{
	struct pdu pdu = { .type = PDU_DELIVER,
			   .concat = { ref, total, seq },
			   .timestamp_utc_s = f->sent_utc_s };
	struct err err = { 0 };

	span_copy(span_of(from), pdu.address, sizeof pdu.address);
	span_copy(span_of(text), pdu.text, sizeof pdu.text);
	return parts_add(f->parts, &pdu, f->now, &f->text, &err);
}

static int add_unit(struct fixture *f, const char *hex)
{
	struct pdu pdu;
	struct err err = { 0 };

	CHECK_ROW(pdu_decode(span_of(hex), &pdu, &err) == 0, hex);
	return parts_add(f->parts, &pdu, f->now, &f->text, &err);
}

static bool expired(struct fixture *f)
{
	return parts_expired(f->parts, f->now, f->from, &f->text);
}

static void test_parts_hands_out_a_message_of_one_part_at_once(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 0, 0, 0, "ACK 4711") == 1);
	CHECK(strcmp(buf_text(&f->text), "ACK 4711") == 0);
	CHECK(add(f, "+1", 9, 1, 1, "one of one") == 1);
	CHECK(strcmp(buf_text(&f->text), "one of one") == 0);
	CHECK(parts_deadline(f->parts) == WHEN_NEVER);
}

static void test_parts_joins_in_any_order(void **state)
{
	static const unsigned orders[][3] = { { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 },
					      { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 } };
	static const char *const texts[] = { "one ", "two ", "three" };
	struct fixture *f = *state;

	for (unsigned i = 0; i < COUNT_OF(orders); i++)
		for (unsigned k = 0; k < 3; k++) {
			unsigned seq = orders[i][k];

			CHECK(add(f, "+1", i, 3, seq, texts[seq - 1]) == (k == 2));
			if (k == 2)
				CHECK(strcmp(buf_text(&f->text), "one two three") == 0);
		}
}

static void test_parts_keeps_senders_references_and_totals_apart(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+2", 7, 2, 2, "B") == 0);
	CHECK(add(f, "+1", 8, 2, 2, "C") == 0);
	CHECK(add(f, "+1", 7, 3, 2, "D") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "b") == 1);
	CHECK(strcmp(buf_text(&f->text), "ab") == 0);
}

static void test_parts_takes_copies_without_harm(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	/* Sent once more by the phone itself, which never learned that it had gone out. */
	f->sent_utc_s += 5;
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	f->sent_utc_s -= 5;
	f->now.mono_ms += PARTS_WAIT_MS - 1;
	CHECK(add(f, "+1", 7, 2, 2, "b") == 1);
	/* The window for late copies runs from here. */
	f->now.mono_ms += PARTS_WAIT_MS - 1;
	CHECK(add(f, "+1", 7, 2, 2, "b") == 0);
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(parts_deadline(f->parts) == WHEN_NEVER);
	f->now.mono_ms += 2 * PARTS_WAIT_MS;
	CHECK(!expired(f));
}

static void test_parts_starts_anew_when_a_reference_is_used_again(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "b") == 1);
	/* Another text, at once. */
	CHECK(add(f, "+1", 7, 2, 1, "c") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "d") == 1);
	CHECK(strcmp(buf_text(&f->text), "cd") == 0);
	/* The same beginning, sent later. */
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "b") == 1);
	f->sent_utc_s += 60;
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "e") == 1);
	CHECK(strcmp(buf_text(&f->text), "ae") == 0);
}

static void test_parts_gives_up_a_message_whose_reference_was_taken(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 3, 1, "lost ") == 0);
	CHECK(add(f, "+1", 7, 3, 1, "x") == 0);
	CHECK(parts_deadline(f->parts) <= f->now.mono_ms);
	CHECK(expired(f));
	CHECK(strcmp(buf_text(&f->text), "lost " ELLIPSIS) == 0);
	CHECK(strcmp(f->from, "+1") == 0);
	CHECK(!expired(f));
	CHECK(add(f, "+1", 7, 3, 3, "z") == 0);
	CHECK(add(f, "+1", 7, 3, 2, "y") == 1);
	CHECK(strcmp(buf_text(&f->text), "xyz") == 0);
}

/* A phone that counts its references anew each day says the same thing again: long after, it is no copy. */
static void test_parts_forgets_a_whole_message_in_time(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 2, 1, "ACK ") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "4711") == 1);
	f->now.mono_ms += PARTS_WAIT_MS - 1;
	CHECK(add(f, "+1", 7, 2, 1, "ACK ") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "4711") == 0); /* copies */
	f->now.mono_ms++;
	CHECK(add(f, "+1", 7, 2, 2, "4711") == 0);
	CHECK(add(f, "+1", 7, 2, 1, "ACK ") == 1);
	CHECK(strcmp(buf_text(&f->text), "ACK 4711") == 0);
}

static void test_parts_hands_out_what_came_when_time_is_up(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 5, 2, "two") == 0);
	CHECK(add(f, "+1", 7, 5, 5, "five") == 0);
	CHECK(parts_deadline(f->parts) == f->now.mono_ms + PARTS_WAIT_MS);
	f->now.mono_ms += PARTS_WAIT_MS - 1;
	CHECK(!expired(f));
	f->now.mono_ms += 1;
	CHECK(expired(f));
	CHECK(strcmp(buf_text(&f->text), ELLIPSIS "two" ELLIPSIS "five") == 0);
	CHECK(!expired(f));
	CHECK(parts_deadline(f->parts) == WHEN_NEVER);
}

static void test_parts_lets_the_oldest_give_way(void **state)
{
	struct fixture *f = *state;
	unsigned left = 0;

	for (unsigned ref = 0; ref < 40; ref++) {
		f->now.mono_ms++;
		CHECK(add(f, "+1", ref, 2, 1, "a") == 0);
	}
	CHECK(add(f, "+1", 39, 2, 2, "b") == 1);
	CHECK(add(f, "+1", 8, 2, 2, "b") == 1); /* 0 to 7 are gone */
	CHECK(add(f, "+1", 7, 2, 2, "b") == 0);
	f->now.mono_ms += PARTS_WAIT_MS;
	while (expired(f))
		left++;
	CHECK(left == 31);
}

static void test_parts_refuses_a_part_outside_its_total(void **state)
{
	struct fixture *f = *state;

	CHECK(add(f, "+1", 7, 2, 3, "c") == -1);
	CHECK(add(f, "+1", 7, 2, 0, "c") == -1);
	CHECK(parts_deadline(f->parts) == WHEN_NEVER);
}

static void test_parts_keeps_a_message_that_its_reader_has_no_room_for(void **state)
{
	struct fixture *f = *state;

	f->text.limit = 1;
	CHECK(add(f, "+1", 7, 2, 1, "a") == 0);
	CHECK(add(f, "+1", 7, 2, 2, "b") == -1);
	f->text.limit = 0;
	f->now.mono_ms += PARTS_WAIT_MS;
	CHECK(expired(f));
	CHECK(strcmp(buf_text(&f->text), "ab") == 0);
}

/* A DELIVER with a header from +1234, up to its TP-UDL. */
#define HEAD(dcs)  "00440491214300" dcs "62110271035040"
#define WIDE(user) HEAD("08") user
#define DATA(user) HEAD("04") user
#define SMILE      "\xF0\x9F\x98\x80"
#define LONE       "\xEF\xBF\xBD"

static void test_parts_joins_a_character_cut_in_two(void **state)
{
	static const struct {
		const char *units[3];
		const char *want;
	} rows[] = {
		{ { WIDE("0A0500030703010041D83D"), WIDE("0A050003070302DE000042"),
		    WIDE("080500030703030043") },
		  "A" SMILE "BC" },
		/* A part of the two halves only. */
		{ { WIDE("0A0500030803010041D83D"), WIDE("0A050003080302DE00D83D"),
		    WIDE("0A050003080303DE000043") },
		  "A" SMILE SMILE "C" },
		/* Each half alone in its part. */
		{ { WIDE("08050003090301D83D"), WIDE("08050003090302DE00"),
		    WIDE("080500030903030043") },
		  SMILE "C" },
		/* Halves that do not meet. */
		{ { WIDE("0A0500030A03010041D83D"), WIDE("0A0500030A0302D83D0042"),
		    WIDE("0A0500030A0303DE000043") },
		  "A" LONE LONE "B" LONE "C" },
		{ { WIDE("0A0500030B0301DE000041"), WIDE("080500030B03020042"),
		    WIDE("080500030B0303D83D") },
		  LONE "AB" LONE },
		/* A whole pair at the edge stays whole. */
		{ { WIDE("0A0500030C0301D83DDE00"), WIDE("0A0500030C0302DE000042"),
		    WIDE("080500030C03030043") },
		  SMILE LONE "BC" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(add_unit(f, rows[i].units[2]) == 0);
		CHECK(add_unit(f, rows[i].units[0]) == 0);
		CHECK(add_unit(f, rows[i].units[1]) == 1);
		assert_string_equal(buf_text(&f->text), rows[i].want);
	}
}

static void test_parts_keeps_half_a_character_beside_a_gap(void **state)
{
	struct fixture *f = *state;

	CHECK(add_unit(f, WIDE("0A0500030703010041D83D")) == 0);
	CHECK(add_unit(f, WIDE("0A050003070303DE000042")) == 0);
	f->now.mono_ms += PARTS_WAIT_MS;
	CHECK(expired(f));
	assert_string_equal(buf_text(&f->text), "A" LONE ELLIPSIS LONE "B");
	CHECK(add_unit(f, WIDE("0A0500030703010041D83D")) == 0);
	CHECK(add_unit(f, WIDE("0A050003070302DE000042")) == 0);
	f->now.mono_ms += PARTS_WAIT_MS;
	CHECK(expired(f));
	assert_string_equal(buf_text(&f->text), "A" SMILE "B" ELLIPSIS);
}

static bool octets_are(const struct fixture *f, const char *want, size_t len)
{
	return f->text.len == len && memcmp(f->text.at, want, len) == 0;
}

static void test_parts_joins_octets(void **state)
{
	struct fixture *f = *state;

	CHECK(add_unit(f, DATA("090500030702020300FF")) == 0);
	CHECK(add_unit(f, DATA("090500030702020300FF")) == 0); /* a copy */
	CHECK(add_unit(f, DATA("08050003070201"
			       "0001")) == 1);
	CHECK(octets_are(f, "\x00\x01\x03\x00\xFF", 5));
	CHECK(add_unit(f, DATA("090500030702020300FF")) == 0); /* a late copy */
	CHECK(add_unit(f, DATA("090500030702020300FE")) == 0); /* of another message */
	CHECK(add_unit(f, DATA("06050003070201")) == 1);
	CHECK(octets_are(f, "\x03\x00\xFE", 3));
	/* Alone: as it came. */
	CHECK(add_unit(f, "000404912143000462110271035040"
			  "0341"
			  "0042") == 1);
	CHECK(octets_are(f, "A\0B", 3));
}

static void test_parts_keeps_data_text_and_ports_apart(void **state)
{
	struct fixture *f = *state;

	CHECK(add_unit(f, DATA("07050003070201"
			       "41")) == 0);
	CHECK(add_unit(f, WIDE("08050003070202"
			       "0042")) == 0);
	CHECK(add_unit(f, DATA("0D0B05040B8400000003070202"
			       "43")) == 0);
	CHECK(add_unit(f, DATA("07050003070202"
			       "44")) == 1);
	CHECK(octets_are(f, "AD", 2));
	CHECK(add_unit(f, DATA("0D0B05040B8400000003070201"
			       "45")) == 1);
	CHECK(octets_are(f, "EC", 2));
	CHECK(add_unit(f, WIDE("08050003070201"
			       "0041")) == 1);
	CHECK(strcmp(buf_text(&f->text), "AB") == 0);
}

static void test_parts_gives_nothing_of_octets_with_a_gap(void **state)
{
	struct fixture *f = *state;

	CHECK(add_unit(f, DATA("07050003070201"
			       "41")) == 0);
	f->now.mono_ms += PARTS_WAIT_MS;
	CHECK(expired(f));
	CHECK(f->text.len == 0 && strcmp(f->from, "+1234") == 0);
	CHECK(!expired(f));
}

#define PARTS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PARTS_TEST(test_parts_hands_out_a_message_of_one_part_at_once),
		PARTS_TEST(test_parts_joins_in_any_order),
		PARTS_TEST(test_parts_keeps_senders_references_and_totals_apart),
		PARTS_TEST(test_parts_takes_copies_without_harm),
		PARTS_TEST(test_parts_starts_anew_when_a_reference_is_used_again),
		PARTS_TEST(test_parts_gives_up_a_message_whose_reference_was_taken),
		PARTS_TEST(test_parts_forgets_a_whole_message_in_time),
		PARTS_TEST(test_parts_hands_out_what_came_when_time_is_up),
		PARTS_TEST(test_parts_lets_the_oldest_give_way),
		PARTS_TEST(test_parts_refuses_a_part_outside_its_total),
		PARTS_TEST(test_parts_keeps_a_message_that_its_reader_has_no_room_for),
		PARTS_TEST(test_parts_joins_a_character_cut_in_two),
		PARTS_TEST(test_parts_keeps_half_a_character_beside_a_gap),
		PARTS_TEST(test_parts_joins_octets),
		PARTS_TEST(test_parts_keeps_data_text_and_ports_apart),
		PARTS_TEST(test_parts_gives_nothing_of_octets_with_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
