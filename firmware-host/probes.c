#include "probes.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "fetch.h"

#define LIMIT_MS   15000
#define ANSWER_MAX 262144

#define FLIGHTS    8

struct flight {
	struct probes *probes;
	struct gateway_probe probe; /* id 0: free */
};

struct probes {
	struct loop *loop;
	struct gateway *gateway;
	struct fetches *fetches;
	struct flight flights[FLIGHTS];
};

int probes_new(struct probes **out, struct loop *loop, struct gateway *gateway, struct err *err)
{
	struct probes *probes = calloc(1, sizeof *probes);

	if (probes == NULL)
		return err_nomem(err);
	probes->loop = loop;
	probes->gateway = gateway;
	if (fetches_new(&probes->fetches, loop, err) < 0) {
		free(probes);
		return -1;
	}
	*out = probes;
	return 0;
}

void probes_free(struct probes *probes)
{
	if (probes == NULL)
		return;
	fetches_free(probes->fetches);
	free(probes);
}

static const json_t *follow(const json_t *at, const char *path)
{
	struct span rest = span_of(path);

	while (at != NULL && rest.len > 0) {
		struct span name = span_cut(&rest, '.');
		char key[64];
		int64_t index;

		span_copy(name, key, sizeof key);
		if (json_is_array(at) && span_int(name, &index) && index >= 0)
			at = json_array_get(at, (size_t)index);
		else
			at = json_object_get(at, key);
	}
	return at;
}

static bool number_of(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && span_trim(span_of(end)).len == 0 && *value == *value;
}

bool probes_number(struct span answer, const char *path, double *value)
{
	json_t *root = json_loadb(answer.at, answer.len, JSON_DECODE_ANY, NULL);
	const json_t *at = follow(root, path);
	bool found = false;

	if (json_is_number(at)) {
		*value = json_number_value(at);
		found = true;
	} else if (json_is_string(at)) {
		found = number_of(json_string_value(at), value);
	}
	json_decref(root);
	return found;
}

static void ended(void *owner, const struct fetch_result *result)
{
	struct flight *flight = owner;
	struct probes *probes = flight->probes;
	struct gateway_probed probed = { .id = flight->probe.id,
					 .status = result->status,
					 .why = result->why };

	if (flight->probe.counts && result->status != 0)
		probed.counted = probes_number(result->answer, flight->probe.value, &probed.value);
	flight->probe.id = 0;
	gateway_probed(probes->gateway, &probed, loop_now(probes->loop));
}

static int begin(struct probes *probes, struct flight *flight, struct err *err)
{
	const struct fetch_spec spec = { .url = flight->probe.url,
					 .answer_max = ANSWER_MAX,
					 .limit_ms = LIMIT_MS };

	flight->probes = probes;
	return fetches_start(probes->fetches, &spec, (struct fetch_calls){ ended, flight }, err);
}

static struct flight *free_flight(struct probes *probes)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (probes->flights[i].probe.id == 0)
			return &probes->flights[i];
	return NULL;
}

bool probes_turn(struct probes *probes, struct when now)
{
	struct flight *flight = free_flight(probes);
	struct gateway_probed failed = { 0 };
	struct err err = { 0 };

	fetches_tick(probes->fetches, now);
	if (flight == NULL || !gateway_take_probe(probes->gateway, &flight->probe))
		return false;
	if (begin(probes, flight, &err) < 0) {
		failed.id = flight->probe.id;
		failed.why = err.text;
		flight->probe.id = 0;
		gateway_probed(probes->gateway, &failed, now);
	}
	return true;
}

int64_t probes_deadline(const struct probes *probes)
{
	return fetches_deadline(probes->fetches);
}
