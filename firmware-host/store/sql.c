#include "store/sql.h"

/* Partial indices serve a query only when it repeats their condition, letter by letter: see schema.c. */
const char *const sql_texts[SQLS] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_PUT_PAGE] = "INSERT OR REPLACE INTO page VALUES"
			 "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_TRACK] = "INSERT OR REPLACE INTO track VALUES(?,?,?,?,?,?,?,?,?)",
	[SQL_CUT_TRACKS] = "DELETE FROM track WHERE page=? AND place>=?",
	[SQL_PUT_MEMBER] = "INSERT OR REPLACE INTO member VALUES(?,?,?,?,?,?,?)",
	[SQL_CUT_MEMBERS] = "DELETE FROM member WHERE page=? AND place>=?",
	[SQL_PUT_NOTICE] = "INSERT OR REPLACE INTO notice VALUES"
			   "(?1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
			   "coalesce((SELECT closed_utc_s FROM notice WHERE id=?1),?))",
	[SQL_PUT_NOTICE_PAGE] = "INSERT OR REPLACE INTO notice_page VALUES(?,?,?)",
	[SQL_CUT_NOTICE_PAGES] = "DELETE FROM notice_page WHERE notice=? AND place>=?",
	[SQL_PUT_ATTEMPT] = "INSERT OR REPLACE INTO attempt VALUES"
			    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_INBOUND] = "INSERT OR REPLACE INTO inbound VALUES(?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_EVENT] = "INSERT OR REPLACE INTO event VALUES(?,?,?,?,?,?,?)",
	[SQL_PUT_ANSWERED] = "INSERT OR REPLACE INTO answered(request, page, utc_s) VALUES(?,?,?)",
	[SQL_PUT_SPENT] = "INSERT OR REPLACE INTO spent VALUES(?,?,?,?,?)",
	[SQL_PUT_MEMO] = "INSERT OR REPLACE INTO memo VALUES(?,?,?)",
	[SQL_CUT_MEMO] = "DELETE FROM memo WHERE id=?",
	[SQL_PUT_POST] = "INSERT OR REPLACE INTO post VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_CUT_POST] = "DELETE FROM post WHERE id=?",
	[SQL_PUT_ROTA] = "INSERT OR REPLACE INTO rota VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_CALENDAR] = "INSERT OR REPLACE INTO calendar VALUES(?,?,?)",
	[SQL_PUT_RADIO] = "INSERT OR REPLACE INTO radio VALUES(?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_CARD] = "INSERT OR REPLACE INTO card VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_FAULT] = "INSERT OR REPLACE INTO fault VALUES(?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_HEALTH] = "INSERT OR REPLACE INTO health VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	[SQL_PUT_ROUTE] = "INSERT OR REPLACE INTO route VALUES(?,?,?,?,?,?,?,?,?,?)",

	[SQL_PAGES] = "SELECT " SQL_PAGE_COLUMNS " FROM page WHERE id IN "
		      "(SELECT id FROM page WHERE state <> 3 UNION ALL"
		      " SELECT id FROM page WHERE state = 3 AND resolved_utc_s >= ?1) ORDER BY id",
	[SQL_TRACKS] = SQL_TRACK_TEXT,
	[SQL_MEMBERS] = SQL_MEMBER_TEXT,
	[SQL_NOTICES] =
		"SELECT id, saved_mono_ms, saved_utc_s, boot, person, code, rank, owns, told,"
		" state, gather_due, sms, sms_number, sms_tries, sms_due, sms_path, ring,"
		" ring_number, rings, ring_due, first_ring, ring_path, failed_path"
		" FROM notice WHERE state <> 3 ORDER BY id",
	[SQL_NOTICE_PAGES] = "SELECT page FROM notice_page WHERE notice=? ORDER BY place",
	[SQL_ATTEMPTS] =
		"SELECT id, saved_mono_ms, saved_utc_s, boot, kind, state, notice, page,"
		" person, number, modem, text, rank, tries, due, queued_utc_s, began_utc_s,"
		" ended_utc_s, mr, call_end, cause, talked_s FROM attempt WHERE id IN"
		" (SELECT id FROM attempt WHERE state < 3 OR state > 8 UNION ALL"
		" SELECT id FROM attempt WHERE state = 3 AND saved_utc_s >= ?1) ORDER BY id",
	[SQL_INBOUND] = "SELECT id, utc_s, modem, number, person, text, hex, whole, action"
			" FROM inbound WHERE whole = 0 OR id > (SELECT max(id) FROM inbound) - 200"
			" ORDER BY id",
	[SQL_ANSWERED] = "SELECT id, request, page, utc_s FROM answered ORDER BY id DESC",
	[SQL_SPENT] = "SELECT modem, day, sms, calls, call_seconds FROM spent",
	[SQL_ROTA] = SQL_ROTA_TEXT,
	[SQL_CALENDARS] = SQL_CALENDAR_TEXT,
	[SQL_FAULTS] = "SELECT kind, modem, evidence, stands, since_utc_s, ended_utc_s,"
		       " told_utc_s, came, page FROM fault WHERE stands = 1 OR ended_utc_s >= ?1",
	[SQL_HEALTH] =
		"SELECT modem, sms_out_utc_s, report_utc_s, sms_in_utc_s, call_out_utc_s,"
		" call_in_utc_s, key_utc_s, proved_utc_s, latency_ms, sent, lost FROM health",
	[SQL_ROUTES] = "SELECT modem, plmn, number, used_utc_s, sms_good_utc_s, sms_bad_utc_s,"
		       " sms_bad, call_good_utc_s, call_bad_utc_s, call_bad FROM route"
		       " ORDER BY used_utc_s DESC LIMIT 1000",
	[SQL_MEMOS] = "SELECT id, kind, text FROM memo ORDER BY id",
	[SQL_POSTS] = "SELECT id, saved_mono_ms, saved_utc_s, boot, hook, kind, page, body, tries,"
		      " due, made_utc_s FROM post ORDER BY id",
	[SQL_RADIO] = "SELECT hour, modem, signals, signal_sum, signal_min, signal_max,"
		      " heats, heat_sum, heat_min, heat_max FROM radio WHERE hour >= ?1"
		      " ORDER BY hour",
	[SQL_CARDS] = "SELECT key, modem, smsc, pin, pin_print, pin_tries, balance, balance_utc_s,"
		      " asked_utc_s, expiry_told, seen_utc_s FROM card ORDER BY seen_utc_s, key",
	[SQL_CODES] =
		"SELECT code, CASE WHEN min(released) = 0 THEN 0 ELSE max(released) END FROM"
		" (SELECT code, 0 AS released FROM page WHERE state <> 3 UNION ALL"
		" SELECT code, resolved_utc_s FROM page WHERE state = 3 AND resolved_utc_s >= ?1"
		" UNION ALL SELECT code, 0 FROM notice WHERE state <> 3 UNION ALL"
		" SELECT code, closed_utc_s FROM notice WHERE state = 3 AND closed_utc_s >= ?1)"
		" WHERE code <> '' GROUP BY code",
	/* The highest ids are the ends of the tables; the newest stamp stands in one of the newest rows. */
	[SQL_LAST] = "SELECT coalesce((SELECT max(id) FROM page), 0),"
		     " coalesce((SELECT max(id) FROM notice), 0),"
		     " coalesce((SELECT max(id) FROM attempt), 0),"
		     " coalesce((SELECT max(id) FROM inbound), 0),"
		     " coalesce((SELECT max(id) FROM event), 0),"
		     " coalesce((SELECT max(id) FROM rota), 0), max("
		     "coalesce((SELECT utc_s FROM event ORDER BY id DESC LIMIT 1), 0),"
		     "coalesce((SELECT saved_utc_s FROM page ORDER BY id DESC LIMIT 1), 0),"
		     "coalesce((SELECT saved_utc_s FROM notice ORDER BY id DESC LIMIT 1), 0),"
		     "coalesce((SELECT saved_utc_s FROM attempt ORDER BY id DESC LIMIT 1), 0),"
		     "coalesce((SELECT utc_s FROM inbound ORDER BY id DESC LIMIT 1), 0),"
		     "coalesce((SELECT utc_s FROM answered ORDER BY id DESC LIMIT 1), 0))",

	/* The newest row always stays: its id says which ids were given. */
	[SQL_PRUNE_EVENTS] = "DELETE FROM event WHERE id IN (SELECT old.id FROM"
			     " (SELECT id, utc_s, page FROM event ORDER BY id LIMIT 400) AS old"
			     " WHERE old.utc_s < ?1 AND NOT EXISTS"
			     " (SELECT 1 FROM page WHERE page.id = old.page AND"
			     " (page.state <> 3 OR page.resolved_utc_s >= ?1)))"
			     " AND id < (SELECT max(id) FROM event)",
	[SQL_PRUNE_ATTEMPTS] =
		"DELETE FROM attempt WHERE id IN (SELECT old.id FROM"
		" (SELECT id, state, saved_utc_s, page FROM attempt ORDER BY id LIMIT 400) AS old"
		" WHERE old.saved_utc_s < ?1 AND old.state BETWEEN 3 AND 8 AND NOT EXISTS"
		" (SELECT 1 FROM page WHERE page.id = old.page AND"
		" (page.state <> 3 OR page.resolved_utc_s >= ?1)))"
		" AND id < (SELECT max(id) FROM attempt)",
	[SQL_PRUNE_INBOUND] = "DELETE FROM inbound WHERE id IN (SELECT old.id FROM"
			      " (SELECT id, utc_s FROM inbound ORDER BY id LIMIT 400) AS old"
			      " WHERE old.utc_s < ?1) AND id < (SELECT max(id) FROM inbound)",
	[SQL_PRUNE_RADIO] = "DELETE FROM radio WHERE hour < ?1 / 3600",
	[SQL_PRUNE_ANSWERED] = "DELETE FROM answered WHERE id IN (SELECT old.id FROM"
			       " (SELECT id, utc_s FROM answered ORDER BY id LIMIT 4000) AS old"
			       " WHERE old.utc_s < ?1)",
	[SQL_PRUNE_ROUTES] = "DELETE FROM route WHERE used_utc_s < ?1",
	[SQL_VACUUM] = "PRAGMA incremental_vacuum(64)",
};
