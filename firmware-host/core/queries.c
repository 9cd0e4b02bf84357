/* "tocsin at": one query to a modem beside live traffic; its answer is the request's. */
#include <string.h>

#include "core/asked.h"

static int no_modem(struct asked *asked, const char *name)
{
	const struct gateway *g = asked->g;
	struct buf list = { 0 };

	for (size_t i = 0; i < g->path_count; i++)
		buf_addf(&list, "%s%s", i == 0 ? "" : ", ", g->paths[i].modem.name);
	err_set(&asked->err, ERR_INVALID, "no modem \"%.40s\": there are %s", name,
		buf_text(&list));
	buf_free(&list);
	return STATUS_USAGE;
}

int queries_ask(struct asked *asked)
{
	const char *name = asked_get(asked, "modem");
	const char *query = asked_get(asked, "query");
	struct path *path;
	int index;
	int rc;

	if (name == NULL || query == NULL)
		return asked_usage(asked,
				   "which modem, and which query? as in: tocsin at alpha AT+CSQ");
	index = fleet_find(asked->g, name);
	if (index < 0)
		return no_modem(asked, name);
	path = &asked->g->paths[index];
	rc = device_query(path->device, (int64_t)asked->request->ticket, span_of(query), asked->now,
			  &asked->err);
	if (rc == DEVICE_BUSY)
		return asked_refuse(asked, "somebody else's query is under way there: ask again");
	if (rc < 0)
		return asked->err.code == ERR_INVALID ? STATUS_USAGE : STATUS_REFUSED;
	asked->later = true;
	return 0;
}

void queries_answered(struct gateway *g, const struct path *path, const struct device_event *event)
{
	struct held held = { .kind = HELD_ANSWER };
	struct span rest = device_query_answer(path->device);
	struct jsonw json = { .out = &held.answer.json };
	bool good = event->outcome == DEVICE_ACCEPTED;
	char line[400];

	held.answer.ticket = (uint64_t)event->attempt;
	held.answer.status = good ? 0 : 1;
	jsonw_object(&json, NULL);
	jsonw_string(&json, "modem", path->modem.name);
	jsonw_array(&json, "lines");
	while (rest.len > 0) {
		span_copy(span_cut(&rest, '\n'), line, sizeof line);
		jsonw_string(&json, NULL, line);
	}
	jsonw_end_array(&json);
	jsonw_string(&json, "result", event->text);
	jsonw_bool(&json, "ok", good);
	if (!good) {
		struct err err;

		err_set(&err, ERR_REFUSED, "modem %s: %s", path->modem.name, event->text);
		jsonw_string(&json, "error", err.text);
	}
	jsonw_int(&json, "status", held.answer.status);
	jsonw_end_object(&json);
	ledger_hold(g, held);
}
