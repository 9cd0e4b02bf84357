/* replying.h - one text from somebody in the roster while it is acted on.  For replies.c, replying.c, replying_life.c and
 * replying_rota.c alone. */
#ifndef CORE_REPLYING_H
#define CORE_REPLYING_H

#include "core/inside.h"
#include "dialplan/reply.h"

#define WAITING_MAX 256 /* messages that wait on one phone; bundling keeps them few */

struct asker {
	const struct plan_person *person;
	const char *number;
	struct when now;
};

struct choice {
	int64_t *pages; /* of a storm all of them: replying_choice_free() */
	size_t count, cap;
	size_t messages; /* notices (or owned pages) they come from */
	bool named;      /* by code */
};

/* They meant something: what is said to them from here on starts anew (PASSIVE_MAX). */
void replying_did(struct gateway *g, const struct asker *asker);

void replying_choose(struct choice *choice, int64_t page);
void replying_choice_free(struct choice *choice); /* what it holds */

/* A text to who asks: head (ours), then foreign words, cut to one segment. */
void replying_text(struct gateway *g, const struct asker *asker, int64_t page, const char *head,
		   struct span rest);
/* The head, then the codes and first words of these pages. */
void replying_list(struct gateway *g, const struct asker *asker, const struct choice *choice,
		   const char *head);

/* Each does it, answers, and gives back its name for the row of the received text. */
const char *replying_ack(struct gateway *g, const struct asker *asker, const struct choice *choice,
			 const char *how);
const char *replying_pass(struct gateway *g, const struct asker *asker,
			  const struct choice *choice);
const char *replying_done(struct gateway *g, const struct asker *asker,
			  const struct choice *choice);
const char *replying_update(struct gateway *g, const struct asker *asker,
			    const struct choice *choice, struct span words);
const char *replying_more(struct gateway *g, const struct asker *asker,
			  const struct choice *choice);
/* take and out: replying_rota.c. */
const char *replying_rota(struct gateway *g, const struct asker *asker, const struct reply *reply);
const char *replying_backup(struct gateway *g, const struct asker *asker,
			    const struct choice *choice);
const char *replying_defer(struct gateway *g, const struct asker *asker,
			   const struct choice *choice, struct span reason);
const char *replying_role(struct gateway *g, const struct asker *asker, const struct choice *choice,
			  const struct reply *reply);
const char *replying_status(struct gateway *g, const struct asker *asker);
const char *replying_who(struct gateway *g, const struct asker *asker);
const char *replying_help(struct gateway *g, const struct asker *asker, const char *head);

#endif
