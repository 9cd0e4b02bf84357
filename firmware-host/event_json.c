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
static void pair(const char *key, const char *value, char *to, size_t size)
{
	to[0] = '\0';
	if (value[0] != '\0')
		snprintf(to, size, "%s=%s ", key, value);
}

void event_log(struct log_limit *limit, const struct event *event, struct when now)
{
	char quoted[LOG_QUOTED];
	char number[24] = "";
	char page[32];
	char person[PLAN_NAME + 16];
	char modem[ROW_MODEM + 16];

	if (event->page != 0)
		snprintf(number, sizeof number, "p%lld", (long long)event->page);
	pair("page", number, page, sizeof page);
	pair("person", event->person, person, sizeof person);
	pair("modem", event->modem, modem, sizeof modem);
	log_quote(event->text, quoted);
	if (event->page != 0) /* each of a page's is one of its kind */
		log_event(LOG_LEVEL_INFO, event->name, "%s%s%s%s%s", page, person, modem,
			  event->text != NULL ? "text=" : "", event->text != NULL ? quoted : "");
	else
		log_limited(limit, now, LOG_LEVEL_INFO, event->name, "%s%s%s%s%s", page, person,
			    modem, event->text != NULL ? "text=" : "",
			    event->text != NULL ? quoted : "");
}
