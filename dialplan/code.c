#include "dialplan/code.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define LENGTHS      3 /* codes of 4, 5 and 6 digits */
#define FIVE_ABOVE   300
#define SIX_ABOVE    3000
#define QUARANTINE_S INT64_C(604800)

/* What `since` of a code says when it is no instant. */
#define UNUSED 0
#define LIVE   (-1)

struct released { /* stale when `since` of that code says something else by now */
	int64_t utc_s;
	uint32_t index;
};

struct pool { /* the codes of one length */
	int64_t *
		since; /* per code: UNUSED, LIVE, or the second of its release; allocated when needed */
	uint32_t size;         /* how many there are */
	uint32_t first;        /* smallest number without its check digit */
	uint32_t walk;         /* where the walk through the unused ones stands */
	uint32_t stride;       /* prime to size: neighbours in time do not look alike */
	uint32_t visited;      /* steps of the walk so far; it goes round once */
	struct released *heap; /* oldest first */
	size_t heap_count;
	size_t heap_cap;
};

struct codes {
	struct pool pools[LENGTHS];
	size_t live;
};

/* H. M. Damm, "Total anti-symmetrische Quasigruppen" (Marburg 2004): finds every wrong digit and every swap of neighbours. */
static const unsigned char damm[10][10] = {
	{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
	{ 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 }, { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
	{ 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
	{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
	{ 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 }, { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

static unsigned char check_digit(struct span digits)
{
	unsigned char interim = 0;

	for (size_t i = 0; i < digits.len; i++)
		interim = damm[interim][digits.at[i] - '0'];
	return interim;
}

bool code_valid(struct span text)
{
	if (text.len < 4 || text.len > 6 || text.at[0] == '0')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return check_digit(text) == 0;
}

static void write_code(const struct pool *pool, uint32_t index, char code[CODE_SIZE])
{
	uint32_t number = pool->first + index;
	size_t len = 0;

	for (uint32_t n = number; n > 0; n /= 10)
		len++;
	code[len + 1] = '\0';
	for (size_t i = len; i > 0; i--) {
		code[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	/* In this quasigroup the interim digit is its own check digit. */
	code[len] = (char)('0' + check_digit((struct span){ code, len }));
}

/* The pool of a code and its index there; NULL if the text is no code. */
static struct pool *pool_of(struct codes *codes, struct span code, uint32_t *index)
{
	struct pool *pool;
	int64_t number;

	if (!code_valid(code) || !span_int((struct span){ code.at, code.len - 1 }, &number))
		return NULL;
	pool = &codes->pools[code.len - 4];
	*index = (uint32_t)number - pool->first;
	return pool;
}

static int pool_ready(struct pool *pool, struct err *err)
{
	if (pool->since == NULL)
		pool->since = calloc(pool->size, sizeof *pool->since);
	return pool->since == NULL ? err_nomem(err) : 0;
}

static void swap(struct released *a, struct released *b)
{
	struct released was = *a;

	*a = *b;
	*b = was;
}

static int heap_push(struct pool *pool, struct released entry, struct err *err)
{
	size_t at = pool->heap_count;

	if (array_grow(&pool->heap, &pool->heap_cap, at + 1, sizeof *pool->heap) < 0)
		return err_nomem(err);
	pool->heap[at] = entry;
	pool->heap_count++;
	while (at > 0 && pool->heap[at].utc_s < pool->heap[(at - 1) / 2].utc_s) {
		swap(&pool->heap[at], &pool->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return 0;
}

static void heap_pop(struct pool *pool)
{
	size_t at = 0;

	pool->heap[0] = pool->heap[--pool->heap_count];
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < pool->heap_count &&
			    pool->heap[child].utc_s < pool->heap[least].utc_s)
				least = child;
		if (least == at)
			return;
		swap(&pool->heap[at], &pool->heap[least]);
		at = least;
	}
}

/* The code that was released first, or NULL. */
static const struct released *oldest(struct pool *pool)
{
	while (pool->heap_count > 0 && pool->since[pool->heap[0].index] != pool->heap[0].utc_s)
		heap_pop(pool);
	return pool->heap_count > 0 ? &pool->heap[0] : NULL;
}

static uint32_t walk_on(struct pool *pool)
{
	uint32_t index = pool->walk;

	pool->walk = (pool->walk + pool->stride) % pool->size;
	return index;
}

/* An unused code, else one whose quarantine is over. */
static bool pool_find(struct pool *pool, int64_t utc_s, uint32_t *index)
{
	const struct released *entry;

	while (pool->visited < pool->size) {
		pool->visited++;
		*index = walk_on(pool);
		if (pool->since[*index] == UNUSED)
			return true;
	}
	entry = oldest(pool);
	if (entry == NULL || utc_s - entry->utc_s < QUARANTINE_S)
		return false;
	*index = entry->index;
	return true;
}

/* Everything is live or in quarantine: the one released first; if none is, the longest ones again in turn, because
 * a page with an ambiguous code is better than no page. */
static struct pool *last_resort(struct codes *codes, uint32_t *index)
{
	struct pool *best = NULL;

	for (size_t i = 0; i < LENGTHS; i++) {
		struct pool *pool = &codes->pools[i];
		const struct released *entry = pool->since == NULL ? NULL : oldest(pool);

		if (entry != NULL && (best == NULL || entry->utc_s < best->heap[0].utc_s))
			best = pool;
	}
	if (best != NULL) {
		*index = best->heap[0].index;
		return best;
	}
	best = &codes->pools[LENGTHS - 1];
	*index = walk_on(best);
	return best;
}

static void make_live(struct codes *codes, struct pool *pool, uint32_t index)
{
	if (pool->since[index] != LIVE)
		codes->live++;
	pool->since[index] = LIVE;
}

int codes_take(struct codes *codes, int64_t utc_s, char code[CODE_SIZE], struct err *err)
{
	size_t length = codes->live > SIX_ABOVE ? 2 : codes->live > FIVE_ABOVE ? 1 : 0;
	struct pool *pool = NULL;
	uint32_t index = 0;

	for (; length < LENGTHS && pool == NULL; length++) {
		struct pool *next = &codes->pools[length];

		if (pool_ready(next, err) < 0)
			return -1;
		if (pool_find(next, utc_s, &index))
			pool = next;
	}
	if (pool == NULL)
		pool = last_resort(codes, &index);
	make_live(codes, pool, index);
	write_code(pool, index, code);
	return 0;
}

static int set_released(struct codes *codes, struct pool *pool, struct released entry,
			struct err *err)
{
	if (entry.utc_s < 1) /* a clock before 1970 must not look like UNUSED or LIVE */
		entry.utc_s = 1;
	if (heap_push(pool, entry, err) < 0)
		return -1;
	if (pool->since[entry.index] == LIVE)
		codes->live--;
	pool->since[entry.index] = entry.utc_s;
	return 0;
}

void codes_release(struct codes *codes, const char *code, int64_t utc_s)
{
	struct err ignored; /* out of memory: the code stays live, which harms nobody */
	uint32_t index;
	struct pool *pool = pool_of(codes, span_of(code), &index);

	if (pool != NULL && pool->since != NULL && pool->since[index] == LIVE)
		set_released(codes, pool, (struct released){ utc_s, index }, &ignored);
}

int codes_restore(struct codes *codes, const char *code, int64_t released_utc_s, struct err *err)
{
	uint32_t index;
	struct pool *pool = pool_of(codes, span_of(code), &index);

	if (pool == NULL)
		return 0;
	if (pool_ready(pool, err) < 0)
		return -1;
	if (released_utc_s == 0)
		make_live(codes, pool, index);
	else if (pool->since[index] != LIVE && pool->since[index] < released_utc_s)
		return set_released(codes, pool, (struct released){ released_utc_s, index }, err);
	return 0;
}

static uint32_t gcd(uint32_t a, uint32_t b)
{
	return b == 0 ? a : gcd(b, a % b);
}

int codes_new(struct codes **out, uint64_t seed, struct err *err)
{
	static const uint32_t first[LENGTHS] = { 100, 1000, 10000 };
	struct codes *codes = calloc(1, sizeof *codes);

	if (codes == NULL)
		return err_nomem(err);
	for (size_t i = 0; i < LENGTHS; i++) {
		struct pool *pool = &codes->pools[i];

		pool->first = first[i];
		pool->size = 9 * first[i];
		pool->walk = (uint32_t)(seed % pool->size);
		pool->stride = pool->size / 3 + (uint32_t)(seed / pool->size % 97);
		while (gcd(pool->stride, pool->size) != 1)
			pool->stride++;
	}
	*out = codes;
	return 0;
}

void codes_free(struct codes *codes)
{
	if (codes == NULL)
		return;
	for (size_t i = 0; i < LENGTHS; i++) {
		free(codes->pools[i].since);
		free(codes->pools[i].heap);
	}
	free(codes);
}
