#include "modem/at_line.h"
#include "modem/device_int.h"

#define RING_OVER_MS 10000 /* without another RING the caller has given up */
#define CLIP_MS      1000  /* RING without +CLIP: a number is not sent */

/* The owner answers or rejects. */
static void tell(struct device *device)
{
	struct device_ring *ring = &device->ring;
	struct device_event *event;

	ring->tell_at = WHEN_NEVER;
	if (ring->told)
		return;
	ring->told = true;
	event = device_push(device, DEVICE_EVENT_INCOMING);
	if (event != NULL)
		span_copy(span_of(ring->number), event->text, sizeof event->text);
	else
		ring->unwanted = true; /* nobody will hear of it */
}

/* RING comes every few seconds until somebody acts; +CLIP: "number",type,… after each of them (27.007 7.6). */
void device_ring_line(struct device *device, struct span text, struct when now)
{
	struct device_ring *ring = &device->ring;
	struct at_line line = at_line_of(text);
	struct span number = { NULL, 0 };

	if (device->status.state != DEVICE_READY && device->status.state != DEVICE_REGISTERING)
		return; /* a call that is up now is found and ended at the start */
	if (device->talk.call != NULL && device->talk.incoming)
		return; /* this one is being answered */
	if (!ring->ringing)
		ring->tell_at = now.mono_ms + CLIP_MS;
	ring->ringing = true;
	ring->until = now.mono_ms + RING_OVER_MS;
	ring->reject =
		ring->unwanted; /* it did not hear us the first time, or our own call was in the way */
	if (at_line_prefix(&line, "+CLIP:")) {
		at_line_string(&line, &number);
		span_copy(number, ring->number, sizeof ring->number);
		tell(device);
	}
}

void device_ring_tick(struct device *device, struct when now)
{
	struct device_ring *ring = &device->ring;

	if (now.mono_ms >= ring->tell_at)
		tell(device);
	if (now.mono_ms >= ring->until)
		device_ring_clear(device);
}

void device_ring_clear(struct device *device)
{
	device->ring = (struct device_ring){ .until = WHEN_NEVER, .tell_at = WHEN_NEVER };
}

void device_reject(struct device *device, struct when now)
{
	if (!device->ring.ringing)
		return;
	device->ring.unwanted = device->ring.reject = true;
	device_tick(device, now);
}

int device_answer(struct device *device, int64_t attempt, int64_t talk_ms, struct when now,
		  struct err *err)
{
	struct device_ring *ring = &device->ring;

	if (device->status.state != DEVICE_READY || !ring->ringing)
		return err_set(err, ERR_REFUSED, "modem %s: nobody rings", device->name);
	if (device->talk.call != NULL)
		return DEVICE_BUSY;
	if (call_new_incoming(&device->talk.call, span_of(ring->number), talk_ms, err) < 0)
		return err_wrap(err, "modem %s", device->name);
	device_ring_clear(device);
	device->talk.attempt = attempt;
	device->talk.incoming = true;
	device->talk.started = false;
	device->talk.prepared = 0;
	device->status.call_busy = device->status.sms_busy = true;
	device_tick(device, now);
	return 0;
}
