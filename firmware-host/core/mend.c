/* What is done about a modem that is sick or gone. */
#include "core/inside.h"

#include <string.h>

#define MEMO      "repairs"
#define DAY_MS    86400000
#define ALIVE_MS  60000  /* a modem that said anything within is half alive */
#define PAUSE_MS  600000 /* between two rough repairs of a kind, doubled each time */
#define LOUD_MS   10000  /* a restart this soon after it began to transmit goes with that */
#define DROPS     3
#define STRAYS    3 /* within STRAYS_MS */
#define STRAYS_MS 600000
#define CALM_MS   DAY_MS /* so long without another: these faults are over */

static const struct {
	const char *name;
	int a_day;
	bool rough;         /* outside the modem: never for the only path while it is half alive */
	int64_t expects_ms; /* its port may be gone that long */
} kinds[DEVICE_REPAIRS] = {
	[DEVICE_REPAIR_NONE] = { "", 0, false, 0 },
	[DEVICE_REPAIR_REOPEN] = { "opening its port again", 500, false, 5000 },
	[DEVICE_REPAIR_RADIO] = { "switching its radio off and on", 48, false, 0 },
	[DEVICE_REPAIR_RESTART] = { "restarting it", 24, false, 60000 },
	[DEVICE_REPAIR_USB] = { "resetting its USB port", 6, true, 30000 },
	[DEVICE_REPAIR_DETACH] = { "taking it off the bus and on again", 3, true, 60000 },
	[DEVICE_REPAIR_POWER] = { "cutting its power", 3, true, 90000 },
	[DEVICE_REPAIR_EXCHANGE] = { "trying another port", 500, false, 5000 },
	[DEVICE_REPAIR_SIBLING] = { "trying another of its ports", 24, false, 5000 },
};

static void record(struct gateway *g, const struct path *path, const char *name, const char *text,
		   struct when now)
{
	ledger_record(g, now, name, (struct about){ .modem = path->modem.name }, text);
}

/* ---- leave ---- */

static bool only_path(const struct gateway *g, const struct path *path)
{
	for (size_t i = 0; i < g->path_count; i++)
		if (&g->paths[i] != path && fleet_up(&g->paths[i]))
			return false;
	return true;
}

static void new_day(struct mend *mend, struct when now)
{
	if (now.mono_ms - mend->day_ms < DAY_MS)
		return;
	mend->day_ms = now.mono_ms;
	memset(mend->used, 0, sizeof mend->used);
	mend->told = 0;
}

/* ---- the day's rough repairs outlive a restart: a crash must not give a dead modem its caps back ---- */

static const struct {
	const char *key;
	enum device_repair repair;
} kept[] = {
	{ "usb", DEVICE_REPAIR_USB },
	{ "detach", DEVICE_REPAIR_DETACH },
	{ "power", DEVICE_REPAIR_POWER },
};

static struct memo *memo_of(struct gateway *g, const struct path *path)
{
	struct memo *memo = memos_next(g, MEMO, NULL);

	while (memo != NULL && !span_is(memo_get(memo, "modem"), path->modem.name))
		memo = memos_next(g, MEMO, memo);
	return memo;
}

/* Without memory for it the counts end with this run. */
static void remember(struct gateway *g, const struct path *path, struct when now)
{
	const struct mend *mend = &path->mend;
	struct memo *memo = memo_of(g, path);

	if (memo == NULL)
		memo = memos_add(g, MEMO);
	if (memo == NULL)
		return;
	memo_set(memo, "modem", path->modem.name);
	memo_set_int(memo, "since", now.utc_s - (now.mono_ms - mend->day_ms) / 1000);
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		memo_set_int(memo, kept[i].key, mend->used[kept[i].repair]);
	memos_changed(g, memo);
}

static void recall(struct gateway *g, struct path *path, struct when now)
{
	struct mend *mend = &path->mend;
	const struct memo *memo = mend->recalled ? NULL : memo_of(g, path);
	int64_t age_s = memo == NULL ? -1 : now.utc_s - memo_int(memo, "since");

	if (!mend->recalled)
		mend->day_ms = now.mono_ms;
	mend->recalled = true;
	if (age_s < 0 || age_s >= DAY_MS / 1000)
		return;
	mend->day_ms = now.mono_ms - age_s * 1000;
	for (size_t i = 0; i < COUNT_OF(kept); i++) {
		int64_t used = memo_int(memo, kept[i].key);

		if (used > 0 && used <= kinds[kept[i].repair].a_day)
			mend->used[kept[i].repair] = (int)used;
	}
}

/* Why it is not allowed now; NULL: it is. */
static const char *against(const struct gateway *g, const struct path *path,
			   enum device_repair repair, struct when now)
{
	const struct mend *mend = &path->mend;

	if ((path->modem.repairs & 1U << repair) == 0)
		return "the configuration does not allow it";
	if (mend->used[repair] >= kinds[repair].a_day)
		return "it was done as often as a day allows";
	if (mend->next_ms[repair] > now.mono_ms)
		return "it was done a short time ago";
	if (kinds[repair].rough && path->open && now.mono_ms - mend->heard_ms < ALIVE_MS &&
	    only_path(g, path))
		return "it is the only path and still half alive";
	return NULL;
}

/* Once a day and kind, unless the configuration is the reason: that is known. */
static void hold(struct gateway *g, struct path *path, enum device_repair repair, const char *why,
		 struct when now)
{
	struct buf text = { 0 };

	if ((path->mend.told & 1U << repair) != 0 || (path->modem.repairs & 1U << repair) == 0)
		return;
	path->mend.told |= 1U << repair;
	buf_addf(&text, "not %s: %s", kinds[repair].name, why);
	record(g, path, "repair.held", buf_text(&text), now);
	buf_free(&text);
}

static void ended(struct gateway *g, struct path *path, bool helped, struct when now)
{
	enum device_repair done = path->mend.doing;

	path->mend.doing = DEVICE_REPAIR_NONE;
	if (done != DEVICE_REPAIR_NONE)
		record(g, path, helped ? "repair.helped" : "repair.failed", kinds[done].name, now);
}

static void begin(struct path *path, enum device_repair repair, struct when now)
{
	struct mend *mend = &path->mend;
	int64_t pause = kinds[repair].rough ? (int64_t)PAUSE_MS << mend->used[repair] : 0;

	mend->used[repair]++;
	mend->next_ms[repair] = now.mono_ms + pause;
	mend->doing = repair;
	if (mend->expected_ms < now.mono_ms + kinds[repair].expects_ms)
		mend->expected_ms = now.mono_ms + kinds[repair].expects_ms;
	if (repair == DEVICE_REPAIR_RADIO || repair == DEVICE_REPAIR_RESTART)
		device_repaired(path->device, repair, true, now);
	else
		mend->wish = repair;
}

void mend_ask(struct gateway *g, struct path *path, const struct device_event *event,
	      struct when now)
{
	const char *why;

	recall(g, path, now);
	new_day(&path->mend, now);
	ended(g, path, false, now);
	why = against(g, path, event->repair, now);
	if (event->repair == DEVICE_REPAIR_SIBLING &&
	    (path->sending != 0 || path->call.attempt != 0))
		why = "it is at work";
	if (why == NULL) {
		begin(path, event->repair, now);
		if (kinds[event->repair].rough)
			remember(g, path, now);
		return;
	}
	hold(g, path, event->repair, why, now);
	device_repaired(path->device, event->repair, false, now);
}

bool gateway_take_repair(struct gateway *g, size_t modem, enum device_repair *repair)
{
	struct mend *mend = &g->paths[modem].mend;

	*repair = mend->wish;
	mend->wish = DEVICE_REPAIR_NONE;
	return *repair != DEVICE_REPAIR_NONE;
}

void gateway_repaired(struct gateway *g, size_t modem, enum device_repair repair, bool done,
		      const char *text, struct when now)
{
	struct path *path = &g->paths[modem];
	struct buf what = { 0 };

	g->turn = now;
	if (!done && path->mend.doing == repair) {
		path->mend.doing = DEVICE_REPAIR_NONE;
		buf_addf(&what, "%s: %s", kinds[repair].name, text);
		record(g, path, "repair.failed", buf_text(&what), now);
		buf_free(&what);
	}
	device_repaired(path->device, repair, done, now);
	gateway_tick(g, now);
}

static const enum fault_id sights[GATEWAY_SIGHTS] = {
	[GATEWAY_STORAGE] = FAULT_PATH_STORAGE, [GATEWAY_NETCARD] = FAULT_PATH_NETCARD,
	[GATEWAY_BUSY] = FAULT_PORT_BUSY,       [GATEWAY_CONTESTED] = FAULT_PORT_CONTESTED,
	[GATEWAY_SLEEPS] = FAULT_USB_SLEEPS,
};

void gateway_observe(struct gateway *g, size_t modem, enum gateway_sight sight, const char *text,
		     struct when now)
{
	struct fault_facts facts = { 0 };

	g->turn = now;
	if (text == NULL) {
		faults_clear(g, sights[sight], g->paths[modem].modem.name, now);
		return;
	}
	fault_fact(&facts, "why", "%s", text);
	faults_raise(g, sights[sight], g->paths[modem].modem.name, &facts, now);
}

const struct device_status *gateway_modem(const struct gateway *g, size_t modem)
{
	return device_status(g->paths[modem].device);
}

/* ---- what failures have in common ---- */

/* It restarted, or its port went, and nothing here made it. */
static void dropped(struct gateway *g, struct path *path, struct when now)
{
	struct mend *mend = &path->mend;
	int64_t loud_ms = device_status(path->device)->loud_ms;
	struct fault_facts facts = { 0 };

	if (now.mono_ms - mend->drop_ms > DAY_MS)
		mend->drops = 0;
	mend->drop_ms = now.mono_ms;
	if (loud_ms == 0 || now.mono_ms - loud_ms > LOUD_MS) {
		mend->drops = 0;
		return;
	}
	if (++mend->drops < DROPS)
		return;
	fault_fact(&facts, "count", "%d", mend->drops);
	faults_raise(g, FAULT_POWER_SUSPECTED, path->modem.name, &facts, now);
}

static void watch_boots(struct gateway *g, struct path *path, struct when now)
{
	int64_t boots = device_status(path->device)->boots;

	if (boots == path->mend.boots)
		return;
	path->mend.boots = boots;
	if (now.mono_ms > path->mend.expected_ms)
		dropped(g, path, now);
}

static void watch_strays(struct gateway *g, struct path *path, struct when now)
{
	struct mend *mend = &path->mend;
	int64_t strays = device_status(path->device)->strays;
	struct fault_facts facts = { 0 };

	if (strays == mend->seen_strays)
		return;
	mend->seen_strays = strays;
	if (now.mono_ms - mend->strays_since_ms > STRAYS_MS) {
		mend->strays_since_ms = now.mono_ms;
		mend->strays = strays - 1;
	}
	if (strays - mend->strays < STRAYS)
		return;
	fault_fact(&facts, "count", "%lld", (long long)(strays - mend->strays));
	faults_raise(g, FAULT_PORT_FOREIGN, path->modem.name, &facts, now);
}

static void watch_calm(struct gateway *g, struct path *path, struct when now)
{
	const struct mend *mend = &path->mend;

	if (now.mono_ms - mend->drop_ms > CALM_MS)
		faults_clear(g, FAULT_POWER_SUSPECTED, path->modem.name, now);
	if (now.mono_ms - mend->strays_since_ms > CALM_MS)
		faults_clear(g, FAULT_PORT_FOREIGN, path->modem.name, now);
}

static void watch_recovery(struct gateway *g, struct path *path, struct when now)
{
	enum device_state state = device_status(path->device)->state;

	if (state == DEVICE_READY || state == DEVICE_REGISTERING)
		ended(g, path, true, now);
}

/* ---- a port that is gone ---- */

const char *mend_closed_name(const struct path *path, struct when now)
{
	return now.mono_ms <= path->mend.expected_ms ? "modem.restarting" : "modem.closed";
}

void gateway_port_why(struct gateway *g, size_t modem, const char *why)
{
	struct mend *mend = &g->paths[modem].mend;

	span_copy(span_of(why), mend->why, sizeof mend->why);
}

const char *mend_why(const struct path *path)
{
	return !path->open && path->mend.why[0] != '\0' ? path->mend.why
							: device_status(path->device)->why;
}

void mend_port(struct gateway *g, struct path *path, bool open, struct when now)
{
	struct mend *mend = &path->mend;

	if (!open) {
		if (now.mono_ms > mend->expected_ms)
			dropped(g, path, now);
		mend->gone_ms = now.mono_ms;
		mend->power_ms = WHEN_NEVER;
		return;
	}
	mend->gone_ms = WHEN_NEVER;
	mend->why[0] = '\0';
	mend->heard_ms = now.mono_ms;
	if (mend->absent)
		record(g, path, "modem.returned", NULL, now);
	mend->absent = false;
	for (size_t i = 0; i <= GATEWAY_BUSY; i++)
		faults_clear(g, sights[i], path->modem.name, now);
}

static int64_t absent_due(const struct mend *mend)
{
	int64_t since = mend->gone_ms > mend->expected_ms ? mend->gone_ms : mend->expected_ms;

	return mend->gone_ms == WHEN_NEVER ? WHEN_NEVER : since + MEND_ABSENT_MS;
}

static void watch_absence(struct gateway *g, struct path *path, struct when now)
{
	struct mend *mend = &path->mend;

	if (mend->gone_ms == 0) /* it was never there: counted from the gateway's start */
		mend->gone_ms = now.mono_ms > 0 ? now.mono_ms : 1;
	if (mend->gone_ms == WHEN_NEVER)
		return;
	if (!mend->absent && absent_due(mend) <= now.mono_ms) {
		mend->absent = true;
		mend->power_ms = mend->gone_ms + MEND_POWER_MS;
		record(g, path, "modem.absent", "it has had no port for a minute", now);
	}
	if (!mend->absent || mend->power_ms > now.mono_ms)
		return;
	mend->power_ms = now.mono_ms + PAUSE_MS;
	if ((path->modem.repairs & 1U << DEVICE_REPAIR_POWER) != 0)
		mend_ask(g, path, &(struct device_event){ .repair = DEVICE_REPAIR_POWER }, now);
}

void mend_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		watch_boots(g, path, now);
		watch_strays(g, path, now);
		watch_calm(g, path, now);
		watch_recovery(g, path, now);
		watch_absence(g, path, now);
	}
}

int64_t mend_deadline(const struct path *path)
{
	const struct mend *mend = &path->mend;
	bool powered = (path->modem.repairs & 1U << DEVICE_REPAIR_POWER) != 0;

	if (mend->gone_ms == WHEN_NEVER || mend->gone_ms == 0)
		return WHEN_NEVER;
	if (!mend->absent)
		return absent_due(mend);
	return powered ? mend->power_ms : WHEN_NEVER;
}
