/* Received texts: stored first, acted on once, then deleted from the modem. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/reply.h"
#include "modem/pdu_mms.h"

#define STORED "stored" /* the action of a text, or of a part, that did nothing */

/* One that came directly (memory "") is acknowledged instead. */
static void delete_later(struct gateway *g, size_t path, const char *memory, int index)
{
	struct held held = { .kind = HELD_DELETE, .path = path, .index = index };

	span_copy(span_of(memory), held.memory, sizeof held.memory);
	ledger_hold(g, held);
}

/* ---- rows, until they are on disk and whole ---- */

static void write_letter(struct gateway *g, struct letter *letter, struct when now)
{
	struct inbound *copy = inbound_copy(letter->row);
	struct err err;

	letter->batch = g->batch.number;
	letter->durable = false;
	letter->failed =
		copy == NULL ||
		batch_add(&g->batch, (struct row){ .kind = ROW_INBOUND, .of.inbound = copy },
			  &err) < 0;
	if (letter->failed)
		g->rewrite_due = now.mono_ms + REWRITE_MS;
}

static bool same_message(const struct letter *a, const struct letter *b)
{
	return a->path == b->path && a->ref == b->ref && a->total == b->total &&
	       strcmp(a->row->number, b->row->number) == 0;
}

/* NULL: out of memory; the text stays on the modem and is looked at again once it is no longer known. */
static struct letter *keep(struct gateway *g, struct letter letter)
{
	if (array_grow(&g->letters, &g->letter_cap, g->letter_count + 1, sizeof *g->letters) < 0) {
		inbound_free(letter.row);
		return NULL;
	}
	for (size_t i = 0; i < g->letter_count; i++)
		if (!g->letters[i].row->whole && same_message(&g->letters[i], &letter))
			letter.since_ms = g->letters[i].since_ms;
	g->letters[g->letter_count] = letter;
	return &g->letters[g->letter_count++];
}

/* It was told before and is not on disk yet.  Where it stands now may be elsewhere. */
static bool kept_back(struct gateway *g, size_t path, uint64_t hash,
		      const struct device_event *event)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		struct letter *letter = &g->letters[i];

		if (letter->hash != hash || letter->path != path || letter->durable)
			continue;
		letter->index = event->index;
		span_copy(span_of(event->memory), letter->memory, sizeof letter->memory);
		return true;
	}
	return false;
}

/* The other parts of a message that is whole now need not be put together again at a start. */
static void message_whole(struct gateway *g, const struct letter *last, struct when now)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		struct letter *letter = &g->letters[i];

		if (letter->row->whole || !same_message(letter, last))
			continue;
		letter->row->whole = true;
		write_letter(g, letter, now);
	}
}

/* A PIN is not kept, neither as it was read nor as it came. */
static void keep_words(struct inbound *inbound, const struct device_event *event)
{
	struct span text = span_of(event->pdu.text);
	struct buf kept = { 0 };

	reply_redact(text, &kept);
	inbound->text = span_dup(buf_span(&kept));
	if (memcmp(buf_text(&kept), text.at, text.len) == 0)
		span_copy(span_of(event->raw), inbound->hex, sizeof inbound->hex);
	buf_free(&kept);
}

static void store(struct gateway *g, size_t path, const struct device_event *event,
		  const char *action, bool whole, struct when now)
{
	const struct plan_person *person = plan_who_has(g->plan, span_of(event->pdu.address));
	struct inbound *inbound = calloc(1, sizeof *inbound);
	struct letter letter = { .row = inbound,
				 .hash = seen_print(&event->pdu, event->raw),
				 .path = path,
				 .ref = event->pdu.concat.ref,
				 .total = event->pdu.concat.total,
				 .since_ms = now.mono_ms,
				 .index = event->index };
	struct letter *kept;

	if (inbound == NULL)
		return;
	inbound->id = ++g->last_inbound;
	inbound->utc_s = now.utc_s;
	inbound->whole = whole;
	keep_words(inbound, event);
	span_copy(span_of(g->paths[path].modem.name), inbound->modem, sizeof inbound->modem);
	span_copy(span_of(event->pdu.address), inbound->number, sizeof inbound->number);
	span_copy(span_of(person == NULL ? "" : person->name), inbound->person,
		  sizeof inbound->person);
	span_copy(span_of(action), inbound->action, sizeof inbound->action);
	span_copy(span_of(event->memory), letter.memory, sizeof letter.memory);
	letter.acted = strcmp(action, STORED) != 0;
	kept = keep(g, letter);
	if (kept == NULL)
		return;
	write_letter(g, kept, now);
	if (whole && kept->total > 1)
		message_whole(g, kept, now);
}

static void forget_letters(struct gateway *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->letter_count; i++) {
		if (g->letters[i].durable && g->letters[i].row->whole)
			inbound_free(g->letters[i].row);
		else
			g->letters[kept++] = g->letters[i];
	}
	g->letter_count = kept;
}

void inbox_committed(struct gateway *g, uint64_t batch)
{
	for (size_t i = 0; i < g->letter_count; i++)
		if (g->letters[i].batch <= batch && !g->letters[i].failed)
			g->letters[i].durable = true;
	forget_letters(g);
}

void inbox_failed(struct gateway *g, uint64_t batch)
{
	for (size_t i = 0; i < g->letter_count; i++)
		if (g->letters[i].batch == batch && !g->letters[i].durable)
			g->letters[i].failed = true;
}

void inbox_rewrite(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		struct letter *letter = &g->letters[i];

		if (!letter->failed)
			continue;
		write_letter(g, letter, now);
		delete_later(g, letter->path, letter->memory, letter->index);
	}
}

void inbox_drop(struct gateway *g)
{
	for (size_t i = 0; i < g->letter_count; i++)
		inbound_free(g->letters[i].row);
	free(g->letters);
	free(g->seen);
}

static const char *act(struct gateway *g, struct path *path, const char *number, struct span text,
		       struct when now)
{
	const struct plan_person *person = plan_who_has(g->plan, span_of(number));
	char masked[PLAN_E164];

	if (person == NULL) {
		plan_mask_number(number, masked);
		ledger_record(g, now, "sms.stranger", (struct about){ .modem = path->modem.name },
			      masked);
		return "stranger";
	}
	path_worked(path, PATH_SMS_IN, now);
	return replies_act(g,
			   &(struct reply_from){
				   .person = person, .number = number, .modem = path->modem.name },
			   text, now);
}

enum content {
	CONTENT_OTHER, /* of a name, for a program or the SIM, or a notice of voice mail: kept, and answers nothing */
	CONTENT_TEXT,
	CONTENT_PUSH,
};

static enum content content_of(const struct pdu *pdu)
{
	enum pdu_audience audience = pdu_audience(pdu);

	if (audience == PDU_FOR_PORT && pdu->port == PDU_MMS_PORT && pdu->encoding == PDU_8BIT)
		return CONTENT_PUSH;
	return audience == PDU_FOR_PEOPLE && !pdu->alphanumeric && pdu->encoding != PDU_8BIT
		       ? CONTENT_TEXT
		       : CONTENT_OTHER;
}

/* Somebody's reply came as a picture message: he believes to have answered, and is told that he has not. */
static const char *act_on_push(struct gateway *g, struct path *path, struct span data,
			       struct when now)
{
	char from[PDU_ADDRESS_MAX], masked[PLAN_E164];
	const struct plan_person *person;

	if (!pdu_mms_read(data, from))
		return STORED;
	person = plan_who_has(g->plan, span_of(from));
	plan_mask_number(from, masked);
	ledger_record(g, now, "sms.picture",
		      (struct about){ .modem = path->modem.name,
				      .person = person == NULL ? NULL : person->name },
		      masked);
	if (person == NULL)
		return "picture";
	return replies_picture(
		g,
		&(struct reply_from){ .person = person, .number = from, .modem = path->modem.name },
		now);
}

/* The first part of a longer text, with a word and a code: what follows cannot change what it does (FIELD.md E3).  A later part
 * may be from the middle of a page that is quoted. */
static bool enough(const struct pdu *pdu)
{
	struct reply reply = reply_parse(span_of(pdu->text));

	return pdu->concat.seq == 1 && reply.code[0] != '\0' && !reply.bad_code &&
	       (reply.word == REPLY_ACK || reply.word == REPLY_PASS || reply.word == REPLY_DONE);
}

/* Its first part was enough, and has done it. */
static bool has_acted(const struct gateway *g, size_t path, const struct pdu *pdu)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		const struct letter *letter = &g->letters[i];

		if (letter->acted && !letter->row->whole && letter->path == path &&
		    letter->ref == pdu->concat.ref && letter->total == pdu->concat.total &&
		    strcmp(letter->row->number, pdu->address) == 0)
			return true;
	}
	return false;
}

void inbox_received(struct gateway *g, size_t index, const struct device_event *event,
		    struct when now)
{
	struct path *path = &g->paths[index];
	enum content content = content_of(&event->pdu);
	const char *action = STORED;
	struct buf text = { 0 };
	struct err err = { 0 };
	int whole = 1;
	struct seen seen = { .hash = seen_print(&event->pdu, event->raw),
			     .path = index,
			     .index = event->index };
	bool kept = kept_back(g, index, seen.hash, event);

	span_copy(span_of(event->memory), seen.memory, sizeof seen.memory);
	delete_later(g, index, event->memory, event->index);
	if (kept || !seen_first(g, seen, now))
		return;
	if (event->kind == DEVICE_EVENT_UNREADABLE) {
		ledger_record(g, now, "sms.unreadable", (struct about){ .modem = path->modem.name },
			      event->raw);
		store(g, index, event, "unreadable", true, now);
		return;
	}
	if (content != CONTENT_OTHER)
		whole = parts_add(path->parts, &event->pdu, now, &text, &err);
	if (whole < 0)
		ledger_record(g, now, "sms.part", (struct about){ .modem = path->modem.name },
			      err.text);
	if (whole > 0 && proof_arrived(g, path, buf_span(&text), now))
		action = "proof";
	else if (whole > 0 && content == CONTENT_PUSH)
		action = act_on_push(g, path, buf_span(&text), now);
	else if (whole > 0 && text.len > 0 && !has_acted(g, index, &event->pdu))
		action = act(g, path, event->pdu.address, buf_span(&text), now);
	else if (whole == 0 && content == CONTENT_TEXT && enough(&event->pdu))
		action = act(g, path, event->pdu.address, span_of(event->pdu.text), now);
	store(g, index, event, action, whole != 0, now);
	buf_free(&text);
}

/* A part whose message was not whole waits for the others again. */
static void restore_part(struct gateway *g, size_t path, const struct inbound *inbound,
			 struct when now)
{
	struct pdu pdu;
	struct buf text = { 0 };
	struct err err;
	struct letter letter = {
		.path = path, .since_ms = now.mono_ms, .index = -1, .durable = true
	};

	if (pdu_decode(span_of(inbound->hex), &pdu, &err) == 0 &&
	    parts_add(g->paths[path].parts, &pdu, now, &text, &err) == 0) {
		letter.row = inbound_copy(inbound);
		letter.hash = seen_print(&pdu, inbound->hex);
		letter.acted = strcmp(inbound->action, STORED) != 0;
		letter.ref = pdu.concat.ref;
		letter.total = pdu.concat.total;
		if (letter.row != NULL)
			keep(g, letter);
	}
	buf_free(&text);
}

void inbox_restore(struct gateway *g, struct inbound *const *inbound, size_t count, struct when now)
{
	for (size_t i = 0; i < count; i++) {
		int path = fleet_find(g, inbound[i]->modem);

		struct pdu pdu;
		struct err err;

		if (pdu_decode(span_of(inbound[i]->hex), &pdu, &err) < 0)
			pdu.address[0] = '\0';
		/* it may still stand on the modem: whatever its age, it has acted */
		seen_first(g,
			   (struct seen){ .hash = seen_print(&pdu, inbound[i]->hex), .index = -1 },
			   now);
		if (!inbound[i]->whole && path >= 0)
			restore_part(g, (size_t)path, inbound[i], now);
	}
}

/* Parts that waited long enough have been read for what they say. */
static void give_up_parts(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		struct letter *letter = &g->letters[i];

		if (letter->row->whole || letter->since_ms + PARTS_WAIT_MS > now.mono_ms)
			continue;
		letter->row->whole = true;
		write_letter(g, letter, now);
	}
}

/* The message of this sender that is given up now has acted by its first part. */
static bool has_acted_of(const struct gateway *g, size_t path, const char *from, struct when now)
{
	for (size_t i = 0; i < g->letter_count; i++) {
		const struct letter *letter = &g->letters[i];

		if (letter->acted && !letter->row->whole && letter->path == path &&
		    letter->since_ms + PARTS_WAIT_MS <= now.mono_ms &&
		    strcmp(letter->row->number, from) == 0)
			return true;
	}
	return false;
}

/* Without its beginning it may be the middle of a page that is quoted with a thumb down: it is shown and answered, and takes
 * nothing. */
static void act_on_rest(struct gateway *g, struct path *path, const char *from, struct span text,
			struct when now)
{
	struct buf words = { 0 };

	if (span_starts(text, "[\xE2\x80\xA6]"))
		buf_add_text(&words, "(the beginning is lost) ");
	buf_add(&words, text);
	act(g, path, from, buf_span(&words), now);
	buf_free(&words);
}

/* What stayed incomplete is read for what it says, gaps and all. */
void inbox_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];
		char from[PDU_ADDRESS_MAX];
		struct buf text = { 0 };

		while (parts_deadline(path->parts) <= now.mono_ms &&
		       parts_expired(path->parts, now, from, &text)) {
			if (text.len > 0 && !has_acted_of(g, i, from, now))
				act_on_rest(g, path, from, buf_span(&text), now);
			buf_clear(&text);
		}
		buf_free(&text);
	}
	give_up_parts(g, now);
}
