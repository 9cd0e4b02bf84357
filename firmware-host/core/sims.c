/* SIM cards: which PIN was tried on which, whose service centre is good, when a contract ends.  Kept on disk, by ICCID. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "core/inside.h"

#define CARDS_MAX 64 /* then the one not seen for longest is forgotten */
#define HOUR_MS   INT64_C(3600000)
#define DAY_S     INT64_C(86400)

/* ---- the rows ---- */

static struct card_slot *find(struct gateway *g, const char *key)
{
	for (size_t i = 0; i < g->card_count; i++)
		if (strcmp(g->cards[i].card.key, key) == 0)
			return &g->cards[i];
	return NULL;
}

static struct card_slot *oldest(struct gateway *g)
{
	struct card_slot *slot = &g->cards[0];

	for (size_t i = 1; i < g->card_count; i++)
		if (g->cards[i].card.seen_utc_s < slot->card.seen_utc_s)
			slot = &g->cards[i];
	return slot;
}

/* Found or new; NULL: out of memory. */
static struct card_slot *get(struct gateway *g, const char *key)
{
	struct card_slot *slot = find(g, key);

	if (slot != NULL)
		return slot;
	if (g->card_count == CARDS_MAX)
		slot = oldest(g);
	else if (array_grow(&g->cards, &g->card_cap, g->card_count + 1, sizeof *g->cards) < 0)
		return NULL;
	else
		slot = &g->cards[g->card_count++];
	*slot = (struct card_slot){ .card = { .pin_tries = -1 } };
	span_copy(span_of(key), slot->card.key, sizeof slot->card.key);
	return slot;
}

static void key_of_modem(const struct path *path, char key[sizeof((struct card *)0)->key])
{
	snprintf(key, sizeof((struct card *)0)->key, "modem %.20s", path->modem.name);
}

static void key_of(const struct path *path, char key[sizeof((struct card *)0)->key])
{
	const char *iccid = device_status(path->device)->iccid;

	if (iccid[0] != '\0')
		span_copy(span_of(iccid), key, sizeof((struct card *)0)->key);
	else
		key_of_modem(path, key);
}

static struct card_slot *of_path(struct gateway *g, const struct path *path, struct when now)
{
	char key[sizeof((struct card *)0)->key];
	struct card_slot *slot;

	key_of(path, key);
	slot = get(g, key);
	if (slot == NULL)
		return NULL;
	span_copy(span_of(path->modem.name), slot->card.modem, sizeof slot->card.modem);
	slot->card.seen_utc_s = now.utc_s;
	slot->dirty = true;
	return slot;
}

struct card *sims_change(struct gateway *g, const struct path *path, struct when now)
{
	struct card_slot *slot = of_path(g, path, now);

	return slot == NULL ? NULL : &slot->card;
}

struct card *sims_of(struct gateway *g, const struct path *path)
{
	char key[sizeof((struct card *)0)->key];
	struct card_slot *slot;

	key_of(path, key);
	slot = find(g, key);
	return slot == NULL ? NULL : &slot->card;
}

int sims_restore(struct gateway *g, const struct card *cards, size_t count)
{
	if (array_grow(&g->cards, &g->card_cap, count, sizeof *g->cards) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		g->cards[g->card_count++] = (struct card_slot){ .card = cards[i] };
	return 0;
}

void sims_close(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->card_count; i++) {
		if (!g->cards[i].dirty)
			continue;
		g->cards[i].dirty = false;
		ledger_row(
			g,
			(struct row){ .kind = ROW_CARD, .of.card = card_copy(&g->cards[i].card) },
			now);
	}
}

void sims_rewrite(struct gateway *g)
{
	for (size_t i = 0; i < g->card_count; i++)
		g->cards[i].dirty = true;
}

/* ---- the PIN ---- */

/* Tells a PIN that was tried from another one.  It hides nothing: of four digits no digest does (decision 0009). */
static int64_t print_of(const char *pin)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (const char *at = "SIM PIN "; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	for (; *pin != '\0'; pin++)
		hash = (hash ^ (unsigned char)*pin) * 1099511628211u;
	return (int64_t)(hash & INT64_MAX);
}

/* The PIN was meant for another card: whatever it is to this one, it costs a try. */
static bool meant_for_another(const struct gateway *g, const struct path *path,
			      const struct card *card, int64_t print)
{
	char own[sizeof card->key];

	if (path->modem.iccid[0] != '\0') /* another card would not have come so far */
		return false;
	key_of_modem(path, own);
	for (size_t i = 0; i < g->card_count; i++) {
		const struct card *other = &g->cards[i].card;

		if (other->pin == CARD_PIN_NONE || other->pin_print != print || other == card)
			continue;
		if (strcmp(other->modem, path->modem.name) == 0 && strcmp(other->key, own) != 0)
			return true;
		/* tried before the card's number was known: perhaps on this one */
		if (strcmp(other->key, own) == 0 && other->pin != CARD_PIN_WORKED)
			return true;
	}
	return false;
}

/* NULL: it may be entered. */
static const char *why_not(const struct gateway *g, const struct path *path,
			   const struct card *card, int64_t print)
{
	int tries = device_status(path->device)->pin_tries;
	bool same = card->pin_print == print && card->pin != CARD_PIN_NONE;

	if (same && card->pin == CARD_PIN_FAILED)
		return "the SIM refused the configured PIN before; it is not tried again until "
		       "another one is configured";
	/* Cut off in the middle: if no try was lost by it, it was right or was never entered. */
	if (same && card->pin == CARD_PIN_TRIED && (tries < 0 || tries < card->pin_tries))
		return "the configured PIN was entered once and what came of it is not known; it "
		       "is not tried again until another one is configured";
	if (!same && meant_for_another(g, path, card, print))
		return "this is not the SIM that the configured PIN was entered into before; it is "
		       "not tried on another one";
	return NULL;
}

static void ask(struct gateway *g, size_t index, struct when now)
{
	struct path *path = &g->paths[index];
	int64_t print = print_of(path->modem.pin);
	struct held held = { .kind = HELD_PIN, .path = index };
	static const struct card blank = { .pin_tries = -1 };
	const struct card *card = sims_of(g, path);
	const char *why = why_not(g, path, card != NULL ? card : &blank, print);
	struct card_slot *slot = why == NULL ? of_path(g, path, now) : NULL;

	if (slot == NULL) {
		device_pin(path->device, false, why != NULL ? why : "out of memory", now);
		return;
	}
	held.known = slot->card.pin == CARD_PIN_WORKED && slot->card.pin_print == print;
	slot->card.pin = CARD_PIN_TRIED;
	slot->card.pin_print = print;
	slot->card.pin_tries = device_status(path->device)->pin_tries;
	ledger_hold(g, held);
}

/* That it is being tried is on disk by now; if it is not, only one that was right before is entered. */
void sims_enter(struct gateway *g, const struct held *held, bool durable, struct when now)
{
	device_pin(
		g->paths[held->path].device, durable || held->known,
		"the SIM wants its PIN, which is not entered while the store cannot remember that",
		now);
}

void sims_pin(struct gateway *g, size_t index, const struct device_event *event, struct when now)
{
	struct path *path = &g->paths[index];
	struct about about = { .modem = path->modem.name };
	struct card_slot *slot;

	if (event->outcome == DEVICE_OUTCOME_NONE) {
		ask(g, index, now);
		return;
	}
	slot = of_path(g, path, now);
	if (slot == NULL)
		return;
	if (event->outcome == DEVICE_ACCEPTED) {
		slot->card.pin = CARD_PIN_WORKED;
		ledger_record(g, now, "sim.unlocked", about, "the PIN was right");
	} else if (event->outcome == DEVICE_REFUSED_MODEM) {
		slot->card.pin = CARD_PIN_FAILED;
		ledger_record(g, now, "sim.pin_refused", about,
			      "the PIN is not tried again until another one is configured");
	}
}

/* ---- the service centre ---- */

void sims_card(struct gateway *g, size_t index, struct when now)
{
	struct path *path = &g->paths[index];
	const char *smsc = device_status(path->device)->smsc;
	struct card_slot *slot = of_path(g, path, now);
	struct about about = { .modem = path->modem.name };
	struct fault_facts facts = { 0 };
	bool lost;

	if (slot == NULL)
		return;
	lost = smsc[0] == '\0' && slot->card.smsc[0] != '\0';
	if (slot->card.smsc[0] == '\0')
		span_copy(span_of(smsc), slot->card.smsc, sizeof slot->card.smsc);
	if (lost)
		ledger_record(g, now, "sim.centre_restored", about, slot->card.smsc);
	if (lost || strcmp(smsc, slot->card.smsc) == 0) {
		faults_clear(g, FAULT_SIM_CENTRE, path->modem.name, now);
	} else {
		fault_fact(&facts, "was", "%s", slot->card.smsc);
		fault_fact(&facts, "now", "%s", smsc);
		faults_raise(g, FAULT_SIM_CENTRE, path->modem.name, &facts, now);
	}
	device_centre(path->device, slot->card.smsc, now);
}

/* Whatever it was before: this one is good. */
void sims_accepted(struct gateway *g, const struct path *path, struct when now)
{
	const char *smsc = device_status(path->device)->smsc;
	struct card *card = sims_of(g, path);
	struct card_slot *slot;

	if (card == NULL || smsc[0] == '\0' || strcmp(card->smsc, smsc) == 0)
		return;
	slot = of_path(g, path, now);
	if (slot == NULL)
		return;
	span_copy(span_of(smsc), slot->card.smsc, sizeof slot->card.smsc);
	faults_clear(g, FAULT_SIM_CENTRE, path->modem.name, now);
	device_centre(path->device, smsc, now);
}

/* ---- the day it expires (FIELD.md C2, W14) ---- */

static const int reminders[] = { 0, 1, 3, 7, 14, 30, 60 }; /* days before */

/* The reminder whose time it is; -1: none yet. */
static int reminder_of(int64_t days)
{
	for (size_t i = 0; i < COUNT_OF(reminders); i++)
		if (days <= reminders[i])
			return reminders[i];
	return -1;
}

static void remind(struct gateway *g, const struct path *path, int64_t days, struct when now)
{
	struct civil date = civil_of(path->modem.expires_utc_s);
	struct buf text = { 0 };

	buf_addf(&text, "The SIM of modem %s %s", path->modem.name,
		 days > 0 ? "expires in " : "expires today");
	if (days > 0)
		buf_addf(&text, "%lld %s, on %04d-%02d-%02d", (long long)days,
			 days == 1 ? "day" : "days", (int)date.year, date.month, date.day);
	buf_add_text(&text, ": renew its contract, then set modems.expires anew.");
	ledger_record(g, now, "sim.expires", (struct about){ .modem = path->modem.name },
		      buf_text(&text));
	texts_operators(g, buf_text(&text), now);
	buf_free(&text);
}

static void count_down(struct gateway *g, const struct path *path, struct when now)
{
	char key[sizeof((struct card *)0)->key];
	int64_t days = path->modem.expires_utc_s / DAY_S - now.utc_s / DAY_S;
	int reminder = reminder_of(days);
	struct fault_facts facts = { 0 };
	struct card_slot *slot;

	if (days < 0) {
		fault_fact(&facts, "days", "%lld", (long long)-days);
		faults_raise(g, FAULT_SIM_EXPIRED, path->modem.name, &facts, now);
		return;
	}
	faults_clear(g, FAULT_SIM_EXPIRED, path->modem.name, now);
	key_of_modem(path, key); /* of the contract, whichever card is in, or none */
	slot = get(g, key);
	if (slot == NULL || slot->card.expiry_told == reminder + 1 ||
	    faults_asleep_s(g->plan, now.utc_s) > 0)
		return;
	if (reminder >= 0 && (slot->card.expiry_told == 0 || reminder < slot->card.expiry_told - 1))
		remind(g, path, days, now);
	slot->card.expiry_told = reminder + 1;
	slot->card.seen_utc_s = now.utc_s;
	slot->dirty = true;
}

void sims_tick(struct gateway *g, struct when now)
{
	if (g->sims_due > now.mono_ms)
		return;
	g->sims_due = WHEN_NEVER;
	for (size_t i = 0; i < g->path_count; i++) {
		if (g->paths[i].modem.expires_utc_s == 0)
			continue;
		g->sims_due = now.mono_ms + HOUR_MS;
		if (!g->clock_untrusted)
			count_down(g, &g->paths[i], now);
	}
}
