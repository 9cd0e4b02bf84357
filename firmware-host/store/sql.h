/* sql.h - every statement of the store, by name; prepared together when it is opened. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

enum sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	/* writing: the columns of the tables, in their order */
	SQL_PUT_PAGE,
	SQL_PUT_TRACK,
	SQL_CUT_TRACKS, /* page, first place to go */
	SQL_PUT_MEMBER,
	SQL_CUT_MEMBERS,
	SQL_PUT_NOTICE,
	SQL_PUT_NOTICE_PAGE,
	SQL_CUT_NOTICE_PAGES,
	SQL_PUT_ATTEMPT,
	SQL_PUT_INBOUND,
	SQL_PUT_EVENT,
	SQL_PUT_ANSWERED,
	SQL_PUT_SPENT,
	SQL_PUT_ROTA,
	SQL_PUT_CALENDAR,
	SQL_PUT_FAULT,
	SQL_PUT_HEALTH,
	SQL_PUT_ROUTE,
	SQL_PUT_MEMO,
	SQL_CUT_MEMO,
	SQL_PUT_POST,
	SQL_CUT_POST,
	SQL_PUT_CARD,
	SQL_PUT_RADIO,
	/* loading: unfinished business, and what ended since ?1 (UTC) */
	SQL_PAGES,
	SQL_TRACKS,
	SQL_MEMBERS,
	SQL_NOTICES,
	SQL_NOTICE_PAGES,
	SQL_ATTEMPTS,
	SQL_INBOUND,
	SQL_ANSWERED,
	SQL_SPENT,
	SQL_ROTA,
	SQL_CALENDARS,
	SQL_FAULTS,
	SQL_HEALTH,
	SQL_ROUTES,
	SQL_MEMOS,
	SQL_POSTS,
	SQL_CARDS,
	SQL_RADIO, /* ?1: the first hour wanted */
	SQL_CODES,
	SQL_LAST,
	/* pruning: looks at the oldest few hundred only; ?1 is the UTC before which rows may go */
	SQL_PRUNE_EVENTS,
	SQL_PRUNE_ATTEMPTS,
	SQL_PRUNE_INBOUND,
	SQL_PRUNE_ANSWERED,
	SQL_PRUNE_RADIO,
	SQL_PRUNE_ROUTES,
	SQL_VACUUM,
	SQLS
};

extern const char *const sql_texts[SQLS];

/* The columns that read.h reads, in its order. */
#define SQL_PAGE_COLUMNS                                                                        \
	"id, saved_mono_ms, saved_utc_s, boot, code, state, severity, target, money, drill, "   \
	"incident, message, service, alert, host, runbook, dashboard, channel, key, chain, "    \
	"requester, opened_utc_s, acked_utc_s, resolved_utc_s, cycle, owner, engaged, warned, " \
	"lease_due, remind_due, progress_due, wake_due, roles, assignee"
#define SQL_TRACK_TEXT                                                                    \
	"SELECT kind, step, round, took, waiting, due, acked_by FROM track WHERE page=? " \
	"ORDER BY place"
#define SQL_MEMBER_TEXT \
	"SELECT person, track, step, cycle, state FROM member WHERE page=? ORDER BY place"
#define SQL_ROTA_TEXT                                                                      \
	"SELECT id, kind, rotation, slot, person, cover, from_utc_s, until_utc_s, author," \
	" reason, made_utc_s, ended_utc_s FROM rota"                                       \
	" WHERE ended_utc_s = 0 AND until_utc_s >= ?1 ORDER BY id"
#define SQL_CALENDAR_TEXT "SELECT rotation, read_utc_s, spans FROM calendar"
#define SQL_EVENT_COLUMNS "id, utc_s, page, name, person, modem, text"

#endif
