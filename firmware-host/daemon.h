/* daemon.h - tocsind's one turn: inputs to the gateway, its batches to the writer, its outputs to ports and clients.
 *
 * Owns everything it is built from.  Nothing in it waits: the disk is the writer's thread, ports and clients are
 * non-blocking.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "config/config.h"

struct daemon;

/* Opens the database, gives the gateway what is in it, and listens.  Takes the configuration over, also on failure.
 * path is where it was read from, for a reload; root is where the modems' /dev and /sys are, "" the machine's own. */
int daemon_new(struct daemon **out, struct config *config, const char *path, const char *root,
	       struct err *err);

/* Runs until a signal asks for the end and everything accepted is on disk.  0, or -1 with err. */
int daemon_run(struct daemon *daemon, struct err *err);
void daemon_free(struct daemon *daemon); /* NULL is fine */

#endif
