/* How sends end and what follows (DESIGN.md 5, MODEMS.md 3.5 and 3.6; FIELD.md B5, B6, C8, C9, D1). */
#include "core/inside.h"
#include "store/history.h"
#include "tests/core/stage.h"

#define MINUTE_MS 60000

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"dave\" ]; times = { bundle = \"0 s\"; };\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; kinds = [ \"sms\" ]; } ); "
	"},\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static struct stage stage;

static int set_up(void **state)
{
	(void)state;
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "modem beta +15550009002 quectel", "phone ada +15550100001 ignores",
		   "phone bob +15550100002 ignores", "phone carol +15550100003 ignores",
		   "phone dave +15550100004 ignores");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

/* Texts that reached this phone from this modem since then. */
static size_t got(const char *who, const char *words, int modem, int64_t since)
{
	size_t count = 0;

	for (size_t i = 0; i < stage.world.sighting_count; i++) {
		const struct sim_event *event = &stage.world.sightings[i].event;

		count += event->kind == SIM_TEXTED && event->modem == modem &&
			 event->mono_ms >= since && strcmp(event->name, who) == 0 &&
			 strstr(event->text, words) != NULL;
	}
	return count;
}

/* Milliseconds from `since` to the first text with these words at this phone; -1: none. */
static int64_t first_at(const char *who, const char *words, int64_t since)
{
	for (size_t i = 0; i < stage.world.sighting_count; i++) {
		const struct sim_event *event = &stage.world.sightings[i].event;

		if (event->kind == SIM_TEXTED && event->mono_ms >= since &&
		    strcmp(event->name, who) == 0 && strstr(event->text, words) != NULL)
			return event->mono_ms - since;
	}
	return -1;
}

static void test_outcomes_unknown_ends_are_capped_and_spaced(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "modem alpha loses 99 results");
	stage_line(&stage, "modem beta loses 99 results");
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 25000);
	CHECK(got("bob", "db1 down", 0, since) == 1 && got("bob", "db1 down", 1, since) == 1);
	stage_run(&stage, 4 * MINUTE_MS);
	CHECK(got("bob", "db1 down", 0, since) == 2 && got("bob", "db1 down", 1, since) == 2);
}

/* B5: the result comes 150 s late; the port is gone just behind Ctrl-Z. */
static void test_outcomes_late_or_lost_results_repeat_once_a_path(void **state)
{
	static const char *const faults[] = {
		"modem alpha sms 150s",
		"modem alpha unplugged for 20s at byte 120 of +CMGS",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		int64_t since;

		tear_down(NULL);
		set_up(NULL);
		since = stage.world.now.mono_ms;
		stage_line(&stage, faults[i]);
		STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
		stage_run(&stage, 4 * MINUTE_MS + 30000);
		CHECK_ROW(first_at("bob", "db1 down", since) >= 0, faults[i]);
		CHECK_ROW(first_at("bob", "db1 down", since) <= 21000, faults[i]);
		CHECK_ROW(got("bob", "db1 down", 0, since) <= 2, faults[i]);
		CHECK_ROW(got("bob", "db1 down", 1, since) <= 2, faults[i]);
	}
}

/* G3: the network of alpha, ada and bob is down: carol on the other one is paged by beta in her time. */
static void test_outcomes_outage_of_the_responders_network(void **state)
{
	int64_t since;

	(void)state;
	stage_line(&stage, "modem beta operator 00102");
	stage_line(&stage, "phone carol operator 00102");
	stage_line(&stage, "phone ada operator 00101");
	stage_line(&stage, "network operator 00101 down for 6h");
	stage_run(&stage, 30000);
	since = stage.world.now.mono_ms;
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 6 * MINUTE_MS);
	CHECK(got("carol", "db1 down", 1, since) == 1);
	CHECK(first_at("ada", "db1 down", since) == -1);
	CHECK(stage_seen(&stage, SIM_RINGS, "carol", "", since) >= 1);
}

/* D2: kept back for 40 minutes, then all at once: nothing older than its validity arrives. */
static void test_outcomes_no_stale_text_arrives(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "network holds texts to ada for 40m");
	for (int i = 0; i < 12; i++) {
		char message[20];

		snprintf(message, sizeof message, "alert %d", i);
		STAGE_ASK(&stage, "page", "message", message, "to", "ada");
		stage_run(&stage, MINUTE_MS);
	}
	stage_run(&stage, 30 * MINUTE_MS);
	for (size_t i = 0; i < stage.world.sighting_count; i++) {
		const struct sim_event *event = &stage.world.sightings[i].event;

		if (event->kind == SIM_TEXTED && strcmp(event->name, "ada") == 0 &&
		    event->mono_ms - since < 41 * MINUTE_MS)
			CHECK(strstr(event->text, "alert 0") == NULL);
	}
}

static void test_outcomes_one_bad_recipient_delays_nobody(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "modem beta unplugged");
	stage_line(&stage, "network refuses texts to bob with 38");
	STAGE_ASK(&stage, "page", "message", "to the one that fails", "to", "bob");
	STAGE_ASK(&stage, "page", "message", "to the other", "to", "carol");
	stage_run(&stage, 10000);
	CHECK(first_at("carol", "to the other", since) >= 0);
	CHECK(first_at("carol", "to the other", since) < 10000);
	stage_run(&stage, 2 * MINUTE_MS); /* no network took it: the next step */
	CHECK(first_at("dave", "to the one that fails", since) > 0);
	CHECK(first_at("dave", "to the one that fails", since) <= 70000);
	STAGE_ASK(&stage, "faults"); /* and nobody blames the modem for it */
	CHECK(!stage_says(&stage, "sms.refused"));
}

static void test_outcomes_permanent_refusal_escalates_at_once(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "network refuses texts to bob with 1");
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 10000);
	CHECK(first_at("dave", "db1 down", since) >= 0);
	CHECK(first_at("dave", "db1 down", since) < 2000);
	CHECK(first_at("bob", "db1 down", since) == -1);
}

/* One refusal of each class (MODEMS.md 3.5), and where the text goes then. */
static void test_outcomes_each_class_goes_where_it_should(void **state)
{
	static const struct {
		const char *refusal;
		bool by_beta;   /* within 5 s */
		bool next_step; /* within 5 s, and no further text to bob */
	} rows[] = {
		{ "38", true, false },  /* network */
		{ "42", true, false },  /* congestion */
		{ "50", true, false },  /* this SIM may not: another */
		{ "10", true, false },  /* barred: another SIM */
		{ "500", true, false }, /* nobody knows: the other path first */
		{ "332", true, false }, /* network timeout: the same */
		{ "1", false, true },   /* nobody has this number */
		{ "196", false, true }, /* barred destination */
		{ "69", false, true },  /* not implemented: this unit will never do */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char line[80];
		int64_t since;

		tear_down(NULL);
		set_up(NULL);
		since = stage.world.now.mono_ms;
		snprintf(line, sizeof line, "modem alpha refuses 1 send with %s", rows[i].refusal);
		stage_line(&stage, line);
		STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
		stage_run(&stage, 5000);
		CHECK_ROW((got("bob", "db1 down", 1, since) == 1) == rows[i].by_beta,
			  rows[i].refusal);
		CHECK_ROW((first_at("dave", "db1 down", since) >= 0) == rows[i].next_step,
			  rows[i].refusal);
	}
}

/* Events of this name with these words, over all runs. */
static size_t recorded(const char *name, const char *words)
{
	struct history *history = NULL;
	struct event event = { 0 };
	struct err err = { 0 };
	size_t found = 0;

	stage_must(history_open(&history, stage.path, &err) == 0, &err);
	stage_must(history_start(history, 0, 0, &err) == 0, &err);
	while (history_next(history, &event, &err) == 1) {
		found += strcmp(event.name, name) == 0 &&
			 strstr(event.text == NULL ? "" : event.text, words) != NULL;
		free(event.text);
		event.text = NULL;
	}
	history_close(history);
	return found;
}

/* A text that was accepted and never delivered is followed by a call all the same, and its report says why (D1). */
static void test_outcomes_report_says_what_became_of_it(void **state)
{
	(void)state;
	stage_line(&stage, "phone bob off");
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 4 * MINUTE_MS);
	CHECK(recorded("sms.undelivered", "") == 0);
	stage_run(&stage, 14 * MINUTE_MS); /* valid for 15 min */
	CHECK(recorded("sms.undelivered", "expired: phone off, or out of reach?") == 1);
	CHECK(recorded("sms.accepted", "") >= 1);
}

/* MODEMS.md 3.6: what the centre gave up is sent again by the other path; a number that is no good is left. */
static void test_outcomes_undelivered_goes_another_way(void **state)
{
	static const struct {
		int status;
		bool again; /* by beta, 15 s later */
		bool next;  /* the step goes on: bob has no other means */
	} rows[] = {
		{ 0x60, true, false },  /* congestion, gave up */
		{ 0x62, true, false },  /* no answer, gave up */
		{ 0x43, false, true },  /* cannot be reached at all */
		{ 0x45, false, true },  /* the networks do not work together */
		{ 0x46, false, false }, /* expired: phone off */
		{ 0x22, false, false }, /* still trying */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct device_event event = { .kind = DEVICE_EVENT_REPORT, .index = -1 };
		struct gateway *g;
		int64_t since;

		tear_down(NULL);
		set_up(NULL);
		stage_line(&stage, "network reports off");
		since = stage.world.now.mono_ms;
		STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
		stage_run(&stage, 5000);
		g = stage.world.gateway;
		CHECK(got("bob", "db1 down", 0, since) == 1 && g->attempt_count > 0);
		event.pdu.message_ref = g->attempts[0].attempt->mr[0];
		event.pdu.status = rows[i].status;
		texts_report(g, &g->paths[0], &event, stage.world.now);
		gateway_tick(g, stage.world.now);
		stage_run(&stage, 20000);
		CHECK((got("bob", "db1 down", 1, since) == 1) == rows[i].again);
		CHECK((first_at("dave", "db1 down", since) >= 0) == rows[i].next);
	}
}

static void test_outcomes_delivered_is_never_an_ack(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "network reports false");
	stage_line(&stage, "network drops all texts");
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 8 * MINUTE_MS);
	CHECK(recorded("sms.delivered", "") >= 1);
	CHECK(stage_seen(&stage, SIM_RINGS, "ada", "", since) >= 2);
	CHECK(stage_seen(&stage, SIM_RINGS, "carol", "", since) >= 1); /* the next step */
}

/* C9, C2: one path refuses everything.  Within 30 s the other one sends, and later pages go by it at first, also after a
 * restart. */
static void test_outcomes_refusing_path_is_learnt_by_network(void **state)
{
	static const char *const people[] = { "bob", "carol", "ada" };
	size_t refused = 0;

	(void)state;
	stage_line(&stage, "modem alpha refuses 99 sends with 50");
	for (size_t i = 0; i < COUNT_OF(people); i++) {
		int64_t since = stage.world.now.mono_ms;

		STAGE_ASK(&stage, "page", "message", "db1 down", "to", people[i]);
		stage_run(&stage, 30000);
		CHECK_ROW(got(people[i], "db1 down", 1, since) == 1, people[i]);
		if (i == 2) /* tried twice: it is known by now, and remembered */
			CHECK(recorded("sms.refused", "") == refused);
		refused = recorded("sms.refused", "");
		stage_restart(&stage);
		stage_run(&stage, 30000);
	}
	CHECK(refused == 2);
	stage_line(&stage, "modem beta unplugged");
	STAGE_ASK(&stage, "page", "message", "db2 down", "to", "bob");
	STAGE_ASK(&stage, "page", "message", "db2 down", "to", "dave");
	stage_run(&stage, 2 * MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "sms.refused") && stage_says(&stage, "out of credit"));
	CHECK(stage_says(&stage, "cause 50 (this SIM has no such service)"));
}

/* C8: no voice on one path, texts are fine: calls go by the other, texts may go by both. */
static void test_outcomes_path_without_voice_still_texts(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "modem alpha voice off");
	STAGE_ASK(&stage, "page", "message", "first", "to", "ada");
	stage_run(&stage, 4 * MINUTE_MS);
	CHECK(stage_seen(&stage, SIM_RINGS, "ada", "", since) >= 2);
	CHECK(got("ada", "first", 0, since) == 1);
}

/* K1: the network of one path is gone for half a day. */
static void test_outcomes_network_gone_pages_by_the_other(void **state)
{
	int64_t since;

	(void)state;
	stage_line(&stage, "modem beta operator 00102");
	stage_line(&stage, "network operator 00101 down for 12h");
	stage_run(&stage, 10000);
	since = stage.world.now.mono_ms;
	stage_line(&stage, "phone bob operator 00102");
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 5000);
	CHECK(got("bob", "db1 down", 1, since) == 1);
}

static void test_outcomes_one_network_for_all_is_a_standing_remark(void **state)
{
	(void)state;
	stage_run(&stage, 9 * MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(!stage_says(&stage, "network.same"));
	stage_run(&stage, 2 * MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "network.same") && stage_says(&stage, "00101: alpha, beta"));
	STAGE_ASK(&stage, "status");
	CHECK(stage_says(&stage, "\"state\":\"ok\"")); /* a remark, no failure */
	stage_line(&stage, "modem beta operator 00102");
	stage_run(&stage, 10 * MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(!stage_says(&stage, "network.same"));
}

/* D4: a storm of 500 alerts to a filtered SIM.  What she gets is bundled, stays under the carrier's thresholds, and is acked. */
static void test_outcomes_storm_stays_under_the_filters(void **state)
{
	static const char bundled[] =
		"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
		"operators = [ \"dave\" ]; proof = { every = \"0 s\"; };\n"
		"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
		"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"
		"rotations = ( { name = \"platform\"; members = [ \"ada\", \"dave\" ];\n"
		"  starts = \"2026-01-05 10:00\"; } );\n"
		"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; "
		"},\n"
		"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";
	int64_t since;

	(void)state;
	tear_down(NULL);
	STAGE_OPEN(&stage, bundled, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "modem beta +15550009002 quectel", "phone ada +15550100001 ignores",
		   "phone dave +15550100004 ignores", "network filters on", "modem alpha sms 2s",
		   "modem beta sms 2s");
	since = stage.world.now.mono_ms;
	for (int i = 0; i < 500; i++) {
		char message[40];

		snprintf(message, sizeof message, "alert %d", i);
		STAGE_ASK(&stage, "page", "message", message);
		stage_run(&stage, 500);
	}
	stage_run(&stage, MINUTE_MS);
	CHECK(stage_seen(&stage, SIM_TEXTED, "ada", "alert 0", since) >= 1);
	CHECK(stage_seen(&stage, SIM_TEXTED, "ada", "", since) <= 15);
	for (int i = 0; i < 2; i++) { /* what was gathered still comes behind the first */
		stage_line(&stage, "phone ada texts \"ACK ALL\"");
		stage_run(&stage, MINUTE_MS);
	}
	STAGE_ASK(&stage, "list", "state", "open");
	CHECK(stage_says(&stage, "\"pages\":[]"));
	CHECK(stage_seen(&stage, SIM_TEXTED, "", "", since) < 60);
}

/* K4: nine calls in ten are not set up and texts take a quarter of an hour: somebody takes it all the same, and nobody is hammered. */
static void test_outcomes_congestion_ends_in_an_ack(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "network congested 90%");
	stage_line(&stage, "network delivery 5m to 14m");
	stage_line(&stage,
		   "phone ada answers after 6s presses challenge replies \"ACK {code}\" after 5s");
	stage_line(&stage, "phone carol answers after 6s presses challenge");
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 60 * MINUTE_MS);
	STAGE_ASK(&stage, "list", "state", "open");
	CHECK(stage_says(&stage, "\"pages\":[]"));
	CHECK(stage_seen(&stage, SIM_DIALLED, "", "", since) <= 60);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(test_outcomes_unknown_ends_are_capped_and_spaced),
		STAGED(test_outcomes_late_or_lost_results_repeat_once_a_path),
		STAGED(test_outcomes_outage_of_the_responders_network),
		STAGED(test_outcomes_no_stale_text_arrives),
		STAGED(test_outcomes_one_bad_recipient_delays_nobody),
		STAGED(test_outcomes_permanent_refusal_escalates_at_once),
		STAGED(test_outcomes_each_class_goes_where_it_should),
		STAGED(test_outcomes_report_says_what_became_of_it),
		STAGED(test_outcomes_undelivered_goes_another_way),
		STAGED(test_outcomes_delivered_is_never_an_ack),
		STAGED(test_outcomes_refusing_path_is_learnt_by_network),
		STAGED(test_outcomes_path_without_voice_still_texts),
		STAGED(test_outcomes_network_gone_pages_by_the_other),
		STAGED(test_outcomes_one_network_for_all_is_a_standing_remark),
		STAGED(test_outcomes_storm_stays_under_the_filters),
		STAGED(test_outcomes_congestion_ends_in_an_ack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
