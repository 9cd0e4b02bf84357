/* setup.h - what the programs need from the machine before anything runs: the configuration file, the database's
 * place and lock, this boot's name, a seed. */
#ifndef SETUP_H
#define SETUP_H

#include "base/when.h"
#include "config/config.h"
#include "core/gateway.h"

/* The whole file, at most 4 MiB.  0, or -1: ERR_SYSTEM, ERR_INVALID (too long). */
int setup_read(const char *path, struct buf *text, struct err *err);

/* Reads and checks a configuration file; as config_parse, a file that cannot be read being one more line in `errors`. */
int setup_config(const char *path, struct config **out, struct buf *errors, struct buf *warnings);

/* Its errors or warnings on standard error, `kind` ("warning: ") before the words: "FILE:7: ..." as compilers write them; what
 * is about the whole file says which program speaks. */
void setup_tell(const char *program, const char *path, const char *kind, const struct buf *lines);

/* The configured modems as the gateway wants them, `modems` with room for GATEWAY_MODEMS_MAX. */
void setup_modems(const struct config *config, struct gateway_modem *modems);

/* Makes the database's directory if it is missing (mode 0700), and locks the database for this process by
 * a file "….lock" beside it.  The descriptor, to be kept open; or -1: ERR_REFUSED (another process runs on it), ERR_SYSTEM. */
int setup_lock(const char *database, struct err *err);

/* What names this boot of the machine. */
int setup_boot(char boot[40], struct err *err);

int setup_seed(uint64_t *seed, struct err *err);

/* Whether the wall clock can be right: not before this program was written, nor before the newest stamp in the store. */
bool setup_clock_trusted(struct when now, int64_t last_utc_s);

#endif
