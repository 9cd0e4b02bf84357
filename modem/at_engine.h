/* at_engine.h - the AT conversation: one command in flight, its prompt, its deadline, its final result.
 *
 * There is no queue of written-out commands: whoever owns the engine decides what to say next when it is idle, so that nothing
 * stale is ever said.  Plain storage; only the output is allocated.
 *
 * An answer that comes after its deadline must not be taken for the next command's.  After a command without an answer
 * the engine therefore says AT by itself, and is idle again once that is answered and the line was quiet for AT_QUIET_MS.
 */
#ifndef MODEM_AT_ENGINE_H
#define MODEM_AT_ENGINE_H

#include "base/buf.h"
#include "base/when.h"
#include "modem/at_final.h"
#include "modem/at_lexer.h"
#include "modem/pdu.h"

#define AT_QUIET_MS  300
#define AT_SYNC_MS   1000 /* an AT of the engine's own must be answered within */
#define AT_ESCAPE_MS 1000 /* what ESC is answered with, if at all */
#define AT_HURRY_MS  2000 /* between an answer's line and a final result that may be missing */
#define AT_SLEEP_MS  1000 /* quiet for so long, one that sleeps does not hear what comes first */
#define AT_SLEPT     2    /* commands lost that way: from then on an AT goes in front */
#define AT_MISSES    3    /* commands in a row without an answer: the modem is deaf */

struct at_command {
	struct span text; /* without the CR; lives on until the command has ended */
	struct span
		body; /* written after the prompt, with a Ctrl-Z; empty: no prompt will come.  Copied */
	const char *
		prefix; /* how the lines of its answer begin; "": any but a known notice; NULL: none.  Lives on */
	int64_t timeout_ms; /* to the final result; with a body, counted from the body */
	int64_t prompt_ms;
	int64_t line_ms; /* to the next line of the answer, within timeout_ms; 0: as long as that */
	unsigned flags;  /* AT_FINAL_DIAL, AT_FINAL_NUMERIC */
	bool must_answer; /* OK without a line of answer was some earlier command's */
};

enum at_event_kind {
	AT_EVENT_NONE,
	AT_EVENT_LINE,      /* `text`; `reply` when it may belong to the command in flight */
	AT_EVENT_FINAL,     /* `final`: the command has ended */
	AT_EVENT_NO_PROMPT, /* the command was given up, no body was written */
	AT_EVENT_STRAY,     /* `text`: a final result, and no command of ours is in flight */
	AT_EVENT_SILENT,    /* no final result in its time */
	AT_EVENT_DEAF, /* AT_MISSES in a row; the engine is idle and does nothing more by itself */
};

struct at_event {
	enum at_event_kind kind;
	struct span text; /* borrowed until the next call */
	bool reply;
	struct at_final final;
	bool body_written; /* before this final result */
};

enum at_engine_state {
	AT_IDLE,
	AT_WAITING,  /* for the final result */
	AT_PROMPTED, /* for the prompt */
	AT_ESCAPING, /* ESC was written: until OK, ERROR or silence */
	AT_SYNCING,  /* our own AT was written */
	AT_QUIETING, /* it was answered: until nothing more comes */
	AT_WAKING,   /* an AT was written in front of the command, which may go unheard */
};

struct at_engine { /* fields private */
	enum at_engine_state state;
	struct at_lexer lexer;
	struct buf out;
	struct at_command command;
	char body[PDU_HEX_MAX];
	int64_t deadline;
	int64_t limit; /* of the command in flight, when each of its lines has a deadline of its own */
	int misses;
	int64_t heard_ms,
		said_ms; /* mono_ms of the last byte from it, and of the last command before which it was quiet */
	int slept;      /* commands that nothing answered, when an AT behind them was: it sleeps */
	bool unheard;   /* not a byte since the command whose silence led to our AT */
	bool answered;  /* a line of the answer was seen */
	bool late_send; /* a send was given up after its body: its result may still come */
	bool late_prompt; /* a send was given up before its prompt, which may still come */
	bool skip_final;
};

void at_engine_free(struct at_engine *engine);

/* The port was opened, closed, or the modem restarted: nothing is in flight, nothing waits to be written. */
void at_engine_reset(struct at_engine *engine);

bool at_engine_idle(const struct at_engine *engine);

/* Only when idle. */
void at_engine_start(struct at_engine *engine, const struct at_command *command, struct when now);

/* Bytes outside any command: ESC and the like.  Only when idle. */
void at_engine_write(struct at_engine *engine, struct span bytes);

/* The final result of the command in flight is needed no more: at most ms longer. */
void at_engine_hurry(struct at_engine *engine, int64_t ms, struct when now);

/* The command in flight now has timeout_ms in all, if that is less than it had. */
void at_engine_limit(struct at_engine *engine, int64_t timeout_ms);

/* Takes bytes off *bytes up to the next event.  False: all are eaten. */
bool at_engine_next(struct at_engine *engine, struct span *bytes, struct when now,
		    struct at_event *event);

/* What time alone brings; call until false. */
bool at_engine_tick(struct at_engine *engine, struct when now, struct at_event *event);
int64_t at_engine_deadline(const struct at_engine *engine);

#endif
