#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/span.h"

#define SIGNALS_MAX 8

struct caught {
	struct event *event;
	void (*raised)(void *owner);
	void *owner;
};

struct loop {
	struct event_base *base;
	int timer;
	int64_t armed; /* what the timer is set to; WHEN_NEVER: not set */
	struct event *timer_event;
	struct caught caught[SIGNALS_MAX];
	size_t caught_count;
	struct when now;
	bool fresh; /* now was read in this turn */
	bool stopped;
};

struct watch {
	struct event *read;
	struct event *write;
	struct watch_calls calls;
};

static void drain_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;
	uint64_t fired;

	(void)what;
	/* Nothing to read only means that it was set anew meanwhile. */
	if (read(fd, &fired, sizeof fired) == (ssize_t)sizeof fired)
		loop->armed = WHEN_NEVER;
}

int loop_new(struct loop **out, struct err *err)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (loop == NULL)
		return err_nomem(err);
	loop->armed = WHEN_NEVER;
	loop->base = event_base_new();
	loop->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->base != NULL && loop->timer >= 0)
		loop->timer_event =
			event_new(loop->base, loop->timer, EV_READ | EV_PERSIST, drain_timer, loop);
	if (loop->timer_event == NULL || event_add(loop->timer_event, NULL) < 0) {
		err_set(err, ERR_SYSTEM, "event loop: %s", strerror(errno));
		loop_free(loop);
		return -1;
	}
	*out = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	for (size_t i = 0; i < loop->caught_count; i++)
		event_free(loop->caught[i].event);
	if (loop->timer_event != NULL)
		event_free(loop->timer_event);
	if (loop->timer >= 0)
		close(loop->timer);
	if (loop->base != NULL)
		event_base_free(loop->base);
	free(loop);
}

struct when loop_now(struct loop *loop)
{
	struct timespec boot = { 0 };
	struct timespec wall = { 0 };

	if (loop->fresh)
		return loop->now;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &wall);
	loop->now.mono_ms = (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000;
	loop->now.utc_s = (int64_t)wall.tv_sec;
	loop->fresh = true;
	return loop->now;
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct watch *watch = arg;

	(void)fd;
	/* Each direction is an event of its own; the call may free the watch. */
	if ((what & EV_READ) != 0)
		watch->calls.readable(watch->calls.owner);
	else
		watch->calls.writable(watch->calls.owner);
}

int loop_watch(struct loop *loop, struct watch **out, int fd, struct watch_calls calls,
	       struct err *err)
{
	struct watch *watch = calloc(1, sizeof *watch);

	if (watch == NULL)
		return err_nomem(err);
	watch->calls = calls;
	watch->read = event_new(loop->base, fd, EV_READ | EV_PERSIST, on_ready, watch);
	watch->write = event_new(loop->base, fd, EV_WRITE | EV_PERSIST, on_ready, watch);
	if (watch->read == NULL || watch->write == NULL || event_add(watch->read, NULL) < 0) {
		err_set(err, ERR_SYSTEM, "watching descriptor %d: %s", fd, strerror(errno));
		watch_free(watch);
		return -1;
	}
	*out = watch;
	return 0;
}

static void set(struct event *event, bool on)
{
	if (on)
		event_add(event, NULL);
	else
		event_del(event);
}

void watch_read(struct watch *watch, bool on)
{
	set(watch->read, on);
}

void watch_write(struct watch *watch, bool on)
{
	set(watch->write, on);
}

void watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	if (watch->read != NULL)
		event_free(watch->read);
	if (watch->write != NULL)
		event_free(watch->write);
	free(watch);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	const struct caught *caught = arg;

	(void)number;
	(void)what;
	caught->raised(caught->owner);
}

int loop_signal(struct loop *loop, int number, void (*raised)(void *owner), void *owner,
		struct err *err)
{
	struct caught *caught;

	if (loop->caught_count == COUNT_OF(loop->caught))
		return err_set(err, ERR_INVALID, "more than %d signals", SIGNALS_MAX);
	caught = &loop->caught[loop->caught_count];
	*caught = (struct caught){ .raised = raised, .owner = owner };
	caught->event = event_new(loop->base, number, EV_SIGNAL | EV_PERSIST, on_signal, caught);
	if (caught->event == NULL)
		return err_nomem(err);
	loop->caught_count++;
	if (event_add(caught->event, NULL) < 0)
		return err_set(err, ERR_SYSTEM, "catching signal %d: %s", number, strerror(errno));
	return 0;
}

/* An instant in the past fires at once; all zeroes would switch the timer off (timerfd_settime(2)). */
static void arm(struct loop *loop, int64_t deadline)
{
	struct itimerspec at = { 0 };

	if (deadline == loop->armed)
		return;
	if (deadline != WHEN_NEVER && deadline > 0) {
		at.it_value.tv_sec = (time_t)(deadline / 1000);
		at.it_value.tv_nsec = (long)(deadline % 1000) * 1000000;
	} else if (deadline != WHEN_NEVER) {
		at.it_value.tv_nsec = 1;
	}
	timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &at, NULL);
	loop->armed = deadline;
}

int loop_run(struct loop *loop, int64_t (*turn)(void *owner, struct when now), void *owner,
	     struct err *err)
{
	loop->stopped = false;
	while (!loop->stopped) {
		int64_t deadline = turn(owner, loop_now(loop));

		loop->fresh = false;
		if (loop->stopped)
			break;
		arm(loop, deadline);
		if (event_base_loop(loop->base, EVLOOP_ONCE) < 0)
			return err_set(err, ERR_SYSTEM, "event loop: %s", strerror(errno));
	}
	return 0;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}
