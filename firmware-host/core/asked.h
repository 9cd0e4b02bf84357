/* asked.h - one request while it is carried out.  For requests.c and intake.c alone. */
#ifndef CORE_ASKED_H
#define CORE_ASKED_H

#include "core/inside.h"

#define STATUS_REFUSED 1
#define STATUS_USAGE   2

struct asked {
	struct gateway *g;
	const struct request *request;
	struct when now;
	struct buf out;
	struct jsonw
		json; /* an object is open: "ok" and "status" are put behind what the command writes */
	bool accepts;
	struct err err;
};

const char *asked_get(const struct asked *asked, const char *key); /* NULL: not given, or empty */
bool asked_flag(const struct asked *asked, const char *key);
int asked_usage(struct asked *asked, const char *what);  /* STATUS_USAGE, with the reason */
int asked_refuse(struct asked *asked, const char *what); /* STATUS_REFUSED, with the reason */

/* ---- intake.c ---- */
int intake_page(struct asked *asked);
int intake_incident(struct asked *asked);

#endif
