/* Which port and which modem: those that changed names, hide among other ports, are missing, or are others. */
#include "tests/host/ports_stage.h"

/* ---- who is who: FIELD A1, A2, A10 ---- */

/* The names are swapped between two runs: the first text leaves from the right SIM all the same. */
static void test_modems_that_changed_names_are_put_right(void **state)
{
	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	memcpy(stage.modems[1].imei, IMEI_B, sizeof IMEI_B);
	snprintf(stage.modems[0].port, sizeof stage.modems[0].port, "/dev/ttyUSB2");
	snprintf(stage.modems[1].port, sizeof stage.modems[1].port, "/dev/ttyUSB6");
	plug("1-1.2", 0, GSN(IMEI_B));
	plug("1-1.3", 4, GSN(IMEI_A));
	start(2);
	CHECK(run(20000, all_ready) < 20000);
	CHECK(strcmp(modem(0)->imei, IMEI_A) == 0 && strcmp(modem(1)->imei, IMEI_B) == 0);
	CHECK(said("alpha modem.sick: this is another modem: its IMEI is not the configured one"));
	page();
	run(1000, NULL);
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB6")->far, "AT+CMGS=") == 1);
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB2")->far, "AT+CMGS=") == 0);
}

/* Both are reset in mid-run and come back under each other's names. */
static void test_modems_that_change_names_in_mid_run_are_put_right(void **state)
{
	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	memcpy(stage.modems[1].imei, IMEI_B, sizeof IMEI_B);
	plug("1-1.2", 0, GSN(IMEI_A));
	plug("1-1.3", 4, GSN(IMEI_B));
	start(2);
	CHECK(run(20000, all_ready) < 20000);
	machine_unplug(&stage.machine, "1-1.2");
	machine_unplug(&stage.machine, "1-1.3");
	run(3000, NULL);
	CHECK(!ready(0) && !ready(1));
	plug("1-1.2", 0, GSN(IMEI_B));
	plug("1-1.3", 4, GSN(IMEI_A));
	CHECK(run(30000, all_ready) < 30000);
	CHECK(strcmp(modem(0)->imei, IMEI_A) == 0 && strcmp(modem(1)->imei, IMEI_B) == 0);
	page();
	run(1000, NULL);
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB6")->far, "AT+CMGS=") == 1);
}

static void test_another_modem_alone_is_never_used(void **state)
{
	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	snprintf(stage.modems[0].port, sizeof stage.modems[0].port, "/dev/ttyUSB2");
	plug("1-1.2", 0, GSN(IMEI_B));
	start(1);
	page();
	run(600000, NULL);
	CHECK(!ready(0));
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB2")->far, "AT+CMGS=") == 0);
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB2")->far, "AT+CPIN=") == 0);
	machine_unplug(&stage.machine, "1-1.2");
	plug("1-1.2", 0, GSN(IMEI_A));
	CHECK(run(60000, all_ready) < 60000);
}

static void test_another_card_is_never_used(void **state)
{
	struct machine_port *at;

	(void)state;
	memcpy(stage.modems[0].iccid, "8944110000000000017", 20);
	at = plug("1-1.2", 0, GSN(IMEI_A));
	far_answer(&at->far, "AT+QCCID", "\r\n+QCCID: 89441100000000000256F\r\n\r\nOK\r\n", 0);
	far_answer(&at->far, "AT+CCID", "\r\n+CCID: 89441100000000000256F\r\n\r\nOK\r\n", 0);
	start(1);
	run(300000, NULL);
	CHECK(!ready(0));
	CHECK(said("this is another SIM card: its ICCID is not the configured one"));
	/* Somebody puts the right one in: found by itself. */
	far_answer(&at->far, "AT+QCCID", "\r\n+QCCID: 89441100000000000173F\r\n\r\nOK\r\n", 0);
	far_answer(&at->far, "AT+CCID", "\r\n+CCID: 89441100000000000173F\r\n\r\nOK\r\n", 0);
	CHECK(run(120000, all_ready) < 120000);
}

static void test_a_modem_that_is_missing_at_the_start_is_a_fault_and_taken_later(void **state)
{
	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	memcpy(stage.modems[1].imei, IMEI_B, sizeof IMEI_B);
	plug("1-1.2", 0, GSN(IMEI_A));
	start(2);
	run(59000, NULL);
	CHECK(ready(0) && !said("modem.absent"));
	run(2000, NULL);
	CHECK(said("beta modem.absent") && !said("alpha modem.absent"));
	page();
	run(1000, NULL);
	CHECK(far_heard(&machine_find(&stage.machine, "ttyUSB2")->far, "AT+CMGS=") == 1);
	run(600000, NULL);
	plug("1-1.3", 4, GSN(IMEI_B));
	CHECK(run(60000, all_ready) < 5000); /* at once, not when its pause of 30 s is over */
	CHECK(said("beta modem.returned") && times_said("modem.absent") == 1);
}

/* After a reset: another name, one port less. */
static void test_a_modem_comes_back_under_another_name_with_fewer_ports(void **state)
{
	struct machine_port *at;

	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	plug("1-1.2", 0, GSN(IMEI_A));
	start(1);
	CHECK(run(20000, all_ready) < 20000);
	machine_unplug(&stage.machine, "1-1.2");
	run(10000, NULL);
	machine_plug(&stage.machine, "1-1.2", 0x2c7c, 0x0125);
	machine_port(&stage.machine, "1-1.2", 0, "ttyUSB8", MACHINE_MUTE);
	at = machine_port(&stage.machine, "1-1.2", 2, "ttyUSB9", MACHINE_MODEM);
	far_answer(&at->far, "AT+CGSN", GSN(IMEI_A), 0);
	CHECK(run(60000, all_ready) < 60000);
	CHECK(machine_find(&stage.machine, "ttyUSB8")->heard.len == 0);
}

/* ---- the right one of several ports: FIELD A3 ---- */

static void test_the_right_port_of_an_unknown_modem_is_found(void **state)
{
	struct machine_port *at;
	struct machine_port *diag;
	int64_t took;

	(void)state;
	snprintf(stage.modems[0].usb, sizeof stage.modems[0].usb, "1-1.2");
	machine_plug(&stage.machine, "1-1.2", 0x1234, 0x5678);
	machine_port(&stage.machine, "1-1.2", 0, "ttyUSB0", MACHINE_NMEA);
	diag = machine_port(&stage.machine, "1-1.2", 1, "ttyUSB1", MACHINE_DIAG);
	machine_port(&stage.machine, "1-1.2", 2, "ttyUSB2", MACHINE_MUTE);
	at = machine_port(&stage.machine, "1-1.2", 3, "ttyUSB3", MACHINE_MODEM);
	start(1);
	took = run(60000, all_ready);
	print_message("# figures: the right one of 4 ports after %lld ms, limit 30000\n",
		      (long long)took);
	CHECK(took < 30000);
	run(600000, NULL);
	CHECK(ready(0));
	CHECK(strcmp(buf_text(&diag->heard), "AT\r") == 0);
	CHECK(far_heard(&at->far, "AT+CGMI") == 1);
}

/* The port that the table names is mute, as on some A76xx firmware: another one of it answers. */
static void test_the_right_port_is_found_where_the_table_is_wrong(void **state)
{
	struct machine_port *log;
	int64_t took;

	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	machine_plug(&stage.machine, "1-1.2", 0x1e0e, 0x9011);
	far_answer(&machine_port(&stage.machine, "1-1.2", 2, "ttyUSB0", MACHINE_MODEM)->far,
		   "AT+CGSN", GSN(IMEI_A), 0);
	log = machine_port(&stage.machine, "1-1.2", 4, "ttyUSB1", MACHINE_MUTE);
	machine_port(&stage.machine, "1-1.2", 5, "ttyUSB2", MACHINE_MUTE);
	start(1);
	took = run(60000, all_ready);
	print_message("# figures: the right port beside a wrong table after %lld ms, "
		      "limit 30000\n",
		      (long long)took);
	CHECK(took < 30000 && log->heard.len > 0);
}

static void test_a_port_without_notices_is_exchanged_for_one_with(void **state)
{
	static const char pdu[] =
		"0791447758100650040C9144770009103200006211027103504008C1E11244BBC562";
	struct machine_port *one;
	struct machine_port *two;

	(void)state;
	snprintf(stage.modems[0].usb, sizeof stage.modems[0].usb, "1-1.2");
	machine_plug(&stage.machine, "1-1.2", 0x1234, 0x5678);
	one = machine_port(&stage.machine, "1-1.2", 0, "ttyUSB0", MACHINE_MODEM);
	two = machine_port(&stage.machine, "1-1.2", 1, "ttyUSB1", MACHINE_MODEM);
	start(1);
	CHECK(run(20000, all_ready) < 20000);
	CHECK(two->heard.len == 0);
	run(120000, NULL);
	for (int i = 0; i < 3; i++) { /* nobody announces them */
		far_store(&one->far, "ME", i + 1, pdu);
		run(120000, NULL);
	}
	CHECK(run(60000, all_ready) < 60000);
	CHECK(far_heard(&two->far, "AT+CGMI") == 1);
	CHECK(said("alpha repair.helped: trying another of its ports"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(test_modems_that_changed_names_are_put_right),
		ON_STAGE(test_modems_that_change_names_in_mid_run_are_put_right),
		ON_STAGE(test_another_modem_alone_is_never_used),
		ON_STAGE(test_another_card_is_never_used),
		ON_STAGE(test_a_modem_that_is_missing_at_the_start_is_a_fault_and_taken_later),
		ON_STAGE(test_a_modem_comes_back_under_another_name_with_fewer_ports),
		ON_STAGE(test_the_right_port_of_an_unknown_modem_is_found),
		ON_STAGE(test_the_right_port_is_found_where_the_table_is_wrong),
		ON_STAGE(test_a_port_without_notices_is_exchanged_for_one_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
