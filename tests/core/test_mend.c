/* Modems that are sick, gone, or restart: what is tried, what is not allowed, what is said, and where the page goes meanwhile. */
#include "tests/core/gateway_bed.h"

static struct bed bed;

static int set_up(void **state)
{
	(void)state;
	bed_init(&bed);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

static enum device_state state_of(size_t i)
{
	return gateway_modem(bed.gateway, i)->state;
}

static void port(size_t i, bool open)
{
	if (open)
		sim_opened(bed.sim, i, bed.now);
	else
		sim_closed(bed.sim, i, bed.now);
	gateway_port(bed.gateway, i, open, bed.now);
}

/* As a shell that can do everything, and it changes nothing: how often each was asked for. */
static int asked[DEVICE_REPAIRS];

static void carry_out(size_t i)
{
	enum device_repair repair;

	if (!gateway_take_repair(bed.gateway, i, &repair))
		return;
	asked[repair]++;
	if (repair == DEVICE_REPAIR_REOPEN) {
		port(i, false);
		port(i, true);
	}
	gateway_repaired(bed.gateway, i, repair, true, "", bed.now);
	bed_settle(&bed);
}

static void pass(int64_t ms)
{
	int64_t until = bed.now.mono_ms + ms;

	while (bed.now.mono_ms < until) {
		bed_advance(&bed, 1000);
		for (size_t i = 0; i < BED_MODEMS; i++)
			carry_out(i);
		if (bed.count > BED_BATCHES - 50)
			bed_forget_batches(&bed);
	}
}

static bool recorded(const char *name, const char *words)
{
	for (size_t i = 0; i < bed.count; i++)
		for (size_t k = 0; k < bed.batches[i].count; k++) {
			const struct row *row = &bed.batches[i].rows[k];

			if (row->kind == ROW_EVENT && strcmp(row->of.event->name, name) == 0 &&
			    strstr(row->of.event->text == NULL ? "" : row->of.event->text, words) !=
				    NULL)
				return true;
		}
	return false;
}

/* ---- the ladder: FIELD A4, A6 ---- */

/* Seen within 60 s, the other one pages on, each rung once, gentle to rough. */
static void test_a_hung_modem_climbs_each_rung_once(void **state)
{
	int64_t hung;

	(void)state;
	memset(asked, 0, sizeof asked);
	bed_line(&bed, "modem alpha hangs");
	hung = bed.now.mono_ms;
	while (state_of(0) == DEVICE_READY)
		bed_advance(&bed, 1000);
	print_message("# figures: a hang is seen after %lld s, limit 60\n",
		      (long long)(bed.now.mono_ms - hung) / 1000);
	CHECK(bed.now.mono_ms - hung <= 60000);
	BED_ASK(&bed, "page", "message", "down");
	pass(3000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "down") == 1);
	pass(190000);
	CHECK(asked[DEVICE_REPAIR_REOPEN] == 1 && asked[DEVICE_REPAIR_USB] == 1 &&
	      asked[DEVICE_REPAIR_DETACH] == 1 && asked[DEVICE_REPAIR_POWER] == 0);
	CHECK(state_of(1) == DEVICE_READY);
	CHECK(recorded("repair.failed", "resetting its USB port"));
}

static void test_rough_repairs_are_capped_by_day(void **state)
{
	(void)state;
	memset(asked, 0, sizeof asked);
	bed_line(&bed, "modem alpha hangs");
	pass((int64_t)20 * 3600 * 1000);
	CHECK(asked[DEVICE_REPAIR_USB] == 6 && asked[DEVICE_REPAIR_DETACH] == 3);
	CHECK(state_of(1) == DEVICE_READY);
	bed_line(&bed, "modem alpha recovers");
	pass(900000);
	CHECK(state_of(0) == DEVICE_READY);
	pass((int64_t)5 * 3600 * 1000);
	bed_line(&bed, "modem alpha hangs"); /* another day */
	pass((int64_t)2 * 3600 * 1000);
	CHECK(asked[DEVICE_REPAIR_USB] > 6);
}

/* What an earlier run did of this day counts: a daemon that crashes and starts again does not wear a modem out. */
static void test_caps_outlive_a_restart(void **state)
{
	struct memo *memo = calloc(1, sizeof *memo);
	struct memo *memos[] = { memo };
	struct snapshot snapshot = { .memos = memos, .memo_count = 1 };
	struct err err = { 0 };

	(void)state;
	CHECK(memo != NULL);
	memo->id = 1;
	memo->text = calloc(1, 1);
	span_copy(span_of("repairs"), memo->kind, sizeof memo->kind);
	CHECK(memo_set(memo, "modem", "alpha") && memo_set_int(memo, "usb", 5) &&
	      memo_set_int(memo, "detach", 3) && memo_set_int(memo, "since", bed.now.utc_s - 3600));
	CHECK(gateway_restore(bed.gateway, &snapshot, bed.now, &err) == 0);
	memset(asked, 0, sizeof asked);
	bed_line(&bed, "modem alpha hangs");
	pass((int64_t)20 * 3600 * 1000);
	CHECK(asked[DEVICE_REPAIR_USB] == 1 && asked[DEVICE_REPAIR_DETACH] == 0);
	pass((int64_t)6 * 3600 * 1000); /* the day is over */
	CHECK(asked[DEVICE_REPAIR_USB] > 1 && asked[DEVICE_REPAIR_DETACH] > 0);
}

/* It hears nothing, but it talks: the only path is not made worse.  MODEMS.md 8, row 29. */
static void test_the_only_path_is_treated_gently_while_it_talks(void **state)
{
	int64_t deaf;

	(void)state;
	memset(asked, 0, sizeof asked);
	port(1, false);
	bed_line(&bed, "modem alpha deaf");
	deaf = bed.now.mono_ms;
	for (int i = 0; i < 1800; i++) {
		gateway_feed(bed.gateway, 0, span_of("\r\n^RSSI:14\r\n"), bed.now);
		pass(1000);
		if (state_of(0) == DEVICE_READY)
			CHECK(bed.now.mono_ms - deaf <= 60000);
	}
	CHECK(asked[DEVICE_REPAIR_REOPEN] >= 1);
	CHECK(asked[DEVICE_REPAIR_USB] == 0 && asked[DEVICE_REPAIR_DETACH] == 0);
	CHECK(recorded("repair.held", "it is the only path and still half alive"));
	/* Another path comes up: now it is. */
	port(1, true);
	for (int i = 0; i < 1800; i++) {
		gateway_feed(bed.gateway, 0, span_of("\r\n^RSSI:14\r\n"), bed.now);
		pass(1000);
	}
	CHECK(asked[DEVICE_REPAIR_USB] >= 1);
}

static void test_the_only_path_is_repaired_roughly_when_it_is_dead(void **state)
{
	(void)state;
	memset(asked, 0, sizeof asked);
	port(1, false);
	bed_line(&bed, "modem alpha hangs");
	pass(600000);
	CHECK(asked[DEVICE_REPAIR_USB] == 1);
}

static void test_a_repair_that_helps_is_recorded(void **state)
{
	(void)state;
	memset(asked, 0, sizeof asked);
	bed_line(&bed, "modem alpha hangs");
	for (int i = 0; i < 600 && asked[DEVICE_REPAIR_USB] == 0; i++)
		pass(1000);
	bed_line(&bed, "modem alpha recovers");
	pass(60000);
	CHECK(state_of(0) == DEVICE_READY);
	CHECK(recorded("repair.helped", "resetting its USB port"));
	CHECK(recorded("repair.failed", "restarting it"));
}

/* ---- ports that go: FIELD A1, A5, A10 ---- */

static void test_a_port_that_a_repair_takes_away_is_expected(void **state)
{
	(void)state;
	memset(asked, 0, sizeof asked);
	bed_line(&bed, "modem alpha hangs");
	for (int i = 0; i < 600 && asked[DEVICE_REPAIR_USB] == 0; i++)
		pass(1000);
	bed_line(&bed, "modem alpha recovers");
	port(0, false);
	pass(20000);
	port(0, true);
	pass(20000);
	CHECK(recorded("modem.restarting", ""));
	CHECK(!recorded("modem.closed", "") && !recorded("modem.absent", ""));
	CHECK(state_of(0) == DEVICE_READY);
}

static void test_an_absent_modem_is_told_once_and_its_power_cut_with_a_cap(void **state)
{
	struct gateway_modem modems[2] = { { .name = "alpha", .sms = true },
					   { .name = "beta", .sms = true } };
	struct gateway_config config = { .modems = modems, .modem_count = 2, .seed = 3 };
	struct err err = { 0 };
	int cut = 0;

	(void)state;
	gateway_free(bed.gateway);
	bed_forget_batches(&bed);
	config.plan = bed_plan(bed_config);
	for (size_t i = 0; i < 2; i++)
		modems[i].repairs = DEVICE_REPAIRS_USUAL | 1U << DEVICE_REPAIR_POWER;
	CHECK(gateway_new(&bed.gateway, &config, &err) == 0);
	port(1, true);
	bed_advance(&bed, 59000);
	CHECK(!recorded("modem.absent", ""));
	bed_advance(&bed, 2000);
	CHECK(bed_events(&bed, 0, "modem.absent") == 1);
	for (int i = 0; i < 20 * 60; i++) {
		enum device_repair repair;

		bed_advance(&bed, 60000);
		if (bed.count > BED_BATCHES - 50)
			bed_forget_batches(&bed);
		while (gateway_take_repair(bed.gateway, 0, &repair)) {
			CHECK(repair == DEVICE_REPAIR_POWER);
			gateway_repaired(bed.gateway, 0, repair, true, "", bed.now);
			cut++;
		}
	}
	CHECK(cut == 3);
	CHECK(state_of(1) == DEVICE_READY);
	port(0, true);
	bed_advance(&bed, 30000);
	CHECK(bed_events(&bed, 0, "modem.returned") == 1 && state_of(0) == DEVICE_READY);
}

/* ---- power: FIELD A7 ---- */

static void test_power_is_suspected_after_three_losses_while_sending(void **state)
{
	(void)state;
	port(1, false); /* one modem, so that it is the same each time */
	bed_line(&bed, "modem alpha sms 5s");
	for (int i = 0; i < 3; i++) {
		CHECK(!recorded("fault.began", "power.suspected"));
		BED_ASK(&bed, "page", "message", "down");
		bed_advance(&bed, 500);
		port(0, false);
		bed_advance(&bed, 8000);
		port(0, true);
		bed_advance(&bed, 600000);
	}
	CHECK(recorded("fault.began", "power.suspected"));
}

static void test_losses_at_rest_are_not_the_power(void **state)
{
	(void)state;
	port(1, false);
	for (int i = 0; i < 6; i++) {
		port(0, false);
		bed_advance(&bed, 8000);
		port(0, true);
		bed_advance(&bed, 600000);
	}
	CHECK(!recorded("fault.began", "power.suspected"));
}

/* ---- another program on the port: FIELD A11 ---- */

static void test_answers_to_others_are_told_and_modes_said_again(void **state)
{
	size_t before;

	(void)state;
	port(1, false);
	before = bed_wrote(&bed, "AT+CMGF=0\r");
	for (int i = 0; i < 3; i++) {
		gateway_feed(bed.gateway, 0, span_of("AT+CMGF=1\r\r\nOK\r\n"), bed.now);
		bed_advance(&bed, 500);
	}
	CHECK(recorded("fault.began", "port.foreign: "));
	BED_ASK(&bed, "page", "message", "down");
	bed_advance(&bed, 5000);
	CHECK(bed_wrote(&bed, "AT+CMGF=0\r") >=
	      before + 1); /* and before the text to the operators */
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "down") == 1);
}

/* ---- lost at every byte of a send: FIELD A1 ---- */

/* Bytes one by one; at the `at`-th behind the start of alpha's +CMGS its port vanishes, for `away_ms`.  -1: there are not that
 * many.  Else how long until the text left by another path. */
static int64_t lose_at(int at, int64_t away_ms)
{
	int64_t lost = -1;
	int heard = -1;
	size_t sender = 0;
	struct request request = { .ticket = 1, .name = "page", .peer = "ops", .count = 1 };

	request.fields[0].key = "message";
	request.fields[0].value = "down";
	gateway_request(bed.gateway, &request, bed.now);
	for (int turn = 0; turn < 5000 && lost < 0; turn++) {
		for (size_t i = 0; i < BED_MODEMS && lost < 0; i++) {
			struct span out = gateway_output(bed.gateway, i);

			if (out.len == 0)
				continue;
			if (heard < 0 && span_starts(out, "AT+CMGS=")) {
				sender = i;
				heard = 0;
			}
			if (heard >= 0 && i == sender && heard++ == at) {
				port(sender, false);
				lost = bed.now.mono_ms;
				break;
			}
			buf_add_char(&bed.wire[i], out.at[0]);
			sim_feed(bed.sim, i, (struct span){ out.at, 1 }, bed.now);
			gateway_wrote(bed.gateway, i, 1);
		}
		for (size_t i = 0; i < BED_MODEMS; i++) {
			struct span in = sim_output(bed.sim, i);

			if (in.len > 0 && (lost < 0 || i != sender)) {
				gateway_feed(bed.gateway, i, in, bed.now);
				sim_took(bed.sim, i, in.len);
			}
		}
		bed_batches(&bed);
		if (turn % 4 == 3) {
			bed.now.mono_ms += 20;
			bed.now.utc_s = BED_MONDAY + bed.now.mono_ms / 1000;
			sim_tick(bed.sim, bed.now);
			gateway_tick(bed.gateway, bed.now);
		}
	}
	if (lost < 0)
		return -1;
	while (bed_seen(&bed, SIM_SUBMITTED, "", "down") == 0 && bed.now.mono_ms < lost + 60000)
		bed_advance(&bed, 10);
	lost = bed.now.mono_ms - lost;
	bed_advance(&bed, away_ms);
	port(sender, true);
	bed_advance(&bed, 30000);
	CHECK(state_of(0) == DEVICE_READY && state_of(1) == DEVICE_READY);
	return lost;
}

static void test_a_modem_lost_at_any_byte_of_a_send_loses_no_page(void **state)
{
	static const int64_t away_ms[] = { 1000, 10000, 600000 };
	int64_t worst = 0;
	int at = 0;

	(void)state;
	for (at = 0;; at++) {
		int64_t took = lose_at(at, away_ms[at % 3]);

		if (took < 0)
			break;
		worst = took > worst ? took : worst;
		CHECK(took <= 5000);
		CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "down") >= 1);
		bed_deinit(&bed);
		bed_init(&bed);
	}
	print_message("# figures: lost at each of %d bytes of a send: by the other modem after "
		      "%lld ms at worst, limit 5000\n",
		      at, (long long)worst);
	CHECK(at > 100);
}

#define IN_BED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_BED(test_a_hung_modem_climbs_each_rung_once),
		IN_BED(test_rough_repairs_are_capped_by_day),
		IN_BED(test_caps_outlive_a_restart),
		IN_BED(test_the_only_path_is_treated_gently_while_it_talks),
		IN_BED(test_the_only_path_is_repaired_roughly_when_it_is_dead),
		IN_BED(test_a_repair_that_helps_is_recorded),
		IN_BED(test_a_port_that_a_repair_takes_away_is_expected),
		IN_BED(test_an_absent_modem_is_told_once_and_its_power_cut_with_a_cap),
		IN_BED(test_power_is_suspected_after_three_losses_while_sending),
		IN_BED(test_losses_at_rest_are_not_the_power),
		IN_BED(test_answers_to_others_are_told_and_modes_said_again),
		IN_BED(test_a_modem_lost_at_any_byte_of_a_send_loses_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
