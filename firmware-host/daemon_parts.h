/* daemon_parts.h - the daemon's insides, shared by its own files only. */
#ifndef DAEMON_PARTS_H
#define DAEMON_PARTS_H

#include "child.h"
#include "control.h"
#include "daemon.h"
#include "feeds.h"
#include "log.h"
#include "ports/pcm.h"
#include "ports/ports.h"
#include "probes.h"
#include "store/history.h"
#include "store/writer.h"
#include "watchdog.h"
#include "webhooks.h"

#define DAEMON_SPEECH_MAX 16 /* texts that are being made into sound */

struct daemon {
	struct config *config; /* its plan has gone to the gateway */
	char path[256];
	char root[200]; /* of the modems' /dev and /sys */
	int lock;       /* the database's */
	struct log_limit log;
	struct loop *loop;
	struct gateway *gateway;
	struct writer *writer;
	struct watch *writer_watch;
	struct history *history;
	struct ports *ports;
	struct children *children;
	struct voices *voices;
	struct pcm *pcm;
	struct {
		int64_t child; /* 0: none */
		int64_t ticket;
	} speech[DAEMON_SPEECH_MAX];
	struct webhooks *webhooks;
	struct probes *probes;
	struct feeds *feeds;
	struct control *control;
	struct watchdog watchdog;
	struct quarantine *quarantine; /* NULL: there is no place for it */
	size_t in_flight;              /* batches at the writer */
	bool clock_doubtful;
	int64_t clock_floor_s; /* the newest stamp that was in the store at the start */
	int64_t stop_due;      /* an orderly stop gives up waiting then; WHEN_NEVER: not stopping */
};

/* A control_calls.request: what the shell knows itself, or else the gateway. */
void daemon_request(void *owner, const struct request *request);

/* What is about weeks and months (daemon_past.c).  False: it is another question. */
bool daemon_past(struct daemon *daemon, const struct request *request);

/* Reads the configuration again and hands the gateway its plan.  0, or -1 with one line per error in `errors`. */
int daemon_reload(struct daemon *daemon, struct buf *errors);

/* A voice_maker.make. */
int daemon_speak(void *owner, int64_t ticket, struct span text);

#endif
