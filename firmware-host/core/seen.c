/* Which texts have come before: a message acts once, whichever way and however often it comes (FIELD.md C5, D3, E4). */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define SEEN_MS 900000 /* what comes again after this time is a second text ... */
#define OCCUPIED_MS \
	300000 /* ... unless its place was never empty: it has been seen there at every sweep */

static uint64_t add(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 1099511628211u; /* FNV-1a */
	return hash;
}

/* What stays the same whichever way a message comes: not its class, coding or route. */
uint64_t seen_print(const struct pdu *pdu, const char *hex)
{
	uint64_t hash = 14695981039346656037u;

	if (pdu->address[0] == '\0')
		return add(hash, hex, strlen(hex)); /* it could not be read */
	hash = add(hash, pdu->address, strlen(pdu->address));
	hash = add(hash, &pdu->timestamp_utc_s, sizeof pdu->timestamp_utc_s);
	hash = add(hash, &pdu->concat.ref, sizeof pdu->concat.ref);
	hash = add(hash, &pdu->concat.total, sizeof pdu->concat.total);
	hash = add(hash, &pdu->concat.seq, sizeof pdu->concat.seq);
	hash = add(hash, pdu->text, strlen(pdu->text));
	return add(hash, pdu->data, pdu->data_len);
}

static bool is_there(const struct gateway *g, const struct seen *seen, struct when now)
{
	const struct path *path = &g->paths[seen->path];

	/* while its modem was away nobody could look */
	return seen->index >= 0 &&
	       (now.mono_ms - seen->last_ms <= OCCUPIED_MS || path->up_ms > seen->last_ms);
}

static void forget(struct gateway *g, struct when now)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->seen_count; i++)
		if (now.mono_ms - g->seen[i].since_ms <= SEEN_MS || is_there(g, &g->seen[i], now))
			g->seen[kept++] = g->seen[i];
	g->seen_count = kept;
}

static bool same_place(const struct seen *a, const struct seen *b)
{
	return a->path == b->path && a->index == b->index && strcmp(a->memory, b->memory) == 0;
}

bool seen_first(struct gateway *g, struct seen seen, struct when now)
{
	struct seen *here = NULL;
	bool known = false;

	seen.since_ms = seen.last_ms = now.mono_ms;
	forget(g, now);
	for (size_t i = 0; i < g->seen_count; i++) {
		struct seen *one = &g->seen[i];

		if (one->hash != seen.hash)
			continue;
		if (same_place(one, &seen))
			here = one;
		if (now.mono_ms - one->since_ms <= SEEN_MS && one->since_ms < seen.since_ms)
			seen.since_ms = one->since_ms;
		known = known || now.mono_ms - one->since_ms <= SEEN_MS ||
			(same_place(one, &seen) && is_there(g, one, now));
	}
	if (here != NULL && known)
		here->last_ms = now.mono_ms;
	else if (array_grow(&g->seen, &g->seen_cap, g->seen_count + 1, sizeof *g->seen) == 0)
		g->seen[g->seen_count++] = seen;
	return !known;
}
