#include "dialplan/challenge.h"

#include <string.h>

#define WRONG_MAX 3

/* A key that a module reports late, besides the tone that we heard: up to 600 ms apart; and long presses
 * that the network splits (27.005 modules, seen on several). */
#define ECHO_MS 600

static const char keys[] = "1234789";

/* Draws as many different digits as it has, of those that are not in `heard`. */
static void draw(struct challenge *challenge, size_t want, uint64_t random, unsigned heard)
{
	char left[sizeof keys];
	size_t count = 0;

	for (size_t i = 0; keys[i] != '\0'; i++)
		if ((heard & 1u << (keys[i] - '0')) == 0)
			left[count++] = keys[i];
	if (count < want + 1) /* else a machine could guess */
		memcpy(left, keys, count = sizeof keys - 1);
	for (size_t i = 0; i < want; i++) {
		size_t at = (size_t)(random % count);

		challenge->digits[i] = left[at];
		random /= count;
		memmove(&left[at], &left[at + 1], --count - at);
	}
}

void challenge_start(struct challenge *challenge, const struct plan *plan, uint64_t random)
{
	*challenge = (struct challenge){ .due = WHEN_NEVER, .key_ms = plan->times.key_s * 1000 };
	draw(challenge, plan->dtmf_ack == PLAN_DTMF_CHALLENGE ? 2 : 1, random, 0);
}

static void forget_try(struct challenge *challenge)
{
	memset(challenge->typed, 0, sizeof challenge->typed);
	challenge->verb = 0;
	challenge->due = WHEN_NEVER;
}

/* Inside a try equal keys in a row are one, as the challenge never has them; between tries only what may be
 * the same press, so that "7 4" can be followed by "4 7". */
static bool same_press(struct challenge *challenge, char key, int64_t mono_ms)
{
	bool in_try = challenge->typed[0] != 0 || challenge->verb != 0;
	bool same =
		key == challenge->last_key && (in_try || mono_ms - challenge->key_at <= ECHO_MS);

	challenge->last_key = key;
	challenge->key_at = mono_ms;
	return same;
}

static enum challenge_answer judge(struct challenge *challenge)
{
	bool right = strcmp(challenge->typed, challenge->digits) == 0;
	char verb = challenge->verb;

	forget_try(challenge);
	if (!right)
		return ++challenge->wrong < WRONG_MAX ? CHALLENGE_WRONG : CHALLENGE_LOCKED;
	if (verb == '5')
		return CHALLENGE_PASS;
	return verb == '6' ? CHALLENGE_RESOLVE : CHALLENGE_ACK;
}

static enum challenge_answer digit(struct challenge *challenge, char key, int64_t mono_ms)
{
	size_t len = strlen(challenge->typed);

	if (len == 0) {
		challenge->due = mono_ms + challenge->key_ms;
		if (key == '5' || key == '6') {
			challenge->verb = key;
			return CHALLENGE_NONE;
		}
		if (key == '0' && challenge->verb == 0) {
			forget_try(challenge);
			return CHALLENGE_HELP;
		}
	}
	challenge->typed[len] = key;
	return len + 1 < strlen(challenge->digits) ? CHALLENGE_NONE : judge(challenge);
}

enum challenge_answer challenge_key(struct challenge *challenge, char key, struct when now)
{
	if (challenge->wrong >= WRONG_MAX || key == '\0' || strchr("0123456789*", key) == NULL)
		return CHALLENGE_NONE;
	if (now.mono_ms > challenge->due)
		forget_try(challenge);
	if (same_press(challenge, key, now.mono_ms))
		return CHALLENGE_NONE;
	if (key == '*') {
		forget_try(challenge);
		return CHALLENGE_REPEAT;
	}
	return digit(challenge, key, now.mono_ms);
}

enum challenge_answer challenge_bad_pin(struct challenge *challenge)
{
	forget_try(challenge);
	return ++challenge->wrong < WRONG_MAX ? CHALLENGE_BAD_PIN : CHALLENGE_LOCKED;
}

void challenge_renew(struct challenge *challenge, uint64_t random, unsigned heard)
{
	forget_try(challenge);
	draw(challenge, strlen(challenge->digits), random, heard);
}
