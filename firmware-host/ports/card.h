/* card.h - a modem's USB sound card through ALSA, as if it were a port: octets of 8 kHz, 16 bit, one channel.
 *
 * Only in a build with ALSA=1; another one says so when a card is to be opened.  A card that knows no 8 kHz is run at 16.
 */
#ifndef PORTS_CARD_H
#define PORTS_CARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct card;

bool card_is(const char *place);    /* "alsa:…" */
bool card_found(const char *place); /* is there one by that name */

/* Never blocks.  0 or -1: ERR_SYSTEM, ERR_INVALID (neither rate). */
int card_open(struct card **out, const char *place, struct err *err);
void card_close(struct card *card); /* NULL is fine */

int card_fd(const struct card *card); /* readable when samples are there */
unsigned card_rate(const struct card *card);

/* As read(2) and write(2): octets, or -1 with errno, EAGAIN if there is nothing, or no room.  After an overrun it begins anew. */
ssize_t card_read(struct card *card, void *octets, size_t max);
ssize_t card_write(struct card *card, const void *octets, size_t len);

#endif
