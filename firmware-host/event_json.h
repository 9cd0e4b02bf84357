/* event_json.h - one line of history as others see it: JSON for followers and the timeline, logfmt for the log. */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H

#include "base/jsonw.h"
#include "core/rows.h"

/* The members time, name, page ("p17" or null), person, modem and text, into an object that is open. */
void event_json(struct jsonw *json, const struct event *event);

void event_log(const struct event *event);

#endif
