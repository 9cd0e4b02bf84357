/* changes.h - what was changed on the rota by hand, for commands that need no gateway: read from its database. */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "config/config.h"

/* Points config->plan->rota to *rota.  Without a database there are none; one that cannot be read is a line in `notes`. */
void changes_read(struct config *config, int64_t since_utc_s, struct rota *rota, struct buf *notes);

#endif
