/* event_json.h - one line of history as others see it: JSON for followers and the timeline, logfmt for the log. */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H

#include "base/jsonw.h"
#include "core/rows.h"
#include "log.h"

/* The members time, name, page ("p17" or null), person, modem and text, into an object that is open. */
void event_json(struct jsonw *json, const struct event *event);

/* Those that belong to no page through the limit. */
void event_log(struct log_limit *limit, const struct event *event, struct when now);

#endif
