#include "store/save.h"

#include <stdio.h>

#include "store/db.h"

static struct db_bind bind_to(const struct save *save, enum sql sql)
{
	return (struct db_bind){ .stmt = save->stmts[sql] };
}

/* The first columns of every row that has deadlines. */
static struct db_bind bind_stamped(const struct save *save, enum sql sql, int64_t id)
{
	struct db_bind bind = bind_to(save, sql);

	db_bind_int(&bind, id);
	db_bind_int(&bind, save->now.mono_ms);
	db_bind_int(&bind, save->now.utc_s);
	db_bind_text(&bind, save->boot);
	return bind;
}

/* Child rows are replaced by place; what stood behind the last place goes. */
static int cut(const struct save *save, enum sql sql, int64_t id, size_t count)
{
	struct db_bind bind = bind_to(save, sql);

	db_bind_int(&bind, id);
	db_bind_int(&bind, (int64_t)count);
	return db_run(&bind);
}

static int save_track(const struct save *save, const struct page *page, size_t place)
{
	const struct track *track = &page->tracks[place];
	struct db_bind bind = bind_to(save, SQL_PUT_TRACK);

	db_bind_int(&bind, page->id);
	db_bind_int(&bind, (int64_t)place);
	db_bind_int(&bind, track->kind);
	db_bind_int(&bind, track->step);
	db_bind_int(&bind, track->round);
	db_bind_int(&bind, track->took);
	db_bind_int(&bind, track->waiting);
	db_bind_due(&bind, track->due);
	db_bind_text(&bind, track->acked_by);
	return db_run(&bind);
}

static int save_member(const struct save *save, const struct page *page, size_t place)
{
	const struct member *member = &page->members[place];
	struct db_bind bind = bind_to(save, SQL_PUT_MEMBER);

	db_bind_int(&bind, page->id);
	db_bind_int(&bind, (int64_t)place);
	db_bind_text(&bind, member->person);
	db_bind_int(&bind, member->track);
	db_bind_int(&bind, member->step);
	db_bind_int(&bind, member->cycle);
	db_bind_int(&bind, member->state);
	return db_run(&bind);
}

static int save_people(const struct save *save, const struct page *page)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < page->track_count; i++)
		rc = save_track(save, page, i);
	if (rc == SQLITE_OK)
		rc = cut(save, SQL_CUT_TRACKS, page->id, page->track_count);
	for (size_t i = 0; rc == SQLITE_OK && i < page->member_count; i++)
		rc = save_member(save, page, i);
	if (rc == SQLITE_OK)
		rc = cut(save, SQL_CUT_MEMBERS, page->id, page->member_count);
	return rc;
}

static int save_page(const struct save *save, const struct page *page)
{
	struct db_bind bind = bind_stamped(save, SQL_PUT_PAGE, page->id);
	struct buf roles = { 0 };
	int rc;

	db_bind_text(&bind, page->code);
	db_bind_int(&bind, page->state);
	db_bind_text(&bind, page->severity);
	db_bind_text(&bind, page->target);
	db_bind_int(&bind, page->money);
	db_bind_int(&bind, page->drill);
	db_bind_int(&bind, page->incident);
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		db_bind_text(&bind, page->text[i]);
	db_bind_text(&bind, page->chain);
	db_bind_text(&bind, page->requester);
	db_bind_int(&bind, page->opened_utc_s);
	db_bind_int(&bind, page->acked_utc_s);
	db_bind_int(&bind, page->resolved_utc_s);
	db_bind_int(&bind, page->cycle);
	db_bind_text(&bind, page->owner);
	db_bind_int(&bind, page->engaged);
	db_bind_int(&bind, page->warned);
	db_bind_due(&bind, page->lease_due);
	db_bind_due(&bind, page->remind_due);
	db_bind_due(&bind, page->progress_due);
	db_bind_due(&bind, page->wake_due);
	page_write_roles(page, &roles);
	db_bind_text(&bind, buf_text(&roles));
	db_bind_text(&bind, page->assignee);
	if (roles.failed)
		bind.rc = SQLITE_NOMEM;
	rc = db_run(&bind);
	buf_free(&roles);
	return rc == SQLITE_OK ? save_people(save, page) : rc;
}

static int save_notice_pages(const struct save *save, const struct notice *notice)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < notice->page_count; i++) {
		struct db_bind bind = bind_to(save, SQL_PUT_NOTICE_PAGE);

		db_bind_int(&bind, notice->id);
		db_bind_int(&bind, (int64_t)i);
		db_bind_int(&bind, notice->pages[i]);
		rc = db_run(&bind);
	}
	if (rc == SQLITE_OK)
		rc = cut(save, SQL_CUT_NOTICE_PAGES, notice->id, notice->page_count);
	return rc;
}

static int save_notice(const struct save *save, const struct notice *notice)
{
	struct db_bind bind = bind_stamped(save, SQL_PUT_NOTICE, notice->id);
	int rc;

	db_bind_text(&bind, notice->person);
	db_bind_text(&bind, notice->code);
	db_bind_int(&bind, notice->rank);
	db_bind_int(&bind, notice->owns);
	db_bind_int(&bind, notice->told);
	db_bind_int(&bind, notice->state);
	db_bind_due(&bind, notice->gather_due);
	db_bind_int(&bind, notice->sms);
	db_bind_int(&bind, notice->sms_number);
	db_bind_int(&bind, notice->sms_tries);
	db_bind_due(&bind, notice->sms_due);
	db_bind_text(&bind, notice->sms_path);
	db_bind_int(&bind, notice->ring);
	db_bind_int(&bind, notice->ring_number);
	db_bind_int(&bind, notice->rings);
	db_bind_due(&bind, notice->ring_due);
	db_bind_due(&bind, notice->first_ring);
	db_bind_text(&bind, notice->ring_path);
	db_bind_text(&bind, notice->failed_path);
	/* Its code is free again from the moment it was first stored as closed. */
	db_bind_due(&bind, notice->state == NOTICE_CLOSED ? save->now.utc_s : WHEN_NEVER);
	rc = db_run(&bind);
	return rc == SQLITE_OK ? save_notice_pages(save, notice) : rc;
}

static int save_attempt(const struct save *save, const struct attempt *attempt)
{
	struct db_bind bind = bind_stamped(save, SQL_PUT_ATTEMPT, attempt->id);
	struct buf mr = { 0 };
	int rc;

	for (size_t i = 0; i < attempt->mr_count && i < COUNT_OF(attempt->mr); i++)
		buf_addf(&mr, "%s%d", i == 0 ? "" : " ", attempt->mr[i]);
	db_bind_int(&bind, attempt->kind);
	db_bind_int(&bind, attempt->state);
	db_bind_int(&bind, attempt->notice);
	db_bind_int(&bind, attempt->page);
	db_bind_text(&bind, attempt->person);
	db_bind_text(&bind, attempt->number);
	db_bind_text(&bind, attempt->modem);
	db_bind_text(&bind, attempt->text);
	db_bind_int(&bind, attempt->rank);
	db_bind_int(&bind, attempt->tries);
	db_bind_due(&bind, attempt->due);
	db_bind_int(&bind, attempt->queued_utc_s);
	db_bind_int(&bind, attempt->began_utc_s);
	db_bind_int(&bind, attempt->ended_utc_s);
	db_bind_text(&bind, buf_text(&mr));
	db_bind_int(&bind, attempt->end);
	db_bind_int(&bind, attempt->cause);
	db_bind_int(&bind, attempt->talked_s);
	if (mr.failed)
		bind.rc = SQLITE_NOMEM;
	rc = db_run(&bind);
	buf_free(&mr);
	return rc;
}

static int save_inbound(const struct save *save, const struct inbound *inbound)
{
	struct db_bind bind = bind_to(save, SQL_PUT_INBOUND);

	db_bind_int(&bind, inbound->id);
	db_bind_int(&bind, inbound->utc_s);
	db_bind_text(&bind, inbound->modem);
	db_bind_text(&bind, inbound->number);
	db_bind_text(&bind, inbound->person);
	db_bind_text(&bind, inbound->text);
	db_bind_text(&bind, inbound->hex);
	db_bind_int(&bind, inbound->whole);
	db_bind_text(&bind, inbound->action);
	return db_run(&bind);
}

static int save_event(const struct save *save, const struct event *event)
{
	struct db_bind bind = bind_to(save, SQL_PUT_EVENT);

	db_bind_int(&bind, event->id);
	db_bind_int(&bind, event->utc_s);
	db_bind_int(&bind, event->page);
	db_bind_text(&bind, event->name);
	db_bind_text(&bind, event->person);
	db_bind_text(&bind, event->modem);
	db_bind_text(&bind, event->text);
	return db_run(&bind);
}

static int save_answered(const struct save *save, const struct answered *answered)
{
	struct db_bind bind = bind_to(save, SQL_PUT_ANSWERED);

	db_bind_text(&bind, answered->request);
	db_bind_int(&bind, answered->page);
	db_bind_int(&bind, answered->utc_s);
	return db_run(&bind);
}

static int save_spent(const struct save *save, const struct spent *spent)
{
	struct db_bind bind = bind_to(save, SQL_PUT_SPENT);

	db_bind_text(&bind, spent->modem);
	db_bind_int(&bind, spent->counts.day);
	db_bind_int(&bind, spent->counts.sms);
	db_bind_int(&bind, spent->counts.calls);
	db_bind_int(&bind, spent->counts.call_seconds);
	return db_run(&bind);
}

static int save_rota(const struct save *save, const struct rota_entry *entry)
{
	struct db_bind bind = bind_to(save, SQL_PUT_ROTA);

	db_bind_int(&bind, entry->id);
	db_bind_int(&bind, entry->kind);
	db_bind_text(&bind, entry->rotation);
	db_bind_text(&bind, entry->slot);
	db_bind_text(&bind, entry->person);
	db_bind_text(&bind, entry->cover);
	db_bind_int(&bind, entry->from_utc_s);
	db_bind_int(&bind, entry->until_utc_s);
	db_bind_text(&bind, entry->by);
	db_bind_text(&bind, entry->reason);
	db_bind_int(&bind, entry->made_utc_s);
	db_bind_int(&bind, entry->ended_utc_s);
	return db_run(&bind);
}

static int save_calendar(const struct save *save, const struct rota_calendar *calendar)
{
	struct db_bind bind = bind_to(save, SQL_PUT_CALENDAR);
	struct buf spans = { 0 };
	int rc;

	for (size_t i = 0; i < calendar->span_count; i++)
		buf_addf(&spans, "%lld %lld %s\n", (long long)calendar->spans[i].from_utc_s,
			 (long long)calendar->spans[i].until_utc_s, calendar->spans[i].person);
	db_bind_text(&bind, calendar->rotation);
	db_bind_int(&bind, calendar->read_utc_s);
	db_bind_text(&bind, buf_text(&spans));
	if (spans.failed)
		bind.rc = SQLITE_NOMEM;
	rc = db_run(&bind);
	buf_free(&spans);
	return rc;
}

static int save_fault(const struct save *save, const struct fault *fault)
{
	struct db_bind bind = bind_to(save, SQL_PUT_FAULT);

	db_bind_text(&bind, fault_kind(fault->id)->id);
	db_bind_text(&bind, fault->modem);
	db_bind_text(&bind, fault->evidence);
	db_bind_int(&bind, fault->stands);
	db_bind_int(&bind, fault->since_utc_s);
	db_bind_int(&bind, fault->ended_utc_s);
	db_bind_int(&bind, fault->told_utc_s);
	db_bind_int(&bind, fault->came);
	db_bind_int(&bind, fault->page);
	return db_run(&bind);
}

static int save_health(const struct save *save, const struct health *health)
{
	struct db_bind bind = bind_to(save, SQL_PUT_HEALTH);

	db_bind_text(&bind, health->modem);
	for (size_t i = 0; i < PATH_FUNCTIONS; i++)
		db_bind_int(&bind, health->last_utc_s[i]);
	db_bind_int(&bind, health->proved_utc_s);
	db_bind_int(&bind, health->latency_ms);
	db_bind_int(&bind, health->sent);
	db_bind_int(&bind, health->lost);
	return db_run(&bind);
}

static int save_route(const struct save *save, const struct route *route)
{
	struct db_bind bind = bind_to(save, SQL_PUT_ROUTE);

	db_bind_text(&bind, route->modem);
	db_bind_text(&bind, route->plmn);
	db_bind_text(&bind, route->number);
	db_bind_int(&bind, route->used_utc_s);
	for (size_t i = 0; i < COUNT_OF(route->end); i++) {
		db_bind_int(&bind, route->end[i].good_utc_s);
		db_bind_int(&bind, route->end[i].bad_utc_s);
		db_bind_int(&bind, route->end[i].bad);
	}
	return db_run(&bind);
}

static int drop(const struct save *save, enum sql sql, int64_t id)
{
	struct db_bind bind = bind_to(save, sql);

	db_bind_int(&bind, id);
	return db_run(&bind);
}

static int save_memo(const struct save *save, const struct memo *memo)
{
	struct db_bind bind;

	if (memo->over)
		return drop(save, SQL_CUT_MEMO, memo->id);
	bind = bind_to(save, SQL_PUT_MEMO);
	db_bind_int(&bind, memo->id);
	db_bind_text(&bind, memo->kind);
	db_bind_text(&bind, memo->text);
	return db_run(&bind);
}

static int save_post(const struct save *save, const struct post *post)
{
	struct db_bind bind;

	if (post->over)
		return drop(save, SQL_CUT_POST, post->id);
	bind = bind_stamped(save, SQL_PUT_POST, post->id);
	db_bind_text(&bind, post->hook);
	db_bind_text(&bind, post->kind);
	db_bind_int(&bind, post->page);
	db_bind_text(&bind, post->body);
	db_bind_int(&bind, post->tries);
	db_bind_due(&bind, post->due);
	db_bind_int(&bind, post->made_utc_s);
	return db_run(&bind);
}

static void bind_range(struct db_bind *bind, const struct radio_range *range)
{
	db_bind_int(bind, range->samples);
	db_bind_int(bind, range->sum);
	db_bind_int(bind, range->min);
	db_bind_int(bind, range->max);
}

static int save_radio(const struct save *save, const struct radio_hour *hour)
{
	struct db_bind bind = bind_to(save, SQL_PUT_RADIO);

	db_bind_int(&bind, hour->hour);
	db_bind_text(&bind, hour->modem);
	bind_range(&bind, &hour->signal);
	bind_range(&bind, &hour->heat);
	return db_run(&bind);
}

static int save_card(const struct save *save, const struct card *card)
{
	struct db_bind bind = bind_to(save, SQL_PUT_CARD);

	db_bind_text(&bind, card->key);
	db_bind_text(&bind, card->modem);
	db_bind_text(&bind, card->smsc);
	db_bind_int(&bind, card->pin);
	db_bind_int(&bind, card->pin_print);
	db_bind_int(&bind, card->pin_tries);
	db_bind_int(&bind, card->balance);
	db_bind_int(&bind, card->balance_utc_s);
	db_bind_int(&bind, card->asked_utc_s);
	db_bind_int(&bind, card->expiry_told);
	db_bind_int(&bind, card->seen_utc_s);
	return db_run(&bind);
}

int save_row(const struct save *save, const struct row *row)
{
	switch (row->kind) {
	case ROW_PAGE:
		return save_page(save, row->of.page);
	case ROW_NOTICE:
		return save_notice(save, row->of.notice);
	case ROW_ATTEMPT:
		return save_attempt(save, row->of.attempt);
	case ROW_INBOUND:
		return save_inbound(save, row->of.inbound);
	case ROW_EVENT:
		return save_event(save, row->of.event);
	case ROW_ANSWERED:
		return save_answered(save, row->of.answered);
	case ROW_SPENT:
		return save_spent(save, row->of.spent);
	case ROW_ROTA:
		return save_rota(save, row->of.rota);
	case ROW_CALENDAR:
		return save_calendar(save, row->of.calendar);
	case ROW_FAULT:
		return save_fault(save, row->of.fault);
	case ROW_HEALTH:
		return save_health(save, row->of.health);
	case ROW_ROUTE:
		return save_route(save, row->of.route);
	case ROW_MEMO:
		return save_memo(save, row->of.memo);
	case ROW_POST:
		return save_post(save, row->of.post);
	case ROW_RADIO:
		return save_radio(save, row->of.radio);
	case ROW_CARD:
		return save_card(save, row->of.card);
	case ROW_NONE:
	case ROW_KINDS:
		break;
	}
	return SQLITE_MISUSE;
}

void save_name(const struct row *row, char *name, size_t size)
{
	long long id = 0;
	static const char *const tables[] = {
		[ROW_NONE] = "row",          [ROW_PAGE] = "page",       [ROW_NOTICE] = "notice",
		[ROW_ATTEMPT] = "attempt",   [ROW_INBOUND] = "inbound", [ROW_EVENT] = "event",
		[ROW_ANSWERED] = "answered", [ROW_SPENT] = "spent",     [ROW_FAULT] = "fault",
		[ROW_CARD] = "card",         [ROW_ROTA] = "rota",       [ROW_CALENDAR] = "calendar",
		[ROW_POST] = "post",         [ROW_MEMO] = "memo",       [ROW_HEALTH] = "health",
		[ROW_ROUTE] = "route",       [ROW_RADIO] = "radio",
	};

	_Static_assert(COUNT_OF(tables) == ROW_KINDS, "a table for each kind");
	if (row->kind == ROW_PAGE)
		id = row->of.page->id;
	else if (row->kind == ROW_NOTICE)
		id = row->of.notice->id;
	else if (row->kind == ROW_ATTEMPT)
		id = row->of.attempt->id;
	else if (row->kind == ROW_INBOUND)
		id = row->of.inbound->id;
	else if (row->kind == ROW_EVENT)
		id = row->of.event->id;
	else if (row->kind == ROW_MEMO)
		id = row->of.memo->id;
	else if (row->kind == ROW_POST)
		id = row->of.post->id;
	else if (row->kind == ROW_ROTA)
		id = row->of.rota->id;
	snprintf(name, size, "%s %lld", tables[row->kind], id);
}
