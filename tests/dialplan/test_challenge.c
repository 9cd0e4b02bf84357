#include "base/span.h"
#include "dialplan/challenge.h"
#include "tests/support/unit.h"

#include <string.h>

static const struct plan two = { .times.key_s = 8, .dtmf_ack = PLAN_DTMF_CHALLENGE };
static const struct plan one = { .times.key_s = 8, .dtmf_ack = PLAN_DTMF_SINGLE };

/* Keys at one a second, "." lets a second pass and "_" ten, "'" makes the next key follow after 100 ms; gives the answers but
 * CHALLENGE_NONE, one letter each. */
static const char *play(struct challenge *challenge, const char *keys)
{
	static const char letters[CHALLENGE_ANSWERS] = { 0, 'a', 'p', 'r', 'w', 'l', '*', '0' };
	static char answers[64];
	struct when now = { 1000, 0 };
	size_t count = 0;

	for (; *keys != '\0'; keys++) {
		enum challenge_answer answer;

		if (*keys == '.' || *keys == '_') {
			now.mono_ms += *keys == '.' ? 1000 : 10000;
			continue;
		}
		if (*keys == '\'')
			now.mono_ms -= 900;
		else if ((answer = challenge_key(challenge, *keys, now)) != CHALLENGE_NONE)
			answers[count++] = letters[answer];
		if (*keys != '\'')
			now.mono_ms += 1000;
	}
	answers[count] = '\0';
	return answers;
}

static void test_challenge_knows_its_digits_only(void **state)
{
	static const struct {
		const char *keys, *answers;
	} rows[] = {
		{ "47", "a" },
		{ "4'4'77", "a" },    /* long presses, split */
		{ "4....47", "a" },   /* the same again: still one */
		{ "4A#B7", "a" },     /* what is no digit */
		{ "4.......7", "a" }, /* 8 s */
		{ "4_47", "a" },      /* a stray key is forgotten, and no wrong try */
		{ "4_7", "" },
		{ "7", "" },
		{ "74", "w" },
		{ "7447", "wa" },   /* pressed again after a wrong try */
		{ "74'447", "wa" }, /* and with a late echo of it */
		{ "12"
		  "12"
		  "12",
		  "wwl" },
		{ "12121247", "wwl" }, /* locked for good */
		{ "1247", "wa" },
		{ "547", "p" },
		{ "647", "r" },
		{ "5", "" },
		{ "5_47", "a" },
		{ "6_47", "a" },
		{ "574", "w" },
		{ "5647", "r" },
		{ "45", "w" },
		{ "40", "w" },
		{ "*", "*" },
		{ "4*47", "*a" },
		{ "0", "0" },
		{ "0'047", "0a" },
		{ "504", "w" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct challenge challenge;
		const char *answers;

		challenge_start(&challenge, &two, 0);
		memcpy(challenge.digits, "47", 3);
		answers = play(&challenge, rows[i].keys);
		CHECK_ROW(strcmp(answers, rows[i].answers) == 0, rows[i].keys);
	}
}

static void test_challenge_of_one_key(void **state)
{
	struct challenge challenge;

	(void)state;
	challenge_start(&challenge, &one, 12345);
	memcpy(challenge.digits, "4", 2);
	CHECK(strcmp(play(&challenge, "3*0544"), "w*0pa") == 0);
}

static void test_challenge_draws_every_pair_alike(void **state)
{
	bool seen[10][10] = { 0 };
	int pairs = 0;

	(void)state;
	for (uint64_t random = 0; random < 42 * 5; random++) {
		struct challenge challenge;
		int a;
		int b;

		challenge_start(&challenge, &two, random);
		CHECK(strlen(challenge.digits) == 2);
		CHECK(strspn(challenge.digits, "1234789") == 2);
		a = challenge.digits[0] - '0';
		b = challenge.digits[1] - '0';
		CHECK(a != b);
		pairs += seen[a][b] ? 0 : 1;
		seen[a][b] = true;
	}
	CHECK(pairs == 42);
	for (uint64_t random = 0; random < 7; random++) {
		struct challenge challenge;

		challenge_start(&challenge, &one, random);
		CHECK(strlen(challenge.digits) == 1);
	}
}

static void test_challenge_asked_for_again_has_digits_that_were_not_heard(void **state)
{
	unsigned heard = 1u << 1 | 1u << 2 | 1u << 4;

	(void)state;
	for (uint64_t random = 0; random < 200; random++) {
		struct challenge challenge;

		challenge_start(&challenge, &two, random);
		memcpy(challenge.digits, "47", 3);
		CHECK(strcmp(play(&challenge, "454"), "w") == 0);
		challenge_renew(&challenge, random, heard);
		CHECK(strlen(challenge.digits) == 2 && challenge.digits[0] != challenge.digits[1]);
		CHECK(strspn(challenge.digits, "3789") == 2);
		CHECK(challenge.wrong == 1);
		challenge_renew(&challenge, random, 0x3FF); /* all of them: then any */
		CHECK(strspn(challenge.digits, "1234789") == 2);
	}
}

static void test_challenge_counts_a_wrong_pin_as_a_try(void **state)
{
	struct challenge challenge;

	(void)state;
	challenge_start(&challenge, &two, 0);
	memcpy(challenge.digits, "47", 3);
	CHECK(strcmp(play(&challenge, "45"), "w") == 0);
	CHECK(challenge_bad_pin(&challenge) == CHALLENGE_BAD_PIN);
	CHECK(strcmp(play(&challenge, "47"), "a") == 0);
	CHECK(challenge_bad_pin(&challenge) == CHALLENGE_LOCKED);
	CHECK(strcmp(play(&challenge, "47"), "") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenge_knows_its_digits_only),
		cmocka_unit_test(test_challenge_of_one_key),
		cmocka_unit_test(test_challenge_draws_every_pair_alike),
		cmocka_unit_test(test_challenge_asked_for_again_has_digits_that_were_not_heard),
		cmocka_unit_test(test_challenge_counts_a_wrong_pin_as_a_try),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
