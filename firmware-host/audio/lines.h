/* lines.h - the sound of simulated calls: what a modem's PCM port gives and takes.
 *
 * Beside modem/sim, which knows what is said and pressed: here it is real samples.  Keys become tones of the length, noise and codec that
 * the script wants, what the host says is listened to (caption.h).  Two modems that call each other hear each other.
 */
#ifndef AUDIO_LINES_H
#define AUDIO_LINES_H

#include "audio/sound.h"
#include "base/when.h"
#include "modem/sim/sim.h"

struct lines;

/* The simulator is lent; it may get more modems later. */
int lines_new(struct lines **out, struct sim *sim, uint64_t seed, struct err *err);
void lines_free(struct lines *lines); /* NULL is fine */

void lines_tick(struct lines *lines, struct when now);
int64_t lines_deadline(const struct lines *lines); /* of the next frame, mono_ms, or WHEN_NEVER */

/* A modem's port: does it take octets, which does it give. */
bool lines_takes(const struct lines *lines, size_t modem, struct when now);
void lines_feed(struct lines *lines, size_t modem, struct span bytes, struct when now);
struct span lines_output(const struct lines *lines, size_t modem);
void lines_took(struct lines *lines, size_t modem, size_t n);

#endif
