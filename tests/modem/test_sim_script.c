/* The script language: every form in docs/simulator.md, and its errors. */
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

/* To +447700900123, "PAGE 4711 DB01 DOWN. Reply ACK 4711", report wanted, a day's validity. */
#define SUBMIT                                                                                     \
	"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7" \
	"580C\x1a"
#define ANN         "+447700900123"

#define QUIET_START "modem alpha +15550009001 quectel\nphone ann " ANN " ignores"

static void test_sim_script_takes_every_documented_line(void **state)
{
	static const char *const lines[] = {
		"# a comment",
		"",
		"   ",
		"modem alpha +15550009001 quectel",
		"modem beta +15550009002 simcom sms 300ms",
		"modem gamma +15550009003 generic storage 10 sim pin 1234 cnmi ds 0,2 # spare",
		"phone ada +15550100001 ignores",
		"phone bob +15550100002 answers after 6s presses challenge",
		"phone carol +15550100003 answers after 4s presses 1 2 #",
		"phone dave +15550100004 replies \"ACK\" after 5s",
		"phone erin +15550100005 voicemail \"Hi, press 4 7 to leave a message\" after 12s",
		"phone frank +15550100006 busy",
		"phone grace +15550100007 dnd then answers after 5s presses challenge",
		"phone heidi +15550100008 ignores calls and replies \"ACK {code}\" after 5s",
		"phone ivan +15550100009 dnd 15m then rejects",
		"phone judy +15550100010 answers after 2s presses challenge and hangs up after 30s",
		"phone kim +15550100011 voicemail \"press 4\" after 5s with tones",
		"phone ada texts \"ACK 4711\"",
		"phone ada texts \"ACK 4711\" to beta",
		"phone ada texts \"late\" in 30s",
		"phone ada answers after 3s presses challenge",
		"phone ada off",
		"phone ada on",
		"phone ada off for 60s",
		"phone ada unreachable",
		"phone ada shows \"5550100001\"",
		"phone dave replies nothing",
		"phone ada calls to beta",
		"modem alpha hangs for 60s in 10s",
		"modem alpha hangs in 10s for 60s",
		"modem alpha hangs hard for 60s",
		"modem alpha hangs dead in 10s",
		"modem alpha unplugged for 5s",
		"modem alpha plugged",
		"modem alpha deaf after 5s",
		"modem alpha recovers",
		"modem alpha reboots in 1m",
		"modem alpha boot 20s",
		"modem alpha loses 1 result",
		"modem alpha loses 2 notices",
		"modem alpha refuses 2 sends with 500",
		"modem alpha refuses 1 call",
		"modem alpha prompt missing for 20s",
		"modem alpha prompt late 3s",
		"modem alpha prompt bare",
		"modem alpha slow 200ms for 1m",
		"modem alpha noise every 50ms for 10s",
		"modem alpha garbage",
		"modem alpha registration denied for 2m",
		"modem alpha registration back",
		"modem alpha storage full for 20s",
		"modem alpha echo on",
		"modem alpha chunks 3",
		"modem alpha forgets settings",
		"modem alpha sim busy for 20s",
		"modem alpha voice off",
		"modem alpha voice error for 1m",
		"modem alpha noise off",
		"modem alpha chunks off",
		"modem alpha deletes everything",
		"modem alpha dtmf doubled",
		"modem alpha clock wrong",
		"modem alpha data off",
		"modem alpha deletes nothing",
		"modem alpha speech 10ms",
		"network delivery 2s",
		"network reports off",
		"network reports false for 1h",
		"network setup 500ms",
		"network drops 1 text",
		"network doubles 2 texts",
		"network down for 10m in 5s",
		"modem alpha unplugged for 5s at byte 60 of +CMGS",
		"modem alpha port ttyUSB3",
		"modem alpha disk for 5s",
		"port ttyUSB1 of alpha nmea",
		"port ttyUSB2 of alpha mute",
		"port ttyUSB4 of alpha diag",
		"port ttyUSB5 of alpha quiet",
		"port ttyUSB1 gone",
		"port ttyUSB1 back",
		"modem alpha slow 1s to 5s",
		"modem alpha slow 3s on +CPMS for 1m",
		"modem alpha slow 0s on +CPMS",
		"modem alpha silent on +CMGL 2 times",
		"modem alpha answers +CLCC with \"ERROR\" 2 times",
		"modem alpha answers +CREG? with \"+CREG: 2,5\\nOK\" for 5s",
		"modem alpha answers +CLCC normally",
		"modem alpha says \"+CMTI: \\\"SM\\\",3\"",
		"modem alpha results numeric for 5s",
		"modem alpha lines without-cr",
		"modem alpha lines with-two-crs",
		"modem alpha lines spaced for 5s",
		"modem alpha chunks 1 every 10ms",
		"modem alpha bytes lost 1 in 1000",
		"modem alpha bytes doubled 1 in 500 for 1m",
		"modem alpha autobaud 3",
		"modem alpha sleeps 2s for 1m",
		"modem alpha foreign types \"ATE1\" every 20s for 1m",
		"modem alpha foreign eats 3 replies",
		"modem alpha sms 2s to 40s",
		"modem alpha loses 1 ok",
		"modem alpha prompt doubled for 1m",
		"modem alpha prompt open",
		"modem alpha texts need cgsms 1",
		"modem alpha texts refused in calls for 1m",
		"modem alpha notices indexless",
		"modem alpha notices elsewhere for 1m",
		"modem alpha storage SM 10",
		"modem alpha storage ME full for 5s",
		"modem alpha indices shift",
		"modem alpha counters late 500ms",
		"modem alpha listing joined",
		"modem alpha listing miscounted for 5s",
		"modem alpha sim pin 1234 1 try",
		"modem alpha sim failure for 5s",
		"modem alpha sim swapped",
		"modem alpha smsc lost for 5s",
		"modem alpha credit 20",
		"modem alpha credit unlimited",
		"modem alpha balance \"You have {credit} left\" as hex",
		"modem alpha balance timeout",
		"modem alpha registration creg denied for 5s",
		"modem alpha registration csfb",
		"modem alpha operator 00102",
		"modem alpha radio gsm for 5m",
		"modem alpha unreachable for 1h",
		"modem alpha signal 7 for 5m",
		"modem alpha fades over 60s",
		"modem alpha brightens",
		"modem alpha temperature 71",
		"modem alpha clock behind 3h",
		"modem alpha calls linger 3s",
		"modem alpha calls drop with texts",
		"modem alpha calls wait",
		"network delivery 2s to 40s",
		"network reports late 150s",
		"network reports in-sequence",
		"network drops all texts for 1h",
		"network holds texts to ada for 40m",
		"network releases texts reversed",
		"network refuses texts to ada with 38 for 5m",
		"network takes texts to ada",
		"network filters on",
		"network stamps stuck",
		"network stamps ahead 3h",
		"network sends flash \"Good evening\" to alpha",
		"network sends part to alpha",
		"network congested 90% for 1h",
		"network operator 00102 down for 12h",
		"network operator 00102 rejects 80%",
		"phone ada operator 00102",
	};
	struct bench *b = bench_up("");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct err err = { ERR_NONE, "" };

		int status = sim_line(b->sim, span_of(lines[i]), b->now, &err);

		if (status < 0)
			print_error("%s\n", err.text);
		CHECK_ROW(status == 0, lines[i]);
		CHECK_ROW(err.code == ERR_NONE, lines[i]);
		CHECK(sim_knows(span_of(lines[i])) == (strlen(lines[i]) > 11));
	}
	bench_run(b, 0, 3600000); /* and everything that was put off can be carried out */
	bench_down(b);
}

static void test_sim_script_claims_its_own_words_only(void **state)
{
	static const char *const others[] = {
		"at 5s page ada", "page ada", "expect sms", "wait 5s", "config x",
		"reply ok",       "ack 1",    "modems",     "#",       ""
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		CHECK_ROW(!sim_knows(span_of(others[i])), others[i]);
	CHECK(sim_knows(span_of("  Modem alpha hangs")));
}

static void test_sim_script_errors_name_what_was_wanted(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "moden alpha hangs", "\"moden\": want \"modem\"?" },
		{ "modem alpha hagns", "modem: \"hagns\": want \"hangs\"?" },
		{ "modem alhpa hangs", "modem: no modem \"alhpa\" (there is: alpha)" },
		{ "modem alpha", "modem: the line ends too early" },
		{ "modem alpha slow 5", "want a time such as 300ms" },
		{ "modem alpha reboots for 5s", "\"reboots\" has no end" },
		{ "modem alpha prompt layt", "want \"late\"?" },
		{ "modem alpha refuses 2 sends with 5000", "want a number from 0 to 999" },
		{ "modem beta +1555 quectel", "want a number such as +15550100001" },
		{ "modem beta " ANN, "somebody has this number already" },
		{ "phone zoe ignores", "phone: no phone \"zoe\" (there is: ann)" },
		{ "phone ann anwsers after 3s", "want \"answers\"?" },
		{ "phone ann answers after soon", "want a time such as" },
		{ "phone ann texts ACK", "want a text in \"quotes\"" },
		{ "phone ann texts \"ACK", "a \" is not closed" },
		{ "phone ann texts \"ACK\" to gamma", "want the name of a modem" },
		{ "phone ann presses 4", "ann is not in a call" },
		{ "phone ann answers presses", "want challenge, or keys such as 4 7 #" },
		{ "phone ann dnd then", "what she does when it rings" },
		{ "network delivery fast", "want a time such as" },
		{ "network qqqq", "want one of delivery, setup, reports" },
		{ "modem alpha hagns in 30s", "\"hagns\"" }, /* at once, not in 30 s */
	};
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { ERR_NONE, "" };

		int status = sim_line(b->sim, span_of(rows[i].line), b->now, &err);

		CHECK_ROW(status == -1, rows[i].line);
		CHECK_ROW(err.code == ERR_INVALID, rows[i].line);
		if (strstr(err.text, rows[i].says) == NULL)
			print_error("%s\n", err.text);
		CHECK_ROW(strstr(err.text, rows[i].says) != NULL, rows[i].line);
	}
	CHECK(sim_deadline(b->sim) == WHEN_NEVER);
	bench_down(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_script_takes_every_documented_line),
		cmocka_unit_test(test_sim_script_claims_its_own_words_only),
		cmocka_unit_test(test_sim_script_errors_name_what_was_wanted),
	};

	return cmocka_run_group_tests_name("sim_script", tests, NULL, NULL);
}
