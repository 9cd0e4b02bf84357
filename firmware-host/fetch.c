#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"

#define CONNECT_MS  10000L
#define REDIRECTS   3L
#define AT_ONCE_MAX 8L

struct fetches {
	struct loop *loop;
	CURLM *multi;
	int64_t due; /* mono_ms: libcurl wants to be called; WHEN_NEVER */
	struct fetch *first;
};

struct fetch {
	struct fetches *all;
	struct fetch *next;
	CURL *easy;
	struct curl_slist *headers;
	struct fetch_calls calls;
	struct buf answer;
	size_t answer_max;
	bool too_long;
	char error[CURL_ERROR_SIZE];
};

struct wire { /* one of libcurl's sockets */
	struct fetches *all;
	curl_socket_t fd;
	struct watch *watch;
	int what;
};

/* ---- ends -------------------------------------------------------------- */

static void fetch_free(struct fetch *fetch)
{
	if (fetch->easy != NULL) {
		curl_multi_remove_handle(fetch->all->multi, fetch->easy);
		curl_easy_cleanup(fetch->easy);
	}
	curl_slist_free_all(fetch->headers);
	buf_free(&fetch->answer);
	free(fetch);
}

static void unlink_fetch(struct fetch *fetch)
{
	struct fetch **at = &fetch->all->first;

	while (*at != fetch)
		at = &(*at)->next;
	*at = fetch->next;
}

static void end(struct fetch *fetch, CURLcode code)
{
	struct fetch_result result = { 0 };
	long status = 0;

	if (code == CURLE_OK) {
		curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
		result.status = (int)status;
		result.answer = buf_span(&fetch->answer);
	} else {
		span_copy(span_of(fetch->too_long           ? "the answer is too long"
				  : fetch->error[0] != '\0' ? fetch->error
							    : curl_easy_strerror(code)),
			  result.why, sizeof result.why);
	}
	unlink_fetch(fetch);
	fetch->calls.ended(fetch->calls.owner, &result);
	fetch_free(fetch);
}

static void take_ended(struct fetches *all)
{
	int left;

	for (CURLMsg *message = curl_multi_info_read(all->multi, &left); message != NULL;
	     message = curl_multi_info_read(all->multi, &left)) {
		CURLcode code = message->data.result;
		struct fetch *fetch = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&fetch);
		end(fetch, code);
	}
}

static void act(struct fetches *all, curl_socket_t fd, int what)
{
	int running;

	curl_multi_socket_action(all->multi, fd, what, &running);
	take_ended(all);
}

/* ---- libcurl's sockets and its timer in our loop ----------------------- */

static void readable(void *owner)
{
	const struct wire *wire = owner;

	act(wire->all, wire->fd, CURL_CSELECT_IN);
}

static void writable(void *owner)
{
	const struct wire *wire = owner;

	act(wire->all, wire->fd, CURL_CSELECT_OUT);
}

static struct wire *wire_new(struct fetches *all, curl_socket_t fd)
{
	struct wire *wire = calloc(1, sizeof *wire);
	struct err ignored = { 0 };

	if (wire == NULL)
		return NULL;
	wire->all = all;
	wire->fd = fd;
	if (loop_watch(all->loop, &wire->watch, fd,
		       (struct watch_calls){ readable, writable, wire }, &ignored) < 0) {
		free(wire);
		return NULL;
	}
	curl_multi_assign(all->multi, fd, wire);
	return wire;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *owner, void *of)
{
	struct fetches *all = owner;
	struct wire *wire = of;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (wire != NULL)
			watch_free(wire->watch);
		free(wire);
		return 0;
	}
	if (wire == NULL)
		wire = wire_new(all, fd);
	if (wire == NULL)
		return -1;
	watch_read(wire->watch, (what & CURL_POLL_IN) != 0);
	watch_write(wire->watch, (what & CURL_POLL_OUT) != 0);
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *owner)
{
	struct fetches *all = owner;

	(void)multi;
	all->due = ms < 0 ? WHEN_NEVER : loop_now(all->loop).mono_ms + ms;
	return 0;
}

void fetches_tick(struct fetches *all, struct when now)
{
	if (all->due > now.mono_ms)
		return;
	all->due = WHEN_NEVER;
	act(all, CURL_SOCKET_TIMEOUT, 0);
}

int64_t fetches_deadline(const struct fetches *all)
{
	return all->due;
}

/* ---- beginning --------------------------------------------------------- */

int fetches_new(struct fetches **out, struct loop *loop, struct err *err)
{
	struct fetches *all = calloc(1, sizeof *all);

	if (all == NULL)
		return err_nomem(err);
	all->loop = loop;
	all->due = WHEN_NEVER;
	*out = all;
	return 0;
}

/* libcurl, once something is asked: it costs memory that most gateways never need. */
static int wake(struct fetches *all, struct err *err)
{
	if (all->multi != NULL)
		return 0;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_SYSTEM, "libcurl cannot be initialised");
	all->multi = curl_multi_init();
	if (all->multi == NULL) {
		curl_global_cleanup();
		return err_nomem(err);
	}
	curl_multi_setopt(all->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(all->multi, CURLMOPT_SOCKETDATA, all);
	curl_multi_setopt(all->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(all->multi, CURLMOPT_TIMERDATA, all);
	curl_multi_setopt(all->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, AT_ONCE_MAX);
	return 0;
}

void fetches_free(struct fetches *all)
{
	if (all == NULL)
		return;
	while (all->first != NULL) {
		struct fetch *fetch = all->first;

		all->first = fetch->next;
		fetch_free(fetch);
	}
	if (all->multi != NULL) {
		curl_multi_cleanup(all->multi);
		curl_global_cleanup();
	}
	free(all);
}

static size_t on_answer(const void *bytes, size_t size, size_t count, void *owner)
{
	struct fetch *fetch = owner;

	if (fetch->answer.len + size * count > fetch->answer_max) {
		fetch->too_long = true;
		return 0;
	}
	buf_add(&fetch->answer, (struct span){ bytes, size * count });
	return fetch->answer.failed ? 0 : size * count;
}

static void set_up(struct fetch *fetch, const struct fetch_spec *spec)
{
	CURL *easy = fetch->easy;

	curl_easy_setopt(easy, CURLOPT_URL, spec->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)fetch);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)spec->limit_ms);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "tocsin");
	if (spec->body.len > 0) { /* a POST is not repeated elsewhere */
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)spec->body.len);
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, spec->body.at);
	} else {
		curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
		curl_easy_setopt(easy, CURLOPT_MAXREDIRS, REDIRECTS);
	}
}

static bool add_headers(struct fetch *fetch, const char *const *headers)
{
	for (; headers != NULL && *headers != NULL; headers++) {
		struct curl_slist *longer = curl_slist_append(fetch->headers, *headers);

		if (longer == NULL)
			return false;
		fetch->headers = longer;
	}
	return true;
}

int fetches_start(struct fetches *all, const struct fetch_spec *spec, struct fetch_calls calls,
		  struct err *err)
{
	struct fetch *fetch;

	if (wake(all, err) < 0)
		return -1;
	fetch = calloc(1, sizeof *fetch);
	if (fetch == NULL)
		return err_nomem(err);
	fetch->all = all;
	fetch->calls = calls;
	fetch->answer_max = spec->answer_max;
	fetch->easy = curl_easy_init();
	if (fetch->easy == NULL || !add_headers(fetch, spec->headers)) {
		fetch_free(fetch);
		return err_nomem(err);
	}
	set_up(fetch, spec);
	if (curl_multi_add_handle(all->multi, fetch->easy) != CURLM_OK) {
		fetch_free(fetch);
		return err_set(err, ERR_INVALID, "%.100s: libcurl does not take it", spec->url);
	}
	fetch->next = all->first;
	all->first = fetch;
	return 0;
}
