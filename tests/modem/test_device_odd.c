/* What few modems do, and few people type. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct rig rig;

static void begin(const struct device_config *config)
{
	rig_init(&rig, config);
}

static const struct device_status *status(void)
{
	return device_status(rig.device);
}

static void test_identity_is_found_in_whatever_stands_around_it(void **state)
{
	static const struct {
		const char *maker, *model, *revision, *imei, *profile, *firmware;
	} rows[] = {
		{ "+CGMI: \"SIMCOM INCORPORATED\"", "\"SIMCOM_SIM7600G-H\"",
		  "+CGMR: LE20B05SIM7600G22", "+CGSN: \"867000000000017\"", "sim7600",
		  "LE20B05SIM7600G22" },
		{ "QUECTEL", "EC25", "Revision: EC25EFAR02A09M4G", "867000000000017", "ec2x",
		  "EC25EFAR02A09M4G" },
		{ "Manufacturer: huawei", "+CGMM:E1750", "11.126.85.00.209", "867000000000017",
		  "huawei-e17xx", "11.126.85.00.209" },
		{ "Telit", "LE910C4-EU", "25.20.675\r\nM0F.223004", "867000000000017", "he910",
		  "25.20.675" }, /* the first line counts */
		{ "-", "?", "", "none", "generic", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char answers[4][120];
		const char *const lines[] = { rows[i].maker, rows[i].model, rows[i].revision,
					      rows[i].imei };
		static const char *const commands[] = { "AT+CGMI", "AT+CGMM", "AT+CGMR",
							"AT+CGSN" };

		begin(NULL);
		for (size_t k = 0; k < COUNT_OF(lines); k++) {
			snprintf(answers[k], sizeof answers[k], "\r\n%s\r\n\r\nOK\r\n", lines[k]);
			far_answer(&rig.far, commands[k], answers[k], 0);
		}
		rig_open(&rig);
		rig_run(&rig, 60000);
		CHECK_ROW(status()->state == DEVICE_READY, rows[i].model);
		CHECK_ROW(strcmp(status()->profile, rows[i].profile) == 0, rows[i].model);
		CHECK_ROW(strcmp(status()->revision, rows[i].firmware) == 0, rows[i].model);
		CHECK_ROW(strcmp(status()->imei, i + 1 < COUNT_OF(rows) ? "867000000000017" : "") ==
				  0,
			  rows[i].model);
		rig_free(&rig);
	}
}

/* In each family's own words; a form that is misread could cost the card. */
static const struct {
	const char *maker, *model, *ask, *before, *behind; /* the number of tries left */
} pin_forms[] = {
	{ "SIMCOM_Ltd", "SIMCOM_SIM800L", "AT+SPIC", "+SPIC: ", ",10,3,10" },
	{ "SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "AT+SPIC", "+SPIC: ", ",10,3,10" },
	{ "Quectel", "EC25", "AT+QPINC=\"SC\"", "+QPINC: \"SC\",", ",10" },
	{ "huawei", "E3372", "AT^CPIN?", "^CPIN: SIM PIN,", ",10,3,10,3" },
	{ "u-blox", "SARA-U201", "AT+UPINCNT", "+UPINCNT: ", ",3,10,10" },
	{ "Telit", "HE910", "AT#PCT", "#PCT: ", "" },
	{ "Sierra Wireless, Incorporated", "MC7455", "AT+CPINC?", "+CPINC: ", ",3,10,10" },
	{ "Cinterion", "BGS2-W", "AT^SPIC", "^SPIC: ", "" },
	{ "ACME", "M1", "AT+CPINR=\"SIM PIN\"", "+CPINR: SIM PIN,", ",3" },
};

static void identify(const char *maker, const char *model, char answers[2][120])
{
	snprintf(answers[0], sizeof answers[0], "\r\n%s\r\n\r\nOK\r\n", maker);
	snprintf(answers[1], sizeof answers[1], "\r\n%s\r\n\r\nOK\r\n", model);
	far_answer(&rig.far, "AT+CGMI", answers[0], 0);
	far_answer(&rig.far, "AT+CGMM", answers[1], 0);
}

static void test_pin_is_not_risked_in_any_familys_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pin_forms); i++)
		for (int left = 0; left <= 3; left++) {
			const struct device_config config = { .name = "one", .pin = "1234" };
			char answers[2][120], says[80];

			begin(&config);
			identify(pin_forms[i].maker, pin_forms[i].model, answers);
			far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 1);
			far_answer(&rig.far, pin_forms[i].ask, says, 0);
			snprintf(says, sizeof says, "\r\n%s%d%s\r\n\r\nOK\r\n", pin_forms[i].before,
				 left, pin_forms[i].behind);
			rig_open(&rig);
			rig_run(&rig, 5000);
			CHECK_ROW(far_heard(&rig.far, pin_forms[i].ask) > 0, pin_forms[i].ask);
			CHECK_ROW(far_heard(&rig.far, "AT+CPIN=\"1234\"\r") == (left >= 2),
				  pin_forms[i].ask);
			CHECK_ROW((status()->state == DEVICE_READY) == (left >= 2),
				  pin_forms[i].ask);
			rig_free(&rig);
		}
}

static void test_card_number_is_read_in_any_familys_words(void **state)
{
	static const struct {
		const char *maker, *model, *ask, *says;
	} rows[] = {
		{ "SIMCOM_Ltd", "SIMCOM_SIM800L", "AT+CCID", "8944150000000000017f" },
		{ "SIMCOM_Ltd", "SIMCOM_SIM900", "AT+CCID", "+CCID: \"8944150000000000017F\"" },
		{ "INCORPORATED", "A7670E-FASE", "AT+CICCID", "+ICCID: 8944150000000000017" },
		{ "Quectel", "EC25", "AT+QCCID", "+QCCID: 8944150000000000017F" },
		{ "huawei", "E173", "AT^ICCID?", "^ICCID:8944150000000000017F" },
		{ "u-blox", "LARA-R211", "AT+CCID", "+CCID: 8944150000000000017" },
		{ "Telit", "LE910C4-EU", "AT#CCID", "#CCID: 8944150000000000017" },
		{ "Sierra Wireless, Incorporated", "MC7455", "AT!ICCID?",
		  "!ICCID: 8944150000000000017" },
		{ "Cinterion", "BGS2-W", "AT+CCID", "+CCID: 8944150000000000017" },
		{ "ACME", "M1", "AT+CCID", "+CCID: \"8944150000000000017\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char answers[2][120], says[80];

		begin(NULL);
		identify(rows[i].maker, rows[i].model, answers);
		snprintf(says, sizeof says, "\r\n%s\r\n\r\nOK\r\n", rows[i].says);
		far_answer(&rig.far, rows[i].ask, says, 0);
		rig_open(&rig);
		rig_run(&rig, 5000);
		CHECK_ROW(strcmp(status()->iccid, "8944150000000000017") == 0, rows[i].says);
		rig_free(&rig);
	}
}

static void test_sim_that_never_gets_ready_is_told_of_and_waited_for(void **state)
{
	(void)state;
	begin(NULL);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CME ERROR: SIM busy\r\n", 0);
	rig_open(&rig);
	rig_run(&rig, 20000);
	CHECK(status()->state == DEVICE_INITIALISING);
	rig_run(&rig, 60000);
	CHECK(status()->state == DEVICE_SICK);
	CHECK(strstr(status()->why, "the SIM does not get ready (error 14)") != NULL);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n", 0);
	rig_run(&rig, 30000);
	CHECK(status()->state == DEVICE_READY);
	rig_free(&rig);
}

static void test_pin_must_be_one(void **state)
{
	static const char *const bad[] = { "123", "123456789", "12a4", "1234\r" };

	(void)state;
	begin(NULL);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const struct device_config config = { .name = "one",
						      .pin = bad[i],
						      .guard = rig.guard };
		struct device *device = NULL;
		struct err err = { .code = ERR_NONE };

		CHECK_ROW(device_new(&device, &config, &err) == -1 && device == NULL, bad[i]);
		CHECK_ROW(strstr(err.text, "4 to 8 digits") != NULL, bad[i]);
	}
	rig_free(&rig);
}

/* 27.007 8.5, and SIM7600's RSCP. */
static void test_signal_is_told_in_dbm(void **state)
{
	static const struct {
		const char *csq;
		int dbm;
	} rows[] = {
		{ "+CSQ: 0,0", -113 },   { "+CSQ: 1,99", -111 }, { "+CSQ: 31,0", -51 },
		{ "+CSQ:17,7", -79 },    { "+CSQ: 99,99", 0 },   { "+CSQ: 100,99", -116 },
		{ "+CSQ: 191,99", -25 }, { "+CSQ: 199,99", 0 },  { "+CSQ: 32,0", 0 },
		{ "+CSQ: -1,0", 0 },     { "+CSQ: ,", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char answer[60];

		begin(NULL);
		snprintf(answer, sizeof answer, "\r\n%s\r\n\r\nOK\r\n", rows[i].csq);
		far_answer(&rig.far, "AT+CSQ", answer, 0);
		rig_open(&rig);
		rig_run(&rig, 5000);
		CHECK_ROW(status()->signal_dbm == rows[i].dbm, rows[i].csq);
		rig_free(&rig);
	}
}

static void ready(void)
{
	begin(NULL);
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(status()->state == DEVICE_READY);
}

static void test_text_of_more_parts_than_there_are_is_refused(void **state)
{
	static char text[40000];
	const struct device_sms sms = { .attempt = 1, .to = RIG_NUMBER, .text = text };
	struct err err = { .code = ERR_NONE };

	(void)state;
	ready();
	memset(text, 'x', sizeof text - 1);
	CHECK(device_send(rig.device, &sms, rig.now, &err) == -1);
	CHECK(err.code == ERR_INVALID && strstr(err.text, "255 parts") != NULL);
	CHECK(!status()->sms_busy && rig.far.prompts == 0);
	rig_free(&rig);
}

/* Characters beyond 16 bits are two code units, and no command ends between them. */
static void test_speech_keeps_pairs_together(void **state)
{
	struct buf text = { 0 };
	const char *at;
	long pairs = 0;

	(void)state;
	ready();
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1;
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1);
	buf_add_text(&text, "x");
	for (int i = 0; i < 100; i++)
		buf_add_text(&text, "\xF0\x9F\x94\xA5");
	device_speak(rig.device, buf_span(&text), rig.now);
	for (int i = 0; i < 10; i++) {
		rig_run(&rig, 200);
		rig_say(&rig, "\r\n+QWTTS: 0\r\n");
	}
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	at = buf_text(&rig.far.heard);
	while ((at = strstr(at, "AT+QWTTS=1,1,1,\"")) != NULL) {
		at += strlen("AT+QWTTS=1,1,1,\"");
		if (strncmp(at, "0078", 4) == 0)
			at += 4;
		for (; *at != '"'; at += 8, pairs++)
			CHECK(strncmp(at, "D83DDD25", 8) == 0);
	}
	CHECK(pairs == 100);
	buf_free(&text);
	rig_free(&rig);
}

/* Results of V.250 that end an ATD before anybody answers. */
static void test_dial_ends_by_its_own_result(void **state)
{
	static const struct {
		const char *result;
		enum device_call_end end;
	} rows[] = {
		{ "NO ANSWER", DEVICE_CALL_NO_ANSWER },    { "BUSY", DEVICE_CALL_BUSY },
		{ "NO DIALTONE", DEVICE_CALL_REFUSED },    { "NO DIAL TONE", DEVICE_CALL_REFUSED },
		{ "+CME ERROR: 32", DEVICE_CALL_REFUSED }, { "ERROR", DEVICE_CALL_REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char answer[60];

		ready();
		snprintf(answer, sizeof answer, "\r\n%s\r\n", rows[i].result);
		far_answer(&rig.far, "ATD", answer, 0);
		CHECK(rig_call(&rig) == 0);
		rig_run(&rig, 30000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1, rows[i].result);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == rows[i].end,
			  rows[i].result);
		rig_free(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity_is_found_in_whatever_stands_around_it),
		cmocka_unit_test(test_pin_is_not_risked_in_any_familys_words),
		cmocka_unit_test(test_card_number_is_read_in_any_familys_words),
		cmocka_unit_test(test_sim_that_never_gets_ready_is_told_of_and_waited_for),
		cmocka_unit_test(test_pin_must_be_one),
		cmocka_unit_test(test_signal_is_told_in_dbm),
		cmocka_unit_test(test_text_of_more_parts_than_there_are_is_refused),
		cmocka_unit_test(test_speech_keeps_pairs_together),
		cmocka_unit_test(test_dial_ends_by_its_own_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
