#include "cli/changes.h"

#include <unistd.h>

#include "dialplan/rota.h"
#include "store/history.h"

void changes_read(struct config *config, int64_t since_utc_s, struct rota *rota, struct buf *notes)
{
	struct history *history = NULL;
	struct err err = { 0 };

	*rota = (struct rota){ 0 };
	config->plan->rota = rota;
	if (access(config->database, F_OK) < 0)
		return;
	if (history_open(&history, config->database, &err) < 0 ||
	    history_rota(history, since_utc_s, rota, &err) < 0)
		buf_addf(notes, "overrides and absences are not counted: %s\n", err.text);
	history_close(history);
}
