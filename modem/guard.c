#include "modem/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/ussd.h"
#include "modem/pdu.h"

#define NUMBER_MAX 17 /* "+", 15 digits (E.164), NUL */
#define DAY_S      86400

struct number {
	char text[NUMBER_MAX];
};

struct guard {
	struct guard_limits limits;
	struct guard_counts counts;
	struct number *numbers;
	size_t count;
	char ussd[USSD_CODE_MAX];
};

int guard_new(struct guard **out, struct guard_limits limits, struct err *err)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (guard == NULL)
		return err_nomem(err);
	guard->limits = limits;
	*out = guard;
	return 0;
}

void guard_free(struct guard *guard)
{
	if (guard == NULL)
		return;
	free(guard->numbers);
	free(guard);
}

bool guard_is_e164(struct span number)
{
	if (number.len < 8 || number.len > NUMBER_MAX - 1 || number.at[0] != '+' ||
	    number.at[1] == '0')
		return false;
	for (size_t i = 1; i < number.len; i++)
		if (number.at[i] < '0' || number.at[i] > '9')
			return false;
	return true;
}

int guard_allow(struct guard *guard, const char *const *numbers, size_t count, struct err *err)
{
	struct number *copy = calloc(count == 0 ? 1 : count, sizeof(*copy));

	if (copy == NULL)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		struct span number = span_of(numbers[i]);

		if (!guard_is_e164(number)) {
			free(copy);
			return err_set(err, ERR_INVALID,
				       "allowed number \"%.*s\": want + and 7 to 15 digits, the "
				       "first not 0",
				       (int)(number.len < 40 ? number.len : 40), number.at);
		}
		span_copy(number, copy[i].text, sizeof(copy[i].text));
	}
	free(guard->numbers);
	guard->numbers = copy;
	guard->count = count;
	return 0;
}

/* The pattern is asked again: nothing but digits can follow, whatever the list holds. */
static bool is_allowed(const struct guard *guard, struct span number)
{
	if (!guard_is_e164(number))
		return false;
	for (size_t i = 0; i < guard->count; i++)
		if (span_is(number, guard->numbers[i].text))
			return true;
	return false;
}

/* A clock set back over midnight must not open a spent budget again; but one that once was years ahead must not keep
 * it shut for years. */
static void roll_over(struct guard *guard, struct when now)
{
	int64_t day = now.utc_s / DAY_S;

	if (day != guard->counts.day && day + 1 != guard->counts.day)
		guard->counts = (struct guard_counts){ .day = day };
}

static int spent(const char *what, int64_t limit, struct err *err)
{
	return err_set(err, ERR_REFUSED, "the day's hard stop of %lld %s is reached",
		       (long long)limit, what);
}

static int stranger(const char *what, struct err *err)
{
	return err_set(err, ERR_REFUSED, "%s to a number that is not on the list", what);
}

int guard_call(struct guard *guard, struct span number, struct when now, struct err *err)
{
	const struct guard_limits *limits = &guard->limits;

	roll_over(guard, now);
	if (!is_allowed(guard, number))
		return stranger("call", err);
	if (limits->calls > 0 && guard->counts.calls >= limits->calls)
		return spent("calls", limits->calls, err);
	if (limits->call_seconds > 0 && guard->counts.call_seconds >= limits->call_seconds)
		return spent("seconds of calls", limits->call_seconds, err);
	guard->counts.calls++;
	return 0;
}

int guard_sms(struct guard *guard, struct span pdu_hex, struct when now, struct err *err)
{
	char to[PDU_ADDRESS_MAX];

	roll_over(guard, now);
	if (pdu_destination(pdu_hex, to, err) < 0) {
		err->code = ERR_REFUSED;
		return err_wrap(err, "text refused");
	}
	if (!is_allowed(guard, span_of(to)))
		return stranger("text", err);
	if (guard->limits.sms > 0 && guard->counts.sms >= guard->limits.sms)
		return spent("texts", guard->limits.sms, err);
	guard->counts.sms++;
	return 0;
}

int guard_allow_ussd(struct guard *guard, struct span code, struct err *err)
{
	if (code.len > 0 && !ussd_code_ok(code))
		return err_set(err, ERR_INVALID,
			       "USSD code \"%.*s\": want a question such as *100#",
			       (int)(code.len < 40 ? code.len : 40), code.at);
	span_copy(code, guard->ussd, sizeof(guard->ussd));
	return 0;
}

int guard_ussd(const struct guard *guard, struct span code, struct err *err)
{
	if (ussd_code_ok(code) && span_is(code, guard->ussd))
		return 0;
	return err_set(err, ERR_REFUSED, "a USSD code that is not on the list");
}

void guard_talked(struct guard *guard, int64_t seconds, struct when now)
{
	roll_over(guard, now);
	if (seconds > 0)
		guard->counts.call_seconds += seconds;
}

struct guard_counts guard_counts(const struct guard *guard)
{
	return guard->counts;
}

void guard_restore(struct guard *guard, struct guard_counts counts)
{
	guard->counts = counts;
}
