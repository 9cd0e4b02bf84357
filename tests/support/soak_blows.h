/* soak_blows.h - what can happen in a life of soak.c: the faults, the manners of phones, what people text. */
#ifndef TESTS_SUPPORT_SOAK_BLOWS_H
#define TESTS_SUPPORT_SOAK_BLOWS_H

#include "tests/support/soak_life.h"

static const char more_config[] =
	"budget = { sms = 100000; calls = 100000; call_minutes = 100000; };\n";

static const char *const people[PEOPLE] = { "ada", "bob", "carol", "dave" };
static const char *const modems[] = { "alpha", "beta" };
static const char *const families[] = {
	"quectel", "simcom", "huawei", "ublox", "telit", "generic"
};

static const char *const manners[] = {
	"ignores",
	"busy",
	"rejects calls",
	"answers after 5s presses challenge",
	"answers after 12s presses 1 2 3 4 5",
	"answers after 2s hangs up after 1s",
	"voicemail \"Leave a message after the tone\" with tones after 20s",
	"dnd then answers after 5s presses challenge",
	"screens then answers after 4s presses challenge",
	"rejects with announcement",
	"off for 5m",
	"ignores calls replies \"ACK {code}\" after 20s",
	"ignores calls replies \"I am driving\" after 3s",
};

/* What people text of their own accord; a mark is added, by which each is found again in the store. */
static const char *const words[] = {
	"ACK {code}", "ACK {code}", "ACK", "PASS", "DONE", "ACK ALL",  "UPD looking",
	"STATUS",     "WHO",        "ok",  "no",   "ok?",  "ack 1234", "MORE",
};

struct blow {
	const char *line;
	int weight; /* how many sends it can leave in doubt, or double */
	bool cut;   /* may leave a call behind that the gateway knows nothing of */
};

static const struct blow faults[] = {
	{ "unplugged for 3m", 1, true },
	{ "unplugged for 20s at byte 9 of +CMGS", 1, true },
	{ "unplugged for 20s at byte 60 of +CMGS", 1, true },
	{ "hangs for 2m at byte 140 of +CMGS", 1, true },
	{ "reboots at byte 300 of +CMGS", 1, true },
	{ "reboots at byte 20 of D", 1, true },
	{ "says \"+CMTI: \\\"SM\\\",7\" at byte 30 of +CMGS", 1, false },
	{ "says \"RING\" at byte 21 of +CMGL", 1, false },
	{ "port beta", 2, true },
	{ "disk for 2m", 1, true },
	{ "reboots", 1, true },
	{ "hangs for 4m", 1, true },
	{ "hangs hard for 9m", 1, true },
	{ "hangs", 1, true },
	{ "deaf for 2m", 1, true },
	{ "silent on +CMGL 3 times", 1, true },
	{ "silent on +CLCC 2 times", 1, true },
	{ "loses 1 results", 1, true },
	{ "loses 1 oks", 1, true },
	{ "sms 40s to 200s for 4m", 3, true },
	{ "slow 1s to 5s for 4m", 1, true },
	{ "slow 8s on +CPMS for 5m", 1, false },
	{ "forgets settings", 1, false },
	{ "results numeric for 3m", 3, true },
	{ "loses 2 notices", 1, false },
	{ "notices indexless for 5m", 1, false },
	{ "notices misplaced for 5m", 1, false },
	{ "notices doubled for 5m", 1, false },
	{ "refuses 3 sends with 38", 1, false },
	{ "refuses 1 sends with 1", 1, false },
	{ "refuses 2 sends with 500", 1, false },
	{ "refuses 2 calls", 1, false },
	{ "prompt missing for 2m", 1, false },
	{ "prompt late 4s for 2m", 1, false },
	{ "prompt doubled for 5m", 1, false },
	{ "prompt bare for 5m", 1, false },
	{ "prompt open", 1, true },
	{ "garbage", 1, false },
	{ "noise every 50ms for 2m", 1, false },
	{ "echo on", 1, false },
	{ "chunks 7 for 5m", 1, false },
	{ "lines with-two-crs for 5m", 1, false },
	{ "lines without-cr for 5m", 1, false },
	{ "foreign types \"ATE1\" every 20s for 3m", 2, true },
	{ "foreign eats 2 replies", 2, true },
	{ "sleeps 20s for 5m", 1, false },
	{ "answers +CLCC with \"ERROR\" 3 times", 1, true },
	{ "answers +CSQ with \"COMMAND NOT SUPPORT\" 3 times", 1, false },
	{ "calls linger 4s for 9m", 1, false },
	{ "calls drop with texts for 9m", 1, true },
	{ "clock wrong for 10m", 1, false },
	{ "registration lost for 6m", 1, true },
	{ "registration denied for 3m", 1, true },
	{ "registration creg none for 8m", 1, false },
	{ "unreachable for 6m", 1, false },
	{ "storage full for 5m", 1, false },
	{ "storage SM full for 5m", 1, false },
	{ "deletes nothing for 8m", 1, false },
	{ "indices shift for 9m", 1, false },
	{ "listing joined for 9m", 1, false },
	{ "listing miscounted for 9m", 1, false },
	{ "counters late 500ms for 9m", 1, false },
	{ "sim busy for 2m", 1, true },
	{ "sim failure for 2m", 1, true },
	{ "smsc lost for 5m", 1, false },
	{ "voice off for 9m", 1, false },
	{ "voice error for 9m", 1, false },
	{ "holds texts for 9m", 1, false },
	{ "dtmf missing for 9m", 1, false },
	{ "dtmf flaky for 9m", 1, false },
	{ "sms 9s for 10m", 1, true },
};

static const struct blow networks[] = {
	{ "down for 7m", 1, true },
	{ "drops 2 texts", 1, false },
	{ "doubles 3 texts", 3, false },
	{ "reports off for 9m", 1, false },
	{ "reports false for 9m", 1, false },
	{ "reports in-sequence for 9m", 1, false },
	{ "delivery 5s to 60s for 10m", 1, false },
	{ "holds texts to ada for 6m", 1, false },
	{ "refuses texts to bob with 38 for 5m", 1, false },
	{ "stamps stuck for 9m", 1, false },
	{ "congested 60% for 9m", 1, false },
	{ "sends mms to alpha", 1, false },
	{ "sends part to beta", 1, false },
	{ "sends flash \"ACK ALL\" to alpha", 1, false },
	{ "sends waiting to beta", 1, false },
};

#endif
