#include "modem/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define MESSAGES_MAX 32

enum message_state {
	FREE,
	OPEN,   /* parts are missing */
	WHOLE,  /* handed out; kept so that late copies of its parts are known */
	BROKEN, /* its reference was taken by another message: due at once */
};

struct piece {
	char *at; /* NULL: missing */
	size_t len;
	uint16_t half_first; /* of struct pdu */
	uint16_t half_last;
	int64_t sent_utc_s;
};

struct message {
	enum message_state state;
	char from[PDU_ADDRESS_MAX];
	unsigned ref;
	unsigned total;
	int port;
	bool data; /* 8-bit */
	unsigned have;
	int64_t since_ms; /* OPEN: first part; WHOLE: handed out */
	struct piece *pieces;
};

struct parts {
	struct message messages[MESSAGES_MAX];
};

int parts_new(struct parts **out, struct err *err)
{
	*out = calloc(1, sizeof **out);
	return *out == NULL ? err_nomem(err) : 0;
}

static void discard(struct message *m)
{
	for (unsigned i = 0; m->pieces != NULL && i < m->total; i++)
		free(m->pieces[i].at);
	free(m->pieces);
	*m = (struct message){ .state = FREE };
}

void parts_free(struct parts *parts)
{
	if (parts == NULL)
		return;
	for (size_t i = 0; i < MESSAGES_MAX; i++)
		discard(&parts->messages[i]);
	free(parts);
}

static struct span content(const struct pdu *pdu)
{
	if (pdu->encoding == PDU_8BIT)
		return (struct span){ (const char *)pdu->data, pdu->data_len };
	return span_of(pdu->text);
}

static bool belongs(const struct message *m, const struct pdu *pdu)
{
	return m->ref == pdu->concat.ref && m->total == pdu->concat.total && m->port == pdu->port &&
	       m->data == (pdu->encoding == PDU_8BIT) && strcmp(m->from, pdu->address) == 0;
}

static struct message *find(struct parts *parts, const struct pdu *pdu)
{
	for (size_t i = 0; i < MESSAGES_MAX; i++) {
		struct message *m = &parts->messages[i];

		if ((m->state == OPEN || m->state == WHOLE) && belongs(m, pdu))
			return m;
	}
	return NULL;
}

/* What gives way first: a free place, then what was handed out already, then the oldest. */
static bool gives_way(const struct message *a, const struct message *b)
{
	int rank_a = a->state == FREE ? 0 : a->state == WHOLE ? 1 : 2;
	int rank_b = b->state == FREE ? 0 : b->state == WHOLE ? 1 : 2;

	return rank_a != rank_b ? rank_a < rank_b : a->since_ms < b->since_ms;
}

static struct message *begin(struct parts *parts, const struct pdu *pdu, struct when now)
{
	struct message *m = &parts->messages[0];

	for (size_t i = 1; i < MESSAGES_MAX; i++)
		if (gives_way(&parts->messages[i], m))
			m = &parts->messages[i];
	discard(m);
	m->pieces = calloc(pdu->concat.total, sizeof *m->pieces);
	if (m->pieces == NULL)
		return NULL;
	m->state = OPEN;
	m->ref = pdu->concat.ref;
	m->total = pdu->concat.total;
	m->port = pdu->port;
	m->data = pdu->encoding == PDU_8BIT;
	m->since_ms = now.mono_ms;
	memcpy(m->from, pdu->address, sizeof m->from);
	return m;
}

/* The text tells a copy of a waiting message's part.  Once the message is whole the stamp must agree too: a
 * network repeats a part with the stamp of the first time, and phones exist that use one reference, and one
 * beginning, for every message. */
static bool is_copy(const struct message *m, const struct piece *piece, const struct pdu *pdu)
{
	struct span other = content(pdu);

	return piece->at != NULL && piece->len == other.len &&
	       memcmp(piece->at, other.at, other.len) == 0 &&
	       (m->state == OPEN || piece->sent_utc_s == pdu->timestamp_utc_s);
}

/* The place is taken: the reference belongs to another message now. */
static void make_way(struct message *m)
{
	if (m->state == WHOLE)
		discard(m);
	else
		m->state = BROKEN;
}

/* Finds or begins the message of this part.  1; 0: we have this part; -1: out of memory. */
static int home_of(struct parts *parts, const struct pdu *pdu, struct when now,
		   struct message **out, struct err *err)
{
	struct message *m = find(parts, pdu);

	if (m != NULL && m->state == WHOLE && now.mono_ms - m->since_ms >= PARTS_WAIT_MS) {
		discard(m);
		m = NULL;
	}
	if (m != NULL && m->pieces[pdu->concat.seq - 1].at != NULL) {
		if (is_copy(m, &m->pieces[pdu->concat.seq - 1], pdu))
			return 0;
		make_way(m);
		m = NULL;
	}
	*out = m != NULL ? m : begin(parts, pdu, now);
	if (*out == NULL) {
		err_nomem(err);
		return -1;
	}
	return 1;
}

static int store(struct message *m, const struct pdu *pdu, struct err *err)
{
	struct piece *piece = &m->pieces[pdu->concat.seq - 1];

	piece->at = span_dup(content(pdu));
	if (piece->at == NULL) {
		if (m->have == 0)
			discard(m);
		return err_nomem(err);
	}
	piece->len = content(pdu).len;
	piece->half_first = pdu->half_first;
	piece->half_last = pdu->half_last;
	piece->sent_utc_s = pdu->timestamp_utc_s;
	m->have++;
	return 0;
}

#define HALF_LEN 3 /* U+FFFD in UTF-8: what stands in a text for half a surrogate pair */

static bool is_cut_pair(const struct piece *first, const struct piece *second)
{
	return first->at != NULL && second->at != NULL && first->half_last != 0 &&
	       second->half_first != 0;
}

/* One part.  A sender that cuts every 67 units may cut a pair in two; its character comes with the part that
 * has the first half. */
static void join_piece(const struct message *m, unsigned i, struct buf *text)
{
	const struct piece *piece = &m->pieces[i];
	struct span rest = { piece->at, piece->len };

	if (i > 0 && is_cut_pair(piece - 1, piece))
		rest = span_skip(rest, HALF_LEN);
	if (i + 1 == m->total || !is_cut_pair(piece, piece + 1)) {
		buf_add(text, rest);
		return;
	}
	buf_add(text, (struct span){ rest.at, rest.len - HALF_LEN });
	utf8_add(text,
		 0x10000 + ((piece->half_last & 0x3FFu) << 10) + (piece[1].half_first & 0x3FFu));
}

/* "[…]" for each run of missing parts. */
static void join(const struct message *m, struct buf *text)
{
	bool gap = false;

	for (unsigned i = 0; i < m->total; i++) {
		bool missing = m->pieces[i].at == NULL;

		if (!missing)
			join_piece(m, i, text);
		else if (!gap)
			buf_add_text(text, "[\xE2\x80\xA6]");
		gap = missing;
	}
}

int parts_add(struct parts *parts, const struct pdu *pdu, struct when now, struct buf *text,
	      struct err *err)
{
	const struct pdu_concat *concat = &pdu->concat;
	struct message *m = NULL;
	int rc;

	buf_clear(text);
	if (concat->total > 0 && (concat->seq == 0 || concat->seq > concat->total))
		return err_set(err, ERR_INVALID, "part %u of %u", concat->seq, concat->total);
	if (concat->total <= 1) {
		buf_add(text, content(pdu));
		return text->failed ? err_nomem(err) : 1;
	}
	rc = home_of(parts, pdu, now, &m, err);
	if (rc <= 0)
		return rc;
	if (store(m, pdu, err) < 0)
		return -1;
	if (m->have < m->total)
		return 0;
	join(m, text);
	if (text->failed)
		return err_nomem(err); /* stays, and comes out as expired */
	m->state = WHOLE;
	m->since_ms = now.mono_ms;
	return 1;
}

static int64_t due(const struct message *m)
{
	if (m->state == OPEN)
		return m->since_ms + PARTS_WAIT_MS;
	return m->state == BROKEN ? m->since_ms : WHEN_NEVER;
}

bool parts_expired(struct parts *parts, struct when now, char from[PDU_ADDRESS_MAX],
		   struct buf *text)
{
	buf_clear(text);
	for (size_t i = 0; i < MESSAGES_MAX; i++) {
		struct message *m = &parts->messages[i];

		if (due(m) > now.mono_ms)
			continue;
		memcpy(from, m->from, sizeof m->from);
		if (!m->data)
			join(m, text);
		discard(m);
		return true;
	}
	return false;
}

int64_t parts_deadline(const struct parts *parts)
{
	int64_t deadline = WHEN_NEVER;

	for (size_t i = 0; i < MESSAGES_MAX; i++)
		deadline = when_sooner(deadline, due(&parts->messages[i]));
	return deadline;
}
