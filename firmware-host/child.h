/* child.h - child processes beside the loop: each is handed its input, its output is gathered, and it ends in time or is ended.
 *
 * For whatever may take long or is somebody else's program: speech, hooks, imports.  Nothing here waits.  A child leads its own
 * process group, has no descriptor of ours, dies with us, and everything it may take is limited.
 */
#ifndef CHILD_H
#define CHILD_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "loop.h"

struct children;

int children_new(struct children **out, struct loop *loop, struct err *err);
void children_free(struct children *children); /* ends them all, unheard; NULL is fine */

struct child_spec {
	const char *const
		*argv; /* ends with NULL; argv[0] is looked up in PATH unless it has a slash */
	const char *const
		*env;      /* "NAME=value" beside our own environment, ends with NULL; NULL: none */
	struct span input; /* its standard input, then end of file; copied */
	size_t output_max; /* octets of standard output; one more ends it */
	int64_t limit_ms;  /* then it is killed, with its process group */
	int cpu_s;         /* of processor time; 0: no limit */
	int memory_mb;     /* of address space; 0: no limit */
};

struct child_result {
	int64_t id;
	int status;         /* its exit status; -1: killed, or never began */
	struct span output; /* standard output, until the call returns; whole only with status 0 */
	char why[200]; /* status not 0: in words; in any case with its last line on standard error */
};

struct child_calls {
	void (*ended)(void *owner,
		      const struct child_result *result); /* once, later, from the loop */
	void *owner;
};

/* Its id (> 0), or -1: ERR_NOMEM, ERR_SYSTEM.  A program that is not there ends with status 127. */
int64_t children_start(struct children *children, const struct child_spec *spec,
		       struct child_calls calls, struct when now, struct err *err);

/* Ends it; nobody is told.  An id that has ended is fine. */
void children_stop(struct children *children, int64_t id);

void children_tick(struct children *children, struct when now); /* ends what is overdue */
int64_t children_deadline(const struct children *children);     /* mono_ms, or WHEN_NEVER */

#endif
