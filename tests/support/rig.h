/* rig.h - a device on a far end, with a clock that jumps from deadline to deadline, and every event kept. */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include "modem/device.h"
#include "tests/support/far_end.h"

#define RIG_NUMBER "+447700900123"

struct rig {
	struct device *device;
	struct guard *guard;
	struct far_end far;
	struct when now;
	struct device_event *events;
	size_t count, cap;
	long ticks;         /* device_tick calls that deadlines asked for */
	bool delete_read;   /* delete what was received, as the owner does after storing it */
	bool keep_pin;      /* do not agree that the PIN is entered */
	bool reopen;        /* close and open when asked */
	bool owner_repairs; /* says that its own repairs were done, which changes nothing */
	bool no_leave;      /* answers no question about repairs */
};

/* Makes guard and device; config may be NULL. */
void rig_init(struct rig *rig, const struct device_config *config);
void rig_free(struct rig *rig);
void rig_open(struct rig *rig);
void rig_run(struct rig *rig, int64_t ms);
void rig_say(struct rig *rig, const char *text); /* the far end says something unasked */
int rig_send(struct rig *rig, const char *text); /* attempt 7 to RIG_NUMBER */
int rig_call(struct rig *rig);                   /* attempt 8; rings 35 s, talks 50 s */

/* The n-th event (from 0) of a kind, or NULL. */
const struct device_event *rig_event(const struct rig *rig, enum device_event_kind kind, size_t n);
/* "sent accepted", "received ACK 4711", "key 1", … */
void rig_event_words(const struct device_event *event, char *text, size_t size);

size_t rig_events(const struct rig *rig, enum device_event_kind kind);

/* How often a repair was asked for. */
size_t rig_repairs(const struct rig *rig, enum device_repair repair);

#endif
