#include "core/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void attempt_free(struct attempt *attempt)
{
	if (attempt == NULL)
		return;
	free(attempt->text);
	free(attempt);
}

struct attempt *attempt_copy(const struct attempt *attempt)
{
	struct attempt *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return NULL;
	*copy = *attempt;
	if (attempt->text == NULL)
		return copy;
	copy->text = span_dup(span_of(attempt->text));
	if (copy->text == NULL) {
		free(copy);
		return NULL;
	}
	return copy;
}

const char *attempt_state_name(enum attempt_state state)
{
	static const char *const names[] = {
		[ATTEMPT_STATE_NONE] = "none",     [ATTEMPT_QUEUED] = "queued",
		[ATTEMPT_IN_FLIGHT] = "in flight", [ATTEMPT_ACCEPTED] = "accepted",
		[ATTEMPT_DELIVERED] = "delivered", [ATTEMPT_UNDELIVERED] = "undelivered",
		[ATTEMPT_REFUSED] = "refused",     [ATTEMPT_UNKNOWN] = "unknown",
		[ATTEMPT_DROPPED] = "dropped",
	};

	_Static_assert(COUNT_OF(names) == ATTEMPT_STATES, "a name for each state");
	assert(state < ATTEMPT_STATES);
	return names[state];
}

const char *attempt_kind_name(enum attempt_kind kind)
{
	static const char *const names[] = {
		[ATTEMPT_NONE] = "none", [ATTEMPT_TEXT] = "text",   [ATTEMPT_CALL] = "call",
		[ATTEMPT_NOTE] = "note", [ATTEMPT_PROOF] = "proof",
	};

	_Static_assert(COUNT_OF(names) == ATTEMPT_KINDS, "a name for each kind");
	assert(kind < ATTEMPT_KINDS);
	return names[kind];
}

void inbound_free(struct inbound *inbound)
{
	if (inbound == NULL)
		return;
	free(inbound->text);
	free(inbound);
}

struct inbound *inbound_copy(const struct inbound *inbound)
{
	struct inbound *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *inbound;
	copy->text = inbound->text == NULL ? NULL : span_dup(span_of(inbound->text));
	return copy;
}

static void *plain_copy(const void *row, size_t size)
{
	void *copy = malloc(size);

	if (copy != NULL)
		memcpy(copy, row, size);
	return copy;
}

struct fault *fault_copy(const struct fault *fault)
{
	return plain_copy(fault, sizeof *fault);
}

struct health *health_copy(const struct health *health)
{
	return plain_copy(health, sizeof *health);
}

struct route *route_copy(const struct route *route)
{
	return plain_copy(route, sizeof *route);
}

const char *path_function_name(enum path_function function)
{
	static const char *const names[] = {
		[PATH_SMS_OUT] = "sms_out",   [PATH_REPORT] = "report",   [PATH_SMS_IN] = "sms_in",
		[PATH_CALL_OUT] = "call_out", [PATH_CALL_IN] = "call_in", [PATH_KEY] = "key",
	};

	_Static_assert(COUNT_OF(names) == PATH_FUNCTIONS, "a name for each function");
	assert(function < PATH_FUNCTIONS);
	return names[function];
}

void post_free(struct post *post)
{
	if (post == NULL)
		return;
	free(post->body);
	free(post);
}

struct post *post_copy(const struct post *post)
{
	struct post *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *post;
	copy->body = span_dup(span_of(post->body));
	if (copy->body != NULL)
		return copy;
	free(copy);
	return NULL;
}

struct radio_hour *radio_copy(const struct radio_hour *hour)
{
	struct radio_hour *copy = malloc(sizeof *copy);

	if (copy != NULL)
		*copy = *hour;
	return copy;
}

struct card *card_copy(const struct card *card)
{
	return plain_copy(card, sizeof *card);
}

static void event_free(struct event *event)
{
	if (event == NULL)
		return;
	free(event->text);
	free(event);
}

void row_free(struct row *row)
{
	switch (row->kind) {
	case ROW_PAGE:
		page_free(row->of.page);
		break;
	case ROW_NOTICE:
		if (row->of.notice != NULL)
			notice_free(row->of.notice);
		free(row->of.notice);
		break;
	case ROW_ATTEMPT:
		attempt_free(row->of.attempt);
		break;
	case ROW_INBOUND:
		inbound_free(row->of.inbound);
		break;
	case ROW_EVENT:
		event_free(row->of.event);
		break;
	case ROW_ANSWERED:
		free(row->of.answered);
		break;
	case ROW_SPENT:
		free(row->of.spent);
		break;
	case ROW_ROTA:
		free(row->of.rota);
		break;
	case ROW_CALENDAR:
		rota_calendar_free(row->of.calendar);
		break;
	case ROW_FAULT:
		free(row->of.fault);
		break;
	case ROW_HEALTH:
		free(row->of.health);
		break;
	case ROW_ROUTE:
		free(row->of.route);
		break;
	case ROW_POST:
		post_free(row->of.post);
		break;
	case ROW_MEMO:
		memo_free(row->of.memo);
		break;
	case ROW_RADIO:
		free(row->of.radio);
		break;
	case ROW_CARD:
		free(row->of.card);
		break;
	case ROW_NONE:
	case ROW_KINDS:
		break;
	}
	*row = (struct row){ 0 };
}

void batch_free(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		row_free(&batch->rows[i]);
	free(batch->rows);
	batch->rows = NULL;
	batch->count = 0;
	batch->cap = 0;
}

int batch_add(struct batch *batch, struct row row, struct err *err)
{
	if (row.kind != ROW_NONE && row.of.page == NULL) /* its copy failed */
		return err_nomem(err);
	if (array_grow(&batch->rows, &batch->cap, batch->count + 1, sizeof(*batch->rows)) != 0) {
		row_free(&row);
		return err_nomem(err);
	}
	batch->rows[batch->count++] = row;
	return 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->page_count; i++)
		page_free(snapshot->pages[i]);
	for (size_t i = 0; i < snapshot->notice_count; i++)
		notice_free(&snapshot->notices[i]);
	for (size_t i = 0; i < snapshot->attempt_count; i++)
		attempt_free(snapshot->attempts[i]);
	for (size_t i = 0; i < snapshot->inbound_count; i++)
		inbound_free(snapshot->inbound[i]);
	free(snapshot->pages);
	free(snapshot->notices);
	free(snapshot->attempts);
	free(snapshot->inbound);
	free(snapshot->answered);
	free(snapshot->spent);
	free(snapshot->faults);
	free(snapshot->health);
	free(snapshot->routes);
	for (size_t i = 0; i < snapshot->memo_count; i++)
		memo_free(snapshot->memos[i]);
	free(snapshot->memos);
	for (size_t i = 0; i < snapshot->post_count; i++)
		post_free(snapshot->posts[i]);
	free(snapshot->posts);
	free(snapshot->cards);
	free(snapshot->radio);
	free(snapshot->codes);
	free(snapshot->damaged);
	rota_deinit(&snapshot->rota);
	*snapshot = (struct snapshot){ 0 };
}

const char *call_end_name(enum device_call_end end)
{
	switch (end) {
	case DEVICE_CALL_BUSY:
		return "busy";
	case DEVICE_CALL_NO_ANSWER:
		return "no answer";
	case DEVICE_CALL_HUNG_UP:
		return "hung up";
	case DEVICE_CALL_LIMIT:
		return "talk limit";
	case DEVICE_CALL_STOPPED:
		return "ended by us";
	case DEVICE_CALL_REFUSED:
		return "not set up";
	case DEVICE_CALL_LOST:
		return "modem lost";
	case DEVICE_CALL_END_NONE:
	case DEVICE_CALL_ENDS:
		break;
	}
	return "unknown";
}
