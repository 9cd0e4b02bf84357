/* port_lock.h - the lock files of old: /run/lock/LCK..ttyUSB2, with a process id in it (FHS 3.0, 5.9).
 *
 * Tools that know nothing of flock look for them.  One of a process that is gone is taken over.  Where the directory cannot be
 * written there is no lock file, and that is fine: flock and TIOCEXCL remain.
 */
#ifndef PORTS_PORT_LOCK_H
#define PORTS_PORT_LOCK_H

#include "base/err.h"

/* `port` as in sysfs.  0 (also when there can be no file); or -1 ERR_REFUSED: a living process has it. */
int port_lock(const char *root, const char *port, struct err *err);

/* Removes our own; another process's stays. */
void port_unlock(const char *root, const char *port);

#endif
