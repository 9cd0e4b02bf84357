#include "store/schema.h"

#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/* States and kinds are the numbers of the enums in core/rows.h, dialplan/page.h and dialplan/contact.h: new ones are only
 * ever appended there.  Instants on the monotonic clock (…_due) are NULL for "never" and mean something
 * only together with the row's saved_mono_ms and boot. */
static const char *const version_1[] = {
	"CREATE TABLE page(id INTEGER PRIMARY KEY, saved_mono_ms INTEGER NOT NULL,"
	" saved_utc_s INTEGER NOT NULL, boot TEXT NOT NULL, code TEXT NOT NULL, state INTEGER NOT "
	"NULL,"
	" severity TEXT NOT NULL, target TEXT NOT NULL, money INTEGER NOT NULL, drill INTEGER NOT "
	"NULL,"
	" incident INTEGER NOT NULL, message TEXT, service TEXT, alert TEXT, host TEXT, runbook "
	"TEXT,"
	" dashboard TEXT, channel TEXT, key TEXT, chain TEXT, requester TEXT NOT NULL,"
	" opened_utc_s INTEGER NOT NULL, acked_utc_s INTEGER NOT NULL, resolved_utc_s INTEGER NOT "
	"NULL,"
	" cycle INTEGER NOT NULL, owner TEXT NOT NULL, engaged INTEGER NOT NULL,"
	" warned INTEGER NOT NULL, lease_due INTEGER, remind_due INTEGER) STRICT",
	"CREATE INDEX page_live ON page(id) WHERE state <> 3",
	"CREATE INDEX page_resolved ON page(resolved_utc_s) WHERE state = 3",
	"CREATE INDEX page_code ON page(code)",
	"CREATE TABLE track(page INTEGER NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" step INTEGER NOT NULL, round INTEGER NOT NULL, took INTEGER NOT NULL,"
	" waiting INTEGER NOT NULL, due INTEGER, acked_by TEXT NOT NULL,"
	" PRIMARY KEY(page, place)) STRICT, WITHOUT ROWID",
	"CREATE TABLE member(page INTEGER NOT NULL, place INTEGER NOT NULL, person TEXT NOT NULL,"
	" track INTEGER NOT NULL, step INTEGER NOT NULL, cycle INTEGER NOT NULL,"
	" state INTEGER NOT NULL, PRIMARY KEY(page, place)) STRICT, WITHOUT ROWID",
	"CREATE TABLE notice(id INTEGER PRIMARY KEY, saved_mono_ms INTEGER NOT NULL,"
	" saved_utc_s INTEGER NOT NULL, boot TEXT NOT NULL, person TEXT NOT NULL, code TEXT NOT "
	"NULL,"
	" rank INTEGER NOT NULL, owns INTEGER NOT NULL, told INTEGER NOT NULL, state INTEGER NOT "
	"NULL,"
	" gather_due INTEGER, sms INTEGER NOT NULL, sms_number INTEGER NOT NULL,"
	" sms_tries INTEGER NOT NULL, sms_due INTEGER, sms_path TEXT NOT NULL, ring INTEGER NOT "
	"NULL,"
	" ring_number INTEGER NOT NULL, rings INTEGER NOT NULL, ring_due INTEGER, first_ring "
	"INTEGER,"
	" ring_path TEXT NOT NULL, failed_path TEXT NOT NULL, closed_utc_s INTEGER) STRICT",
	"CREATE INDEX notice_live ON notice(id) WHERE state <> 3",
	"CREATE INDEX notice_closed ON notice(closed_utc_s) WHERE state = 3",
	"CREATE TABLE notice_page(notice INTEGER NOT NULL, place INTEGER NOT NULL, page INTEGER "
	"NOT NULL,"
	" PRIMARY KEY(notice, place)) STRICT, WITHOUT ROWID",
	"CREATE TABLE attempt(id INTEGER PRIMARY KEY, saved_mono_ms INTEGER NOT NULL,"
	" saved_utc_s INTEGER NOT NULL, boot TEXT NOT NULL, kind INTEGER NOT NULL,"
	" state INTEGER NOT NULL, notice INTEGER NOT NULL, page INTEGER NOT NULL, person TEXT NOT "
	"NULL,"
	" number TEXT NOT NULL, modem TEXT NOT NULL, text TEXT, rank INTEGER NOT NULL,"
	" tries INTEGER NOT NULL, due INTEGER, queued_utc_s INTEGER NOT NULL,"
	" began_utc_s INTEGER NOT NULL, ended_utc_s INTEGER NOT NULL, mr TEXT NOT NULL,"
	" call_end INTEGER NOT NULL, cause INTEGER NOT NULL, talked_s INTEGER NOT NULL) STRICT",
	"CREATE INDEX attempt_open ON attempt(id) WHERE state < 3 OR state > 8",
	"CREATE INDEX attempt_accepted ON attempt(saved_utc_s) WHERE state = 3",
	"CREATE TABLE inbound(id INTEGER PRIMARY KEY, utc_s INTEGER NOT NULL, modem TEXT NOT NULL,"
	" number TEXT NOT NULL, person TEXT NOT NULL, text TEXT, hex TEXT NOT NULL,"
	" whole INTEGER NOT NULL, action TEXT NOT NULL) STRICT",
	"CREATE INDEX inbound_part ON inbound(id) WHERE whole = 0",
	"CREATE TABLE event(id INTEGER PRIMARY KEY, utc_s INTEGER NOT NULL, page INTEGER NOT NULL,"
	" name TEXT NOT NULL, person TEXT NOT NULL, modem TEXT NOT NULL, text TEXT) STRICT",
	"CREATE INDEX event_page ON event(page, id) WHERE page <> 0",
	"CREATE TABLE answered(id INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE,"
	" page INTEGER NOT NULL, utc_s INTEGER NOT NULL) STRICT",
	"CREATE TABLE spent(modem TEXT PRIMARY KEY, day INTEGER NOT NULL, sms INTEGER NOT NULL,"
	" calls INTEGER NOT NULL, call_seconds INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	NULL,
};

/* What is wrong, by the ids of core/fault_table.c. */
static const char *const version_2[] = {
	"CREATE TABLE fault(kind TEXT NOT NULL, modem TEXT NOT NULL, evidence TEXT NOT NULL,"
	" stands INTEGER NOT NULL, since_utc_s INTEGER NOT NULL, ended_utc_s INTEGER NOT NULL,"
	" told_utc_s INTEGER NOT NULL, came INTEGER NOT NULL, page INTEGER NOT NULL,"
	" PRIMARY KEY(kind, modem)) STRICT, WITHOUT ROWID",
	NULL,
};

/* Pages sleep, have roles, and somebody waits for their progress. */
static const char *const version_3[] = {
	"ALTER TABLE page ADD COLUMN progress_due INTEGER",
	"ALTER TABLE page ADD COLUMN wake_due INTEGER",
	"ALTER TABLE page ADD COLUMN roles TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* What is known of SIM cards: by ICCID, or "modem NAME". */
static const char *const version_4[] = {
	"CREATE TABLE card(key TEXT PRIMARY KEY, modem TEXT NOT NULL, smsc TEXT NOT NULL,"
	" pin INTEGER NOT NULL, pin_print INTEGER NOT NULL, pin_tries INTEGER NOT NULL,"
	" balance INTEGER NOT NULL, balance_utc_s INTEGER NOT NULL, asked_utc_s INTEGER NOT NULL,"
	" expiry_told INTEGER NOT NULL, seen_utc_s INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	NULL,
};

/* Who changed the rota by hand, and the shifts of imported calendars as they were last read: lines of "from until person". */
static const char *const version_5[] = {
	"CREATE TABLE rota(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, rotation TEXT NOT NULL,"
	" slot TEXT NOT NULL, person TEXT NOT NULL, cover TEXT NOT NULL, from_utc_s INTEGER NOT "
	"NULL,"
	" until_utc_s INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,"
	" made_utc_s INTEGER NOT NULL, ended_utc_s INTEGER NOT NULL) STRICT",
	"CREATE INDEX rota_live ON rota(until_utc_s) WHERE ended_utc_s = 0",
	"CREATE TABLE calendar(rotation TEXT PRIMARY KEY, read_utc_s INTEGER NOT NULL,"
	" spans TEXT NOT NULL) STRICT, WITHOUT ROWID",
	NULL,
};

/* News on its way to webhooks. */
static const char *const version_6[] = {
	"CREATE TABLE post(id INTEGER PRIMARY KEY, saved_mono_ms INTEGER NOT NULL,"
	" saved_utc_s INTEGER NOT NULL, boot TEXT NOT NULL, hook TEXT NOT NULL, kind TEXT NOT NULL,"
	" page INTEGER NOT NULL, body TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER,"
	" made_utc_s INTEGER NOT NULL) STRICT",
	NULL,
};

/* Small records (core/memo.c). */
static const char *const version_7[] = {
	"CREATE TABLE memo(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL) STRICT",
	NULL,
};

/* The last success of each function of a path and its proofs; how each route did. */
static const char *const version_8[] = {
	"CREATE TABLE health(modem TEXT PRIMARY KEY, sms_out_utc_s INTEGER NOT NULL,"
	" report_utc_s INTEGER NOT NULL, sms_in_utc_s INTEGER NOT NULL,"
	" call_out_utc_s INTEGER NOT NULL, call_in_utc_s INTEGER NOT NULL,"
	" key_utc_s INTEGER NOT NULL, proved_utc_s INTEGER NOT NULL, latency_ms INTEGER NOT NULL,"
	" sent INTEGER NOT NULL, lost INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	"CREATE TABLE route(modem TEXT NOT NULL, plmn TEXT NOT NULL, number TEXT NOT NULL,"
	" used_utc_s INTEGER NOT NULL, sms_good_utc_s INTEGER NOT NULL,"
	" sms_bad_utc_s INTEGER NOT NULL, sms_bad INTEGER NOT NULL,"
	" call_good_utc_s INTEGER NOT NULL, call_bad_utc_s INTEGER NOT NULL,"
	" call_bad INTEGER NOT NULL, PRIMARY KEY(modem, plmn, number)) STRICT, WITHOUT ROWID",
	"CREATE INDEX route_used ON route(used_utc_s)",
	NULL,
};

/* Signal in dBm and temperature in degrees, hour by hour since 1970. */
static const char *const version_9[] = {
	"CREATE TABLE radio(hour INTEGER NOT NULL, modem TEXT NOT NULL, signals INTEGER NOT NULL,"
	" signal_sum INTEGER NOT NULL, signal_min INTEGER NOT NULL, signal_max INTEGER NOT NULL,"
	" heats INTEGER NOT NULL, heat_sum INTEGER NOT NULL, heat_min INTEGER NOT NULL,"
	" heat_max INTEGER NOT NULL, PRIMARY KEY(hour, modem)) STRICT, WITHOUT ROWID",
	NULL,
};

/* Pages are handed over by name. */
static const char *const version_10[] = {
	"ALTER TABLE page ADD COLUMN assignee TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* steps[n] leads from version n to n + 1. */
static const char *const *const steps[SCHEMA_VERSION] = {
	[0] = version_1, [1] = version_2, [2] = version_3, [3] = version_4, [4] = version_5,
	[5] = version_6, [6] = version_7, [7] = version_8, [8] = version_9, [9] = version_10,
};

static int number(sqlite3 *db, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		*value = sqlite3_column_int64(stmt, 0);
	else
		rc = db_error(db, err, "%s", sql);
	sqlite3_finalize(stmt);
	return rc;
}

int schema_check(sqlite3 *db, struct err *err)
{
	int64_t application = 0;
	int64_t version = 0;
	int64_t tables = 0;

	if (number(db, "PRAGMA application_id", &application, err) != 0 ||
	    number(db, "PRAGMA user_version", &version, err) != 0 ||
	    number(db, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
		return -1;
	if (application != SCHEMA_APPLICATION && (version != 0 || tables != 0))
		return err_set(err, ERR_INVALID,
			       "the database of another program, want one of ours");
	if (version < 0 || version > SCHEMA_VERSION)
		return err_set(err, ERR_INVALID,
			       "schema version %lld, but this program knows up to %d: it was "
			       "written by a newer one",
			       (long long)version, SCHEMA_VERSION);
	return 0;
}

static int upgrade_step(sqlite3 *db, int version, struct err *err)
{
	char last[96];
	int rc;

	snprintf(last, sizeof(last), "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
		 SCHEMA_APPLICATION, version + 1);
	rc = sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
	for (const char *const *sql = steps[version]; rc == SQLITE_OK && *sql != NULL; sql++)
		rc = sqlite3_exec(db, *sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, last, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return 0;
	db_error(db, err, "upgrading to schema version %d", version + 1);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int schema_upgrade(sqlite3 *db, struct err *err)
{
	int64_t version = 0;

	if (number(db, "PRAGMA user_version", &version, err) != 0)
		return -1;
	for (; version < SCHEMA_VERSION; version++)
		if (upgrade_step(db, (int)version, err) != 0)
			return -1;
	return 0;
}
