/* serial.h - opens a modem's port, by whatever name it was configured.
 *
 * A real port goes through libserialport, a pseudo-terminal (the simulator's) through its own termios; anything
 * else is refused.  What comes back is a plain non-blocking descriptor: 115200 8N1, raw, no flow control, no
 * hang-up on close (a restart must not drop a call), not inherited by children, locked against others.
 */
#ifndef SERIAL_H
#define SERIAL_H

#include "base/err.h"

/* The descriptor, the caller's to close; or -1 with err: ERR_INVALID (no serial port, no such name), ERR_REFUSED
 * (somebody else has it), ERR_SYSTEM.  Symbolic links are followed anew each time: the link stays when the
 * device behind it comes back under another name. */
int serial_open(const char *name, struct err *err);

#endif
