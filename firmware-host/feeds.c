#include "feeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch.h"
#include "setup.h"

#define AGAIN_MS  INT64_C(900000) /* 15 min */
#define RETRY_MS  INT64_C(120000) /* after a failure */
#define WEBCAL    "webcal://"
#define FETCH_MS  60000
#define CHILD_MS  20000
#define CHILD_CPU 5
#ifdef __SANITIZE_ADDRESS__
#define CHILD_MB 0 /* its shadow alone is larger than any limit */
#else
#define CHILD_MB 512
#endif
#define FEED_MAX ((size_t)8 * 1024 * 1024)
#define PAST_S   3456000  /* 40 days: shifts that are kept behind … */
#define AHEAD_S  34560000 /* … and 400 days ahead */

struct feed {
	struct feeds *feeds;
	struct feed *next; /* every feed there ever was */
	struct gateway_calendar_source source;
	int64_t due; /* mono_ms of the next reading */
	bool busy;
	bool gone; /* the configuration has it no more: its answer is not wanted */
};

struct feeds {
	struct loop *loop;
	struct children *children;
	struct gateway *gateway;
	struct fetches *fetches;
	struct feed *first;
	bool again;
	char program[300];
};

/* Beside this program, as it is installed and built. */
static void find_program(char program[300])
{
	char own[256];
	ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
	char *slash;

	own[len < 0 ? 0 : len] = '\0';
	slash = strrchr(own, '/');
	if (slash != NULL)
		*slash = '\0';
	snprintf(program, 300, "%s%stocsin-ics", slash == NULL ? "" : own,
		 slash == NULL ? "" : "/");
}

int feeds_new(struct feeds **out, struct loop *loop, struct children *children,
	      struct gateway *gateway, struct err *err)
{
	struct feeds *feeds = calloc(1, sizeof *feeds);

	if (feeds == NULL)
		return err_nomem(err);
	feeds->loop = loop;
	feeds->children = children;
	feeds->gateway = gateway;
	feeds->again = true;
	find_program(feeds->program);
	if (fetches_new(&feeds->fetches, loop, err) < 0) {
		free(feeds);
		return -1;
	}
	*out = feeds;
	return 0;
}

void feeds_free(struct feeds *feeds)
{
	if (feeds == NULL)
		return;
	fetches_free(feeds->fetches);
	while (feeds->first != NULL) {
		struct feed *next = feeds->first->next;

		free(feeds->first);
		feeds->first = next;
	}
	free(feeds);
}

void feeds_again(struct feeds *feeds)
{
	feeds->again = true;
}

/* ---- one reading ---- */

/* The feed is free again, and due after a while.  False: nobody wants its answer. */
static bool over(struct feed *feed, int64_t pause_ms)
{
	feed->busy = false;
	feed->due = loop_now(feed->feeds->loop).mono_ms + pause_ms;
	return !feed->gone;
}

static void failed(struct feed *feed, const char *why)
{
	struct feeds *feeds = feed->feeds;

	if (over(feed, RETRY_MS))
		gateway_calendar_failed(feeds->gateway, feed->source.rotation, why,
					loop_now(feeds->loop));
}

static void child_ended(void *owner, const struct child_result *result)
{
	struct feed *feed = owner;
	struct feeds *feeds = feed->feeds;

	if (result->status != 0)
		failed(feed, result->why);
	else if (over(feed, AGAIN_MS))
		gateway_calendar(feeds->gateway, feed->source.rotation, result->output,
				 loop_now(feeds->loop));
}

static void import(struct feed *feed, struct span text)
{
	struct feeds *feeds = feed->feeds;
	struct when now = loop_now(feeds->loop);
	char from[24];
	char until[24];
	const char *const argv[] = { feeds->program, from, until, feed->source.zone, NULL };
	const struct child_spec spec = { .argv = argv,
					 .input = text,
					 .output_max = FEED_MAX,
					 .limit_ms = CHILD_MS,
					 .cpu_s = CHILD_CPU,
					 .memory_mb = CHILD_MB };
	struct err err = { 0 };

	snprintf(from, sizeof from, "%lld", (long long)now.utc_s - PAST_S);
	snprintf(until, sizeof until, "%lld", (long long)now.utc_s + AHEAD_S);
	if (children_start(feeds->children, &spec, (struct child_calls){ child_ended, feed }, now,
			   &err) < 0)
		failed(feed, err.text);
}

static void fetched(void *owner, const struct fetch_result *result)
{
	struct feed *feed = owner;
	char why[40];

	snprintf(why, sizeof why, "the server answered %d", result->status);
	if (result->status == 0)
		failed(feed, result->why);
	else if (result->status != 200)
		failed(feed, why);
	else
		import(feed, result->answer);
}

static void fetch(struct feed *feed)
{
	struct feeds *feeds = feed->feeds;
	const char *place = feed->source.place;
	char url[sizeof feed->source.place];
	const struct fetch_spec spec = { .url = url, .answer_max = FEED_MAX, .limit_ms = FETCH_MS };
	struct err err = { 0 };

	/* a calendar program's name for https */
	if (span_starts(span_of(place), WEBCAL))
		snprintf(url, sizeof url, "https://%.240s", place + strlen(WEBCAL));
	else
		span_copy(span_of(place), url, sizeof url);
	if (fetches_start(feeds->fetches, &spec, (struct fetch_calls){ fetched, feed }, &err) < 0)
		failed(feed, err.text);
}

static void read_file(struct feed *feed)
{
	struct buf text = { 0 };
	struct err err = { 0 };

	if (setup_read(feed->source.place, &text, &err) < 0)
		failed(feed, err.text);
	else
		import(feed, buf_span(&text));
	buf_free(&text);
}

static void begin(struct feed *feed)
{
	feed->busy = true;
	if (feed->source.place[0] == '/')
		read_file(feed);
	else
		fetch(feed);
}

/* ---- all of them ---- */

static struct feed *find(struct feeds *feeds, const struct gateway_calendar_source *source)
{
	for (struct feed *feed = feeds->first; feed != NULL; feed = feed->next)
		if (strcmp(feed->source.rotation, source->rotation) == 0 &&
		    strcmp(feed->source.place, source->place) == 0 &&
		    strcmp(feed->source.zone, source->zone) == 0)
			return feed;
	return NULL;
}

/* As the gateway's plan has them now. */
static void gather(struct feeds *feeds)
{
	struct gateway_calendar_source source;

	feeds->again = false;
	for (struct feed *feed = feeds->first; feed != NULL; feed = feed->next)
		feed->gone = true;
	for (size_t i = 0; gateway_calendar_source(feeds->gateway, i, &source); i++) {
		struct feed *feed = find(feeds, &source);

		if (feed == NULL) {
			feed = calloc(1, sizeof *feed);
			if (feed == NULL)
				return;
			feed->feeds = feeds;
			feed->source = source;
			feed->next = feeds->first;
			feeds->first = feed;
		}
		feed->gone = false;
		feed->due = 0;
	}
}

void feeds_tick(struct feeds *feeds, struct when now)
{
	fetches_tick(feeds->fetches, now);
	if (feeds->again)
		gather(feeds);
	for (struct feed *feed = feeds->first; feed != NULL; feed = feed->next)
		if (!feed->busy && !feed->gone && feed->due <= now.mono_ms)
			begin(feed);
}

int64_t feeds_deadline(const struct feeds *feeds)
{
	int64_t due = fetches_deadline(feeds->fetches);

	for (const struct feed *feed = feeds->first; feed != NULL; feed = feed->next)
		if (!feed->busy && !feed->gone)
			due = when_sooner(due, feed->due);
	return due;
}
