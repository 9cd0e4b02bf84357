/* ports_int.h - the insides of ports, shared by ports.c (opening, bytes) and port_repair.c only. */
#ifndef PORTS_PORTS_INT_H
#define PORTS_PORTS_INT_H

#include "log.h"
#include "ports/ports.h"
#include "ports/seats.h"
#include "ports/transcript.h"
#include "quarantine.h"

enum port_state {
	PORT_CLOSED,
	PORT_ASKED, /* one AT was written: is this a port for commands?  The gateway knows nothing of it */
	PORT_OPEN
};

struct port {
	struct ports *ports;
	size_t index;
	const struct config_modem *modem;
	enum port_state state;
	int fd; /* -1: closed */
	struct watch *watch;
	struct seat_choice choice;
	size_t failures; /* since bytes last came in */
	int64_t due;     /* of the next attempt to open, while closed; of the answer, while asked */
	bool blocked;    /* its buffer is full */
	bool answered;   /* OK or ERROR came since it was opened */
	char locked[32]; /* our lock file's port; "" none */
	char answer[64]; /* the end of what came, while asked */
	char reason[256];  /* last logged, so that a port missing for weeks is one line */
	int64_t hook;      /* the child that cuts its power; 0 none */
	char detached[32]; /* a USB device that is off the bus; "" none */
	int64_t attach_due;
	struct transcript transcript;
	struct strainer strainer;
};

struct ports {
	struct ports_config config; /* its modems are those below */
	struct config_modem modems[CONFIG_MODEMS_MAX];
	struct loop *loop;
	struct gateway *gateway;
	struct seats seats;
	struct log_limit limit;
	int news; /* inotify on /dev; -1 none: what appears is found at the next attempt */
	struct watch *news_watch;
	struct port *at;
	size_t count;
};

/* Closes it and tells the gateway, if it knew of it; the next attempt comes after a pause. */
void port_lost(struct port *port, const char *why, struct when now);

/* Puts back on the bus what an earlier run took off. */
void port_repair_start(struct ports *ports);
bool port_repair_turn(struct port *port, struct when now);
int64_t port_repair_deadline(const struct port *port);
void port_repair_stop(struct port *port);

#endif
