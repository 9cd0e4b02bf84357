/* sim_pty.h - a pseudo-terminal that passes for a modem's serial port, under a name that stays.
 *
 * Raw from the start (a fresh one echoes), and with a slave descriptor of its own held open: without one the master hangs
 * up whenever the host closes the port.  Closing it is what unplugging a USB modem is: the host's descriptor
 * hangs up and the name is gone.
 */
#ifndef FIRMWARE_HOST_SIM_PTY_H
#define FIRMWARE_HOST_SIM_PTY_H

#include "base/err.h"

struct sim_pty {
	int master; /* non-blocking; -1 closed */
	int slave;
	char link[512]; /* DIR/NAME, a symbolic link to the slave */
};

/* Opens one and points the link at it (an old link is replaced; anything else in its place is an error).
 * 0 or -1. */
int sim_pty_open(struct sim_pty *pty, const char *dir, const char *name, struct err *err);

/* Hangs up and removes the link.  May be repeated. */
void sim_pty_close(struct sim_pty *pty);

#endif
