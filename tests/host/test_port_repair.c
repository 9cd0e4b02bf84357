/* What is seen of a modem from outside, and done to it: sleep, disks, other programs, repairs, ten thousand losses. */
#include "tests/host/ports_stage.h"

/* ---- power: FIELD A8, A9, A11 ---- */

static void test_a_device_is_kept_awake_at_each_open(void **state)
{
	char text[16];

	(void)state;
	snprintf(stage.modems[0].usb, sizeof stage.modems[0].usb, "1-1.2");
	plug("1-1.2", 0, GSN(IMEI_A));
	start(1);
	CHECK(run(20000, all_ready) < 20000);
	machine_read(&stage.machine, "/sys/bus/usb/devices/1-1.2/power/control", text, sizeof text);
	CHECK(strncmp(text, "on", 2) == 0);
	machine_unplug(&stage.machine, "1-1.2");
	run(1000, NULL);
	plug("1-1.2", 4, GSN(IMEI_A));
	CHECK(run(60000, all_ready) < 60000);
	machine_read(&stage.machine, "/sys/bus/usb/devices/1-1.2/power/control", text, sizeof text);
	CHECK(strncmp(text, "on", 2) == 0 && !said("usb.sleeps"));
}

static void test_a_stick_in_storage_mode_is_told(void **state)
{
	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	memcpy(stage.modems[1].imei, IMEI_B, sizeof IMEI_B);
	plug("1-1.2", 0, GSN(IMEI_A));
	machine_plug(&stage.machine, "1-1.5", 0x12d1, 0x1446);
	start(2);
	run(60000, NULL);
	CHECK(said("beta fault.began: path.storage:") &&
	      said("12d1:1446 at USB 1-1.5 is its own driver disk"));
	run(600000, NULL);
	CHECK(times_said("path.storage") == 1);
}

static void test_a_port_that_is_another_programs_is_told(void **state)
{
	char text[32];

	(void)state;
	snprintf(stage.modems[0].usb, sizeof stage.modems[0].usb, "1-1.2");
	plug("1-1.2", 0, GSN(IMEI_A));
	snprintf(text, sizeof text, "%10d\n", (int)getppid());
	machine_write(&stage.machine, "/run/lock/LCK..ttyUSB2", text);
	machine_write(&stage.machine, "/proc/815/comm", "ModemManager\n");
	start(1);
	run(30000, NULL);
	CHECK(!ready(0) && said("alpha fault.began: port.busy: ") && said("(ttyUSB2: process"));
	machine_write(&stage.machine, "/run/lock/LCK..ttyUSB2", " 999999999\n"); /* long dead */
	CHECK(run(60000, all_ready) < 60000);
	CHECK(said("alpha fault.began: port.contested: ") &&
	      said("alpha fault.ended: port.busy: "));
}

/* ---- repairs: FIELD A4, A6 ---- */

static void write_hook(const char *script)
{
	char path[200];

	machine_write(&stage.machine, "/hook", script);
	snprintf(path, sizeof path, "%s/hook", stage.machine.root);
	CHECK(chmod(path, 0700) == 0);
	snprintf(stage.config.power_hook, sizeof stage.config.power_hook, "%s", path);
}

/* Real processes take real time. */
static bool cut(void)
{
	char text[64];

	machine_read(&stage.machine, "/cut", text, sizeof text);
	return text[0] != '\0';
}

static void test_a_dead_modem_is_repaired_from_gentle_to_rough(void **state)
{
	char text[300];
	struct machine_port *at;

	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	snprintf(text, sizeof text, "#!/bin/sh\necho \"$1\" >%s/cut\n", stage.machine.root);
	write_hook(text);
	at = plug("1-1.2", 0, GSN(IMEI_A));
	start(1);
	CHECK(run(20000, all_ready) < 20000);
	at->far.deaf = true;
	run(400000, cut);
	machine_read(&stage.machine, "/cut", text, sizeof text);
	CHECK(strcmp(text, "alpha\n") == 0);
	CHECK(stage.resets == 1);
	CHECK(said("repair.failed: switching its radio off and on"));
	CHECK(said("repair.failed: restarting it"));
	CHECK(said("repair.failed: resetting its USB port"));
	CHECK(said("repair.failed: taking it off the bus and on again"));
	machine_read(&stage.machine, "/sys/bus/usb/devices/1-1.2/authorized", text, sizeof text);
	CHECK(text[0] == '1');
	at->far.deaf = false;
	CHECK(run(60000, all_ready) < 60000);
	CHECK(said("repair.helped: cutting its power"));
}

static void test_a_hook_that_fails_is_told(void **state)
{
	struct machine_port *at;

	(void)state;
	memcpy(stage.modems[0].imei, IMEI_A, sizeof IMEI_A);
	write_hook("#!/bin/sh\necho no such hub >&2\nexit 3\n");
	at = plug("1-1.2", 0, GSN(IMEI_A));
	start(1);
	CHECK(run(20000, all_ready) < 20000);
	at->far.deaf = true;
	for (int i = 0; i < 100 && !said("power_hook"); i++) {
		run(5000, NULL);
		usleep(2000);
	}
	CHECK(said("repair.failed: cutting its power: power_hook: "));
	CHECK(said("no such hub"));
}

/* ---- descriptors: FIELD A1 ---- */

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

#define CYCLES 10000

/* A turn, what the descriptors say, and another turn. */
static int64_t two_turns(void *owner, struct when now)
{
	int *turns = owner;

	ports_turn(stage.ports, now);
	if (++*turns == 2)
		loop_stop(stage.loop);
	return 1;
}

static void step(void)
{
	struct err err = { 0 };
	int turns = 0;

	CHECK(loop_run(stage.loop, two_turns, &turns, &err) == 0);
}

static void test_ten_thousand_losses_leak_nothing(void **state)
{
	struct machine_port *at;
	int opened = 0;
	int before;

	(void)state;
	snprintf(stage.modems[0].port, sizeof stage.modems[0].port, "/dev/ttyUSB0");
	machine_plug(&stage.machine, "1-1.2", 0x2c7c, 0x0125);
	at = machine_port(&stage.machine, "1-1.2", 2, "ttyUSB0", MACHINE_MUTE);
	start(1);
	before = descriptors();
	for (int i = 0; i < CYCLES; i++) {
		ahead_ms += 30001;
		step();
		opened += modem(0)->state != DEVICE_CLOSED;
		machine_repower(&stage.machine, at);
		step();
		CHECK(modem(0)->state == DEVICE_CLOSED);
		take_batches(now_is());
		buf_clear(&stage.events);
	}
	CHECK(opened == CYCLES);
	CHECK(descriptors() <= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(test_a_device_is_kept_awake_at_each_open),
		ON_STAGE(test_a_stick_in_storage_mode_is_told),
		ON_STAGE(test_a_port_that_is_another_programs_is_told),
		ON_STAGE(test_a_dead_modem_is_repaired_from_gentle_to_rough),
		ON_STAGE(test_a_hook_that_fails_is_told),
		ON_STAGE(test_ten_thousand_losses_leak_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
