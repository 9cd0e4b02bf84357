/* A device on a simulated modem of each family: found out, called with, keys heard, restarted. */
#include "modem/device.h"
#include "tests/modem/sim_bench.h"

#define ANN "+447700900123"

struct pair {
	struct bench *bench;
	struct device *device;
	struct guard *guard;
	bool dialled, alerting, answered, ended;
	enum device_call_end end;
	int cause;
	char keys[8];
	char received[40];
};

static void take(struct pair *p)
{
	struct device_event event;

	while (device_take(p->device, &event)) {
		p->dialled = p->dialled || event.kind == DEVICE_EVENT_DIALLED;
		p->alerting = p->alerting || event.kind == DEVICE_EVENT_ALERTING;
		p->answered = p->answered || event.kind == DEVICE_EVENT_ANSWERED;
		if (event.kind == DEVICE_EVENT_KEY && strlen(p->keys) < sizeof p->keys - 1)
			p->keys[strlen(p->keys)] = event.key;
		if (event.kind == DEVICE_EVENT_RECEIVED) {
			snprintf(p->received, sizeof p->received, "%.30s", event.pdu.text);
			device_delete(p->device, event.memory, event.index, p->bench->now);
		}
		if (event.kind == DEVICE_EVENT_CALL_ENDED) {
			p->ended = true;
			p->end = event.end;
			p->cause = event.cause;
		}
	}
}

/* In steps of 50 ms. */
static void run(struct pair *p, int64_t ms)
{
	struct bench *b = p->bench;

	for (; ms > 0; ms -= 50) {
		struct span out;

		while ((out = device_output(p->device)).len > 0) {
			sim_feed(b->sim, 0, out, b->now);
			device_wrote(p->device, out.len);
			bench_run(b, 0, 0);
			device_feed(p->device, span_of(b->text), b->now);
		}
		bench_run(b, 0, 50);
		device_feed(p->device, span_of(b->text), b->now);
		device_tick(p->device, b->now);
		take(p);
	}
}

static struct pair up(const char *family, const char *ann)
{
	static const char *const numbers[] = { ANN };
	struct pair p = { .end = DEVICE_CALL_END_NONE };
	struct device_config config = { .name = "alpha" };
	struct err err = { .code = ERR_NONE };
	char script[200];

	snprintf(script, sizeof script, "modem alpha +15550009001 %s\nphone ann " ANN " %s", family,
		 ann);
	p.bench = bench_up(script);
	CHECK(guard_new(&p.guard, (struct guard_limits){ 0, 0, 0 }, &err) == 0);
	CHECK(guard_allow(p.guard, numbers, 1, &err) == 0);
	config.guard = p.guard;
	CHECK(device_new(&p.device, &config, &err) == 0);
	device_opened(p.device, p.bench->now);
	run(&p, 5000);
	CHECK_ROW(device_status(p.device)->state == DEVICE_READY, family);
	return p;
}

static void down(struct pair *p)
{
	device_free(p->device);
	guard_free(p->guard);
	bench_down(p->bench);
}

static void call(struct pair *p, int64_t ring_ms)
{
	const struct device_call to = {
		.attempt = 1, .to = ANN, .ring_ms = ring_ms, .talk_ms = 20000
	};
	struct err err = { .code = ERR_NONE };

	CHECK(device_call(p->device, &to, p->bench->now, &err) == 0);
}

static const struct {
	const char *family, *profile, *iccid;
	bool keys;
} families[] = {
	{ "generic", "generic", "8901001000000000001", false },
	{ "simcom", "sim7600", "8901001000000000001", true },
	{ "quectel", "ec2x", "8901001000000000001", true },
	{ "huawei", "huawei-e17xx", "8901001000000000001", true },
	{ "ublox", "sara-u2", "8901001000000000001", true },
	{ "telit", "he910", "8901001000000000001", true },
};

static void test_families_are_found_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		struct pair p = up(families[i].family, "ignores");
		const struct device_status *status = device_status(p.device);

		CHECK_ROW(strcmp(status->profile, families[i].profile) == 0, families[i].family);
		CHECK_ROW(strcmp(status->iccid, families[i].iccid) == 0, families[i].family);
		CHECK_ROW(status->voice, families[i].family);
		down(&p);
	}
}

static void test_families_call_and_hear_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		struct pair p = up(families[i].family, "answers after 6s presses 4 7");

		call(&p, 35000);
		run(&p, 5000);
		CHECK_ROW(p.dialled && p.alerting && !p.answered, families[i].family);
		run(&p, 12000);
		CHECK_ROW(p.answered, families[i].family);
		CHECK_ROW(strcmp(p.keys, families[i].keys ? "47" : "") == 0, families[i].family);
		device_hang_up(p.device, p.bench->now);
		run(&p, 3000);
		CHECK_ROW(p.ended && p.end == DEVICE_CALL_STOPPED, families[i].family);
		down(&p);
	}
}

static void test_families_tell_busy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		struct pair p = up(families[i].family, "busy");

		call(&p, 35000);
		run(&p, 8000);
		CHECK_ROW(p.ended && p.end == DEVICE_CALL_BUSY, families[i].family);
		CHECK_ROW(p.cause == 17, families[i].family);
		down(&p);
	}
}

/* Registered, and no text comes in until it registers anew (FIELD.md C7). */
static void test_families_that_are_deaf_hear_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		struct pair p = up(families[i].family, "ignores");

		run(&p, 60000);
		bench_line(p.bench, "modem alpha unreachable");
		bench_line(p.bench, "phone ann texts \"ACK 4711\"");
		run(&p, 120000);
		CHECK_ROW(p.received[0] == '\0', families[i].family);
		CHECK_ROW(device_status(p.device)->state == DEVICE_READY, families[i].family);
		device_deaf(p.device, true, p.bench->now);
		run(&p, 60000);
		CHECK_ROW(strcmp(p.received, "ACK 4711") == 0, families[i].family);
		CHECK_ROW(device_status(p.device)->network == DEVICE_NETWORK_DEAF,
			  families[i].family);
		device_deaf(p.device, false, p.bench->now);
		CHECK_ROW(device_status(p.device)->network == DEVICE_NETWORK_HOME,
			  families[i].family);
		down(&p);
	}
}

/* Nothing of the modem's settings is left, and it may not even have said so. */
static void test_families_are_set_up_again_after_a_restart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		struct pair p = up(families[i].family, "answers after 2s presses 4 7");

		bench_line(p.bench, "modem alpha reboots");
		run(&p, 120000);
		CHECK_ROW(device_status(p.device)->state == DEVICE_READY, families[i].family);
		device_watch(p.device, true, p.bench->now);
		bench_line(p.bench, "phone ann texts \"ACK 4711\"");
		run(&p, 40000);
		CHECK_ROW(strcmp(p.received, "ACK 4711") == 0, families[i].family);
		call(&p, 35000);
		run(&p, 12000);
		CHECK_ROW(p.answered, families[i].family);
		CHECK_ROW(strcmp(p.keys, families[i].keys ? "47" : "") == 0, families[i].family);
		down(&p);
	}
}

static void test_huawei_without_voice_is_for_texts(void **state)
{
	struct pair p = up("huawei voice off", "ignores");

	(void)state;
	CHECK(!device_status(p.device)->voice);
	down(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families_are_found_out),
		cmocka_unit_test(test_families_call_and_hear_keys),
		cmocka_unit_test(test_families_tell_busy),
		cmocka_unit_test(test_families_that_are_deaf_hear_again),
		cmocka_unit_test(test_families_are_set_up_again_after_a_restart),
		cmocka_unit_test(test_huawei_without_voice_is_for_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
