/* webhooks.h - carries the gateway's news to webhooks, signed, while there is a network.
 *
 * Over fetch.h.
 */
#ifndef WEBHOOKS_H
#define WEBHOOKS_H

#include "core/gateway.h"
#include "loop.h"

struct webhooks;

int webhooks_new(struct webhooks **out, struct loop *loop, struct gateway *gateway,
		 struct err *err);
void webhooks_free(struct webhooks *webhooks); /* before the gateway; NULL is fine */

/* Begins what is due; true when there was something. */
bool webhooks_turn(struct webhooks *webhooks, struct when now);
int64_t webhooks_deadline(const struct webhooks *webhooks); /* mono_ms, or WHEN_NEVER */

/* "sha256=" and the HMAC-SHA-256 of the body under the secret, in hex: what X-Tocsin-Signature says. */
#define WEBHOOKS_SIGNATURE 72
void webhooks_sign(const char *secret, struct span body, char signature[WEBHOOKS_SIGNATURE]);

#endif
