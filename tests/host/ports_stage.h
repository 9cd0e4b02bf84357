/* ports_stage.h - real ports (pseudo-terminals) on a made-up machine, the real gateway behind them, and a clock that jumps when nothing
 * moves.  For one test program each: it puts its own clock in place of the C library's. */
#ifndef TESTS_HOST_PORTS_STAGE_H
#define TESTS_HOST_PORTS_STAGE_H

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "ports/ports.h"
#include "tests/core/gateway_bed.h"
#include "tests/support/machine.h"

#define IMEI_A   "867723030012341"
#define IMEI_B   "867723030099992"
#define PAUSE_US 250
#define CALM     5   /* looks in a row at which nothing moved: time may jump */
#define LOST     800 /* … while bytes are on their way through the kernel: they are lost */

/* ---- the clock ---- */

static int64_t ahead_ms;

int clock_gettime(clockid_t id, struct timespec *to)
{
	int rc = (int)syscall(SYS_clock_gettime, id, to);

	to->tv_sec += (time_t)(ahead_ms / 1000);
	to->tv_nsec += (long)(ahead_ms % 1000) * 1000000;
	if (to->tv_nsec >= 1000000000) {
		to->tv_sec++;
		to->tv_nsec -= 1000000000;
	}
	return rc;
}

/* ---- the cables: bytes on their way through the kernel are not seen, so they are counted ---- */

static int64_t host_read, host_wrote; /* on the host's ends */

/* A pseudo-terminal's slave. */
static inline bool is_host_end(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && major(st.st_rdev) >= 136 &&
	       major(st.st_rdev) <= 143;
}

ssize_t read(int fd, void *to, size_t size)
{
	ssize_t n = syscall(SYS_read, fd, to, size);

	if (n > 0 && is_host_end(fd))
		host_read += n;
	return n;
}

ssize_t write(int fd, const void *from, size_t size)
{
	ssize_t n = syscall(SYS_write, fd, from, size);

	if (n > 0 && is_host_end(fd))
		host_wrote += n;
	return n;
}

/* ---- the stage ---- */

static struct stage {
	struct machine machine;
	struct loop *loop;
	struct gateway *gateway;
	struct children *children;
	struct ports *ports;
	struct config_modem modems[2];
	struct ports_config config;
	size_t count;
	struct buf events; /* "modem name: text\n" */
	int64_t until;     /* of the present run */
	bool (*enough)(void);
	int calm;
	int resets;
} stage;

static inline bool take_batches(struct when now)
{
	struct batch batch = { 0 };
	bool moved = false;

	while (gateway_take_batch(stage.gateway, &batch)) {
		for (size_t i = 0; i < batch.count; i++)
			if (batch.rows[i].kind == ROW_EVENT)
				buf_addf(&stage.events, "%s %s: %s\n",
					 batch.rows[i].of.event->modem,
					 batch.rows[i].of.event->name,
					 batch.rows[i].of.event->text == NULL
						 ? ""
						 : batch.rows[i].of.event->text);
		gateway_committed(stage.gateway, batch.number, now);
		batch_free(&batch);
		moved = true;
	}
	return moved;
}

/* Once everything is calm, on to the next deadline. */
static inline void jump(struct when now)
{
	int64_t due = when_sooner(gateway_deadline(stage.gateway), ports_deadline(stage.ports));
	bool on_their_way;

	due = when_sooner(when_sooner(due, children_deadline(stage.children)), stage.until);
	usleep(PAUSE_US);
	if (children_deadline(stage.children) != WHEN_NEVER) /* a real process takes real time */
		return;
	on_their_way = stage.machine.said != host_read || stage.machine.heard != host_wrote;
	if (++stage.calm < (on_their_way ? LOST : CALM))
		return;
	host_read = stage.machine.said;
	host_wrote = stage.machine.heard;
	if (due > now.mono_ms)
		ahead_ms += due - now.mono_ms;
	stage.calm = 0;
}

static inline int64_t turn(void *owner, struct when now)
{
	bool moved;
	struct answer answer;

	(void)owner;
	gateway_tick(stage.gateway, now);
	children_tick(stage.children, now);
	moved = take_batches(now);
	moved |= ports_turn(stage.ports, now);
	moved |= machine_run(&stage.machine);
	while (gateway_take_answer(stage.gateway, &answer))
		buf_free(&answer.json);
	if (moved)
		stage.calm = 0;
	else
		jump(now);
	if (now.mono_ms >= stage.until || (stage.enough != NULL && stage.enough()))
		loop_stop(stage.loop);
	return 1; /* again at once: nobody watches the machine's cables */
}

static inline struct when now_is(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (struct when){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, BED_MONDAY };
}

/* As far as `ms`, or until it is enough; how long that took. */
static inline int64_t run(int64_t ms, bool (*enough)(void))
{
	struct err err = { 0 };
	int64_t from = now_is().mono_ms;

	stage.until = from + ms;
	stage.enough = enough;
	stage.calm = 0;
	CHECK(loop_run(stage.loop, turn, NULL, &err) == 0);
	return now_is().mono_ms - from;
}

static inline int fake_reset(const char *root, const struct usb_device *device, struct err *err)
{
	(void)root;
	(void)device;
	(void)err;
	stage.resets++;
	return 0;
}

static inline void start(size_t count)
{
	struct gateway_modem modems[2] = { { .name = "alpha" }, { .name = "beta" } };
	struct gateway_config config = {
		.plan = bed_plan(bed_config), .modems = modems, .modem_count = count, .seed = 3
	};
	struct err err = { 0 };

	stage.count = count;
	for (size_t i = 0; i < count; i++) {
		modems[i].sms = true;
		modems[i].repairs = DEVICE_REPAIRS_USUAL | 1U << DEVICE_REPAIR_POWER;
		memcpy(stage.modems[i].name, modems[i].name, sizeof modems[i].name);
		memcpy(modems[i].imei, stage.modems[i].imei, sizeof modems[i].imei);
		memcpy(modems[i].iccid, stage.modems[i].iccid, sizeof modems[i].iccid);
	}
	stage.config.modems = stage.modems;
	stage.config.count = count;
	stage.config.reset = fake_reset;
	snprintf(stage.config.root, sizeof stage.config.root, "%s", stage.machine.root);
	CHECK(loop_new(&stage.loop, &err) == 0 &&
	      children_new(&stage.children, stage.loop, &err) == 0);
	stage.config.children = stage.children;
	CHECK(gateway_new(&stage.gateway, &config, &err) == 0);
	CHECK(ports_new(&stage.ports, stage.loop, stage.gateway, &stage.config, &err) == 0);
}

static inline int up(void **state)
{
	(void)state;
	memset(&stage, 0, sizeof stage);
	host_read = host_wrote = 0;
	machine_init(&stage.machine);
	return 0;
}

static inline int down(void **state)
{
	(void)state;
	ports_free(stage.ports);
	children_free(stage.children);
	gateway_free(stage.gateway);
	loop_free(stage.loop);
	machine_deinit(&stage.machine);
	buf_free(&stage.events);
	return 0;
}

/* An EC25 with `imei` behind its four ports, the one for commands answering. */
static inline struct machine_port *plug(const char *path, int first, const char *imei)
{
	struct machine_port *at = NULL;
	char name[32];

	machine_plug(&stage.machine, path, 0x2c7c, 0x0125);
	for (int i = 0; i < 4; i++) {
		struct machine_port *port;

		snprintf(name, sizeof name, "ttyUSB%d", first + i);
		port = machine_port(&stage.machine, path, i, name,
				    i == 2 ? MACHINE_MODEM : MACHINE_MUTE);
		if (i == 2)
			at = port;
	}
	far_answer(&at->far, "AT+CGSN", imei, 0);
	return at;
}

static inline const struct device_status *modem(size_t i)
{
	return gateway_modem(stage.gateway, i);
}

static inline bool ready(size_t i)
{
	return modem(i)->state == DEVICE_READY;
}

static inline bool all_ready(void)
{
	for (size_t i = 0; i < stage.count; i++)
		if (!ready(i))
			return false;
	return true;
}

static inline bool said(const char *words)
{
	return strstr(buf_text(&stage.events), words) != NULL;
}

static inline size_t times_said(const char *words)
{
	size_t count = 0;

	for (const char *at = buf_text(&stage.events); (at = strstr(at, words)) != NULL; at++)
		count++;
	return count;
}

static inline void page(void)
{
	struct request request = { .ticket = 1, .name = "page", .peer = "ops", .count = 1 };

	request.fields[0].key = "message";
	request.fields[0].value = "db1 is down";
	gateway_request(stage.gateway, &request, now_is());
}

#define GSN(imei)      "\r\n" imei "\r\n\r\nOK\r\n"

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, up, down)

#endif
