#include "webhooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "fetch.h"

#define LIMIT_MS   20000
#define ANSWER_MAX 65536 /* nobody reads it */

#define FLIGHTS    8

struct flight {
	struct webhooks *webhooks;
	int64_t id; /* of the post; 0: free */
};

struct webhooks {
	struct loop *loop;
	struct gateway *gateway;
	struct fetches *fetches;
	struct flight flights[FLIGHTS];
};

int webhooks_new(struct webhooks **out, struct loop *loop, struct gateway *gateway, struct err *err)
{
	struct webhooks *webhooks = calloc(1, sizeof *webhooks);

	if (webhooks == NULL)
		return err_nomem(err);
	webhooks->loop = loop;
	webhooks->gateway = gateway;
	if (fetches_new(&webhooks->fetches, loop, err) < 0) {
		free(webhooks);
		return -1;
	}
	*out = webhooks;
	return 0;
}

void webhooks_free(struct webhooks *webhooks)
{
	if (webhooks == NULL)
		return;
	fetches_free(webhooks->fetches);
	free(webhooks);
}

void webhooks_sign(const char *secret, struct span body, char signature[WEBHOOKS_SIGNATURE])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.len);
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(signature, "sha256=", 8);
	sodium_bin2hex(signature + 7, WEBHOOKS_SIGNATURE - 7, mac, sizeof mac);
}

static void ended(void *owner, const struct fetch_result *result)
{
	struct flight *flight = owner;
	struct webhooks *webhooks = flight->webhooks;

	int64_t id = flight->id;

	flight->id = 0;
	gateway_posted(webhooks->gateway, id, result->status, result->why,
		       loop_now(webhooks->loop));
}

static int begin(struct webhooks *webhooks, const struct gateway_post *post, struct flight *flight,
		 struct err *err)
{
	char signature[WEBHOOKS_SIGNATURE];
	char header[WEBHOOKS_SIGNATURE + 24];
	const char *headers[] = { "Content-Type: application/json", "Expect:", NULL, NULL };
	const struct fetch_spec spec = { .url = post->url,
					 .body = buf_span(&post->body),
					 .headers = headers,
					 .answer_max = ANSWER_MAX,
					 .limit_ms = LIMIT_MS };

	if (post->url[0] == '\0')
		return err_set(err, ERR_INVALID, "it has left the configuration");
	if (post->secret[0] != '\0') {
		webhooks_sign(post->secret, spec.body, signature);
		snprintf(header, sizeof header, "X-Tocsin-Signature: %s", signature);
		headers[2] = header;
	}
	if (fetches_start(webhooks->fetches, &spec, (struct fetch_calls){ ended, flight }, err) < 0)
		return -1;
	*flight = (struct flight){ webhooks, post->id };
	return 0;
}

static struct flight *free_flight(struct webhooks *webhooks)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (webhooks->flights[i].id == 0)
			return &webhooks->flights[i];
	return NULL;
}

bool webhooks_turn(struct webhooks *webhooks, struct when now)
{
	struct flight *flight = free_flight(webhooks);
	struct gateway_post post;
	struct err err = { 0 };

	fetches_tick(webhooks->fetches, now);
	if (flight == NULL || !gateway_take_post(webhooks->gateway, &post))
		return false;
	if (post.body.failed)
		err_nomem(&err);
	else
		begin(webhooks, &post, flight, &err);
	if (err.code != ERR_NONE)
		gateway_posted(webhooks->gateway, post.id, 0, err.text, now);
	buf_free(&post.body);
	return true;
}

int64_t webhooks_deadline(const struct webhooks *webhooks)
{
	return fetches_deadline(webhooks->fetches);
}
