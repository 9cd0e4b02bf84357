/* gateway.h - the whole pager as one object without a single descriptor (DESIGN.md 2).
 *
 * The shell (daemon or scenario runner) feeds it bytes per modem, requests and the time; at the end of each turn it takes a numbered
 * batch to store, bytes to write, answers to give, and the next deadline.  What leaves the house because of batch n
 * (texts, calls, answers, deletions on the modem) is released by gateway_committed(n), never before.
 */
#ifndef CORE_GATEWAY_H
#define CORE_GATEWAY_H

#include "base/buf.h"
#include "core/rows.h"
#include "dialplan/plan.h"
#include "modem/device.h"

#define GATEWAY_MODEMS_MAX 16

struct gateway;

struct gateway_modem {
	char name[ROW_MODEM];
	char number[PLAN_E164]; /* its SIM's own number; "" unknown */
	char pin[16];
	char carrier[24];      /* as in plan_number; "" unknown */
	char imei[20];         /* it must be this modem; "" any */
	char iccid[24];        /* … with this SIM card; "" any */
	unsigned repairs;      /* bit n: enum device_repair n may be used; DEVICE_REPAIRS_USUAL */
	int64_t expires_utc_s; /* the day its contract ends; 0 never */
	char balance_ussd[24]; /* asks what it holds; "" never */
	int64_t balance_below; /* in whole units of its currency: told; 0 no */
	int64_t balance_every_s;
	bool sms; /* roles */
	bool voice;
};

struct gateway_budget { /* a SIM and UTC day; alarm at half, hard stop at five times */
	int64_t sms;
	int64_t calls;
	int64_t call_minutes;
};

struct gateway_config {
	struct plan *plan;                  /* taken over, also on failure */
	const struct gateway_modem *modems; /* copied */
	size_t modem_count;
	struct gateway_budget budget;
	uint64_t seed; /* of codes and challenges */
};

int gateway_new(struct gateway **out, const struct gateway_config *config, struct err *err);
void gateway_free(struct gateway *gateway);

/* Takes the rows out of the snapshot; once, before the first turn.  0 or -1 (memory). */
int gateway_restore(struct gateway *gateway, struct snapshot *snapshot, struct when now,
		    struct err *err);

/* Does anybody vouch for the wall clock?  From the start it counts as trusted; while it is not, whatever a rotation decides
 * reaches the catch-all too, and the timeline says why (DESIGN.md 6). */
void gateway_clock(struct gateway *gateway, bool trusted, struct when now);

/* Is there a page of this id ("p17") or code?  Those that ended over an hour ago are the store's alone. */
bool gateway_has_page(struct gateway *gateway, struct span id_or_code);

/* Swaps the plan (taken over).  Open pages keep their snapshot. */
void gateway_reload(struct gateway *gateway, struct plan *plan, struct when now);

/* What was changed by hand and is in force or to come; the gateway's. */
const struct rota *gateway_rota(const struct gateway *gateway);

/* A rotation whose shifts come from a calendar: the index-th; false: there is none more. */
struct gateway_calendar_source {
	char rotation[PLAN_NAME];
	char place[256]; /* a path or a URL */
	char zone[ZONE_NAME];
};
bool gateway_calendar_source(const struct gateway *gateway, size_t index,
			     struct gateway_calendar_source *source);

/* It was read: lines as tocsin-ics gives them.  Kept, and stored; the ones before are replaced. */
void gateway_calendar(struct gateway *gateway, const char *rotation, struct span lines,
		      struct when now);
/* It could not be: what was read last goes on counting, and operators hear of it after a day. */
void gateway_calendar_failed(struct gateway *gateway, const char *rotation, const char *why,
			     struct when now);

/* ---- inputs of a turn ---- */
void gateway_port(struct gateway *gateway, size_t modem, bool open, struct when now);
/* Why a modem has no port, in words: for those who ask. */
void gateway_port_why(struct gateway *gateway, size_t modem, const char *why);
void gateway_feed(struct gateway *gateway, size_t modem, struct span bytes, struct when now);
void gateway_tick(struct gateway *gateway, struct when now);
void gateway_committed(struct gateway *gateway, uint64_t batch, struct when now);
void gateway_failed(struct gateway *gateway, uint64_t batch, struct when now);

/* One request format for the socket, HTTP and the scenario runner: a name and named texts. */
#define REQUEST_FIELDS_MAX 24
struct request {
	uint64_t ticket; /* comes back with the answer */
	const char *name;
	const char *peer; /* who asks: "root", "http:grafana" */
	struct {
		const char *key;
		const char *value;
	} fields[REQUEST_FIELDS_MAX];
	size_t count;
};
const char *request_get(const struct request *request, const char *key); /* NULL: not given */

/* The plan that is in force: until the next reload. */
const struct plan *gateway_plan(const struct gateway *gateway);

bool gateway_has_command(const char *name);

/* Always leads to exactly one answer, perhaps after a commit. */
void gateway_request(struct gateway *gateway, const struct request *request, struct when now);

/* A child of gateway_take_child() is gone; how, in words. */
void gateway_child_ended(struct gateway *gateway, const char *how, struct when now);

/* ---- outputs of a turn ---- */

/* The turn's batch, if it has rows.  The caller stores it and then says committed or failed; batches are
 * stored in the order of their numbers.  The caller owns the batch. */
bool gateway_take_batch(struct gateway *gateway, struct batch *batch);

struct span gateway_output(const struct gateway *gateway, size_t modem);
void gateway_wrote(struct gateway *gateway, size_t modem, size_t n);

/* What the shell is to do about a modem's port or device: true once per wish.  It says how that went, in words when it failed. */
bool gateway_take_repair(struct gateway *gateway, size_t modem, enum device_repair *repair);
void gateway_repaired(struct gateway *gateway, size_t modem, enum device_repair repair, bool done,
		      const char *text, struct when now);

/* What only the shell can see of a modem; each is a fault (fault_table.h). */
enum gateway_sight {
	GATEWAY_STORAGE,   /* there is a stick, and it is a disk */
	GATEWAY_NETCARD,   /* … a network card */
	GATEWAY_BUSY,      /* somebody else has its port */
	GATEWAY_CONTESTED, /* ModemManager may take it */
	GATEWAY_SLEEPS,    /* USB may put it to sleep */
	GATEWAY_SIGHTS
};

/* It is so, in words; NULL: it is not.  The first three end by themselves when the port is opened. */
void gateway_observe(struct gateway *gateway, size_t modem, enum gateway_sight sight,
		     const char *text, struct when now);

/* Who is at the end of this port, as far as it is known. */
const struct device_status *gateway_modem(const struct gateway *gateway, size_t modem);

/* A child process that is wanted: the command through /bin/sh, with these variables, killed after its limit. */
struct gateway_child {
	char command[256];
	char env[3][300]; /* NAME=value; "" none */
	int64_t limit_ms;
};
bool gateway_take_child(struct gateway *gateway, struct gateway_child *child);

/* News for a webhook: POST body (JSON) to url, signed with secret if there is one.  The caller frees the body and says
 * gateway_posted, once; why: in words when status is 0. */
struct gateway_post {
	int64_t id;
	char hook[PLAN_NAME];
	char url[256]; /* "" : the webhook has left the configuration */
	char secret[128];
	struct buf body;
};
bool gateway_take_post(struct gateway *gateway, struct gateway_post *post);
void gateway_posted(struct gateway *gateway, int64_t id, int status, const char *why,
		    struct when now);

/* A question on the web, by GET: does it answer, and what?  Say gateway_probed, once. */
struct gateway_probe {
	int64_t id;
	char url[512];
	bool counts; /* a number is wanted of the answer … */
	char value
		[64]; /* … by these members of a JSON object: "gateways.offline"; "" the answer is one */
};
struct gateway_probed {
	int64_t id;
	int status;      /* of HTTP; 0: no answer, see why */
	const char *why; /* in words; "" nothing is wrong */
	bool counted;    /* there was such a number */
	double value;
};
bool gateway_take_probe(struct gateway *gateway, struct gateway_probe *probe);
void gateway_probed(struct gateway *gateway, const struct gateway_probed *probed, struct when now);

struct answer {
	uint64_t ticket;
	int status;      /* exit status: 0 done, 1 refused or failed, 2 usage */
	struct buf json; /* one object; the caller frees it */
};
bool gateway_take_answer(struct gateway *gateway, struct answer *answer);

/* ---- the sound of calls (modem/device.h says what each means) ----
 * A 20 ms frame read gives one to write; only what was heard and what is to be said comes here. */
void gateway_sound(struct gateway *gateway, size_t modem, enum device_sound there);
bool gateway_take_voice(struct gateway *gateway, size_t modem, struct device_voice *voice);
void gateway_spoken(struct gateway *gateway, size_t modem, int64_t id, struct when now);
void gateway_stalled(struct gateway *gateway, size_t modem, const char *why, struct when now);
void gateway_key(struct gateway *gateway, size_t modem, char key, struct when now);

enum gateway_notice { GATEWAY_RINGING, GATEWAY_ENGAGED, GATEWAY_BEEP, GATEWAY_NOTICES };
/* Heard in the line; nothing is done about it but to say so. */
void gateway_noticed(struct gateway *gateway, size_t modem, enum gateway_notice notice,
		     struct when now);

int64_t gateway_deadline(const struct gateway *gateway); /* mono_ms, or WHEN_NEVER */

#endif
