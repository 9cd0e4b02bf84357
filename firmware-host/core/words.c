#include "core/words.h"

#include <stdio.h>

#include "base/span.h"

struct meaning {
	int number;
	const char *words;
};

static const struct meaning causes[] = {
	{ 1, "nobody has this number" },
	{ 8, "the operator has barred it" },
	{ 10, "this SIM may not send" },
	{ 21, "the network rejected it" },
	{ 22, "the phone's memory is full" },
	{ 27, "the phone is out of service" },
	{ 28, "the network does not know the phone" },
	{ 29, "the network does not offer it" },
	{ 30, "the network does not know this SIM" },
	{ 38, "the network is out of order" },
	{ 41, "a passing failure of the network" },
	{ 42, "the network is congested" },
	{ 47, "the network has no room" },
	{ 50, "this SIM has no such service" },
	{ 69, "the network does not do that" },
	{ 95, "the network did not understand it" },
	{ 96, "the network did not understand it" },
	{ 111, "the network did not understand it" },
	{ 127, "the network does not say why" },
	{ 300, "the modem failed" },
	{ 301, "the modem's text service is taken" },
	{ 302, "the modem does not allow it" },
	{ 304, "the modem did not understand it" },
	{ 310, "no SIM" },
	{ 311, "the SIM wants its PIN" },
	{ 313, "the SIM failed" },
	{ 314, "the SIM is busy" },
	{ 315, "a wrong SIM" },
	{ 316, "the SIM wants its PUK" },
	{ 320, "the modem's memory failed" },
	{ 322, "the modem's memory is full" },
	{ 330, "no service centre is set" },
	{ 331, "no network" },
	{ 332, "the network did not answer" },
	{ 500, "the modem does not say why" },
};

static const struct meaning reports[] = {
	{ 0x00, "" },
	{ 0x01, "passed on, nobody knows whether it arrived" },
	{ 0x02, "replaced by a later one" },
	{ 0x40, "the network could not" },
	{ 0x41, "the phone cannot take it" },
	{ 0x42, "the phone's network rejected it" },
	{ 0x43, "the phone cannot be reached" },
	{ 0x45, "the two networks do not work together" },
	{ 0x46, "expired: phone off, or out of reach?" },
	{ 0x47, "deleted by its sender" },
	{ 0x48, "deleted by the operator" },
	{ 0x49, "the service centre does not know it" },
	{ 0x60, "gave up: the network is congested" },
	{ 0x61, "gave up: the phone was busy" },
	{ 0x62, "gave up: the phone did not answer" },
	{ 0x63, "gave up: the service was rejected" },
	{ 0x65, "gave up: an error in the phone" },
};

static const char *meaning_of(const struct meaning *list, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].number == number)
			return list[i].words;
	return NULL;
}

void words_refused(int cause, char text[WORDS_ROOM])
{
	const char *words = meaning_of(causes, COUNT_OF(causes), cause);

	text[0] = '\0';
	if (cause >= 0)
		snprintf(text, WORDS_ROOM, "cause %d%s%s%s", cause, words != NULL ? " (" : "",
			 words != NULL ? words : "", words != NULL ? ")" : "");
}

void words_report(int status, char text[WORDS_ROOM])
{
	const char *words = meaning_of(reports, COUNT_OF(reports), status);

	if (words != NULL)
		snprintf(text, WORDS_ROOM, "%s", words);
	else
		snprintf(text, WORDS_ROOM, "status %02X", (unsigned)status & 0xFFu);
}

static void talked(int64_t talked_s, char *text, size_t size)
{
	text[0] = '\0';
	if (talked_s > 0)
		snprintf(text, size, ", %lld s talked", (long long)talked_s);
}

void words_call(const struct device_event *ended, const char *why, int64_t ring_s,
		char text[WORDS_ROOM])
{
	char time[40];

	talked(ended->talked_s, time, sizeof time);
	switch (ended->end) {
	case DEVICE_CALL_NO_ANSWER:
		snprintf(text, WORDS_ROOM, "nobody answered within %lld s", (long long)ring_s);
		return;
	case DEVICE_CALL_BUSY:
		snprintf(text, WORDS_ROOM, "busy, or rejected");
		return;
	case DEVICE_CALL_HUNG_UP:
		snprintf(text, WORDS_ROOM, "they hung up%s", time);
		return;
	case DEVICE_CALL_LIMIT:
		snprintf(text, WORDS_ROOM, "the time to talk was over%s", time);
		return;
	case DEVICE_CALL_STOPPED:
		snprintf(text, WORDS_ROOM, "%.60s%s", why[0] != '\0' ? why : "ended by us", time);
		return;
	case DEVICE_CALL_REFUSED:
		if (ended->cause >= 0)
			snprintf(text, WORDS_ROOM, "not set up, cause %d", ended->cause);
		else
			snprintf(text, WORDS_ROOM, "not set up by the network or the modem");
		return;
	case DEVICE_CALL_LOST:
		snprintf(text, WORDS_ROOM, "the modem was lost%s", time);
		return;
	case DEVICE_CALL_END_NONE:
	case DEVICE_CALL_ENDS:
		break;
	}
	snprintf(text, WORDS_ROOM, "nobody knows how%s", time);
}
