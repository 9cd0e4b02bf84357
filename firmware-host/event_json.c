#include "event_json.h"

#include <stdio.h>

#include "log.h"

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

void event_json(struct jsonw *json, const struct event *event)
{
	char page[24];

	snprintf(page, sizeof page, "p%lld", (long long)event->page);
	jsonw_time(json, "time", event->utc_s);
	jsonw_string(json, "name", event->name);
	jsonw_string(json, "page", event->page != 0 ? page : NULL);
	jsonw_string(json, "person", or_null(event->person));
	jsonw_string(json, "modem", or_null(event->modem));
	jsonw_string(json, "text", event->text);
}

/* "key=value " when there is a value, else nothing. */
static const char *pair(const char *key, const char *value, char *to, size_t size)
{
	to[0] = '\0';
	if (value[0] != '\0')
		snprintf(to, size, "%s=%s ", key, value);
	return to;
}

void event_log(const struct event *event)
{
	char quoted[LOG_QUOTED];
	char number[24] = "";
	char page[32];
	char person[PLAN_NAME + 16];
	char modem[ROW_MODEM + 16];

	if (event->page != 0)
		snprintf(number, sizeof number, "p%lld", (long long)event->page);
	log_event(LOG_LEVEL_INFO, event->name, "%s%s%s%s%s",
		  pair("page", number, page, sizeof page),
		  pair("person", event->person, person, sizeof person),
		  pair("modem", event->modem, modem, sizeof modem),
		  event->text != NULL ? "text=" : "",
		  event->text != NULL ? log_quote(event->text, quoted) : "");
}
