#include <stdarg.h>
#include <stdlib.h>

#include "tests/host/kill_story.h"
#include "tests/support/soak_life.h"

#define AGAIN_MS 240000 /* the same text to the same phone within this time is a duplicate */

struct life soak_life;

void soak_broken(const char *fmt, ...)
{
	char what[200];
	va_list ap;

	if (soak_life.why[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(soak_life.why, SOAK_WHY, "seed %llu at %lld ms: %s",
		 (unsigned long long)soak_life.seed, (long long)soak_life.world.now.mono_ms, what);
}

void soak_tell(const char *what)
{
	int64_t s = soak_life.world.now.mono_ms / 1000;

	if (soak_life.tell)
		printf("%3d:%02d.%03d  %s\n", (int)(s / 60), (int)(s % 60),
		       (int)(soak_life.world.now.mono_ms % 1000), what);
}

/* ---- what is seen ---- */

static bool ours(const char *number)
{
	return strcmp(number, "+15550009001") == 0 || strcmp(number, "+15550009002") == 0;
}

static bool known(const char *number)
{
	return strncmp(number, "+1555010000", 11) == 0 && number[11] >= '1' && number[11] <= '4' &&
	       number[12] == '\0';
}

static void one_call(const struct sim_event *event)
{
	char *live = soak_life.live[event->phone[11] - '1'];

	if (event->kind == SIM_DIALLED && !soak_life.cut && live[0] != '\0')
		soak_broken("%s is called twice at once", event->phone);
	else if (event->kind == SIM_RINGS || event->kind == SIM_ANSWERED)
		span_copy(span_of(event->phone), live, sizeof soak_life.live[0]);
	else if (event->kind == SIM_HUNG_UP)
		live[0] = '\0';
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

/* A page's text that this phone got before: what a send in doubt costs. */
static void count_duplicate(const struct sim_event *event)
{
	struct recent new = { .hash = hash_of(event->text), .at_ms = event->mono_ms };

	if (strstr(event->text, "eply ACK ") == NULL)
		return;
	span_copy(span_of(event->phone), new.phone, sizeof new.phone);
	for (size_t i = 0; i < soak_life.recent_count && i < RECENT; i++) {
		const struct recent *old = &soak_life.recent[i];

		if (old->hash == new.hash && strcmp(old->phone, new.phone) == 0 &&
		    new.at_ms - old->at_ms < AGAIN_MS) {
			soak_life.duplicates++;
			soak_tell("^ a duplicate");
			break;
		}
	}
	soak_life.recent[soak_life.recent_count++ % RECENT] = new;
}

static void reach(const struct sim_event *event)
{
	for (size_t i = 0; i < soak_life.page_count; i++) {
		struct asked *page = &soak_life.pages[i];
		int64_t wait = event->mono_ms - page->at_ms;

		if (page->reached || strstr(event->text, page->word) == NULL)
			continue;
		page->reached = true;
		if (wait <= soak_life.sum->worst_ms)
			continue;
		soak_life.sum->worst_ms = wait;
		soak_life.sum->worst_seed = soak_life.seed;
	}
}

static void count_reply(const struct sim_event *event)
{
	const char *mark = strstr(event->text, "mark ");
	int n = mark == NULL ? -1 : atoi(mark + 5);

	if (n >= 0 && n < REPLIES_MAX)
		soak_life.replied[n] = true;
}

static void see(const struct sim_event *event)
{
	char text[300];

	if (soak_life.tell) {
		sim_event_text(event,
			       event->modem < 0
				       ? NULL
				       : sim_modem_name(soak_life.world.sim, (size_t)event->modem),
			       text, sizeof text);
		soak_tell(text);
	}
	soak_life.sum->calls += event->kind == SIM_DIALLED;
	if ((event->kind == SIM_DIALLED || event->kind == SIM_SUBMITTED) && !known(event->phone) &&
	    !ours(event->phone))
		soak_broken("%s is reached, a stranger", event->phone);
	if (known(event->phone))
		one_call(event);
	if (event->kind == SIM_TEXTED && known(event->phone)) {
		soak_life.sum->texts++;
		count_duplicate(event);
	}
	if (event->kind == SIM_TEXTED || event->kind == SIM_HEARD)
		reach(event);
	else if (event->kind == SIM_REPLIED)
		count_reply(event);
}

void soak_look(void)
{
	for (size_t i = 0; i < soak_life.world.sighting_count; i++)
		see(&soak_life.world.sightings[i].event);
	soak_life.world.sighting_count = 0;
}

/* ---- what must hold in the end ---- */

/* Pages that nobody took since `utc_s`. */
int64_t soak_untaken(int64_t utc_s)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM page WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM event "
		 "WHERE event.page = page.id AND name = 'page.acked' AND utc_s >= %lld)",
		 (long long)utc_s);
	return story_ask(soak_life.world.path, sql, NULL, 0);
}

void soak_check_replies(void)
{
	for (int i = 0; i < soak_life.reply_count; i++) {
		char sql[120];

		if (!soak_life.replied[i])
			continue; /* her phone was off */
		soak_life.sum->replies++;
		snprintf(sql, sizeof sql,
			 "SELECT count(*) FROM inbound WHERE text LIKE '%%mark %d'", i);
		if (story_ask(soak_life.world.path, sql, NULL, 0) >= 1)
			continue;
		soak_life.sum->lost++;
		soak_broken("the text with mark %d is lost", i);
	}
}

void soak_check_duplicates(void)
{
	soak_life.sum->duplicates += soak_life.duplicates;
	if (soak_life.duplicates > soak_life.allowed)
		soak_broken("%zu duplicates of page texts, but faults for %zu",
			    soak_life.duplicates, soak_life.allowed);
	if (soak_life.duplicates > soak_life.sum->worst_duplicates) {
		soak_life.sum->worst_duplicates = soak_life.duplicates;
		soak_life.sum->worst_faults = soak_life.allowed;
	}
}

/* What the gateway had to say of it, for whoever looks into a failure. */
void soak_tell_history(void)
{
	static const char sql[] =
		"SELECT utc_s AS at, '  ' || time(utc_s, 'unixepoch') || ' ' || name || ' ' || "
		"person"
		" || ' ' || modem || ' ' || coalesce(text, '') FROM event UNION ALL"
		" SELECT utc_s AS at, '  ' || time(utc_s, 'unixepoch') || ' inbound ' || modem || "
		"' ' ||"
		" number || ' ' || action || ': ' || replace(coalesce(text, ''), char(10), ' ') || "
		"' ' ||"
		" hex FROM inbound ORDER BY at";
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_open_v2(soak_life.world.path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK)
		while (sqlite3_step(stmt) == SQLITE_ROW)
			printf("%s\n", (const char *)sqlite3_column_text(stmt, 1));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}
