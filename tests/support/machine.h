/* machine.h - a made-up machine below a directory: sysfs, /dev and /run, with pseudo-terminals for serial ports, each with a scripted
 * modem (far_end.h) or something else behind it. */
#ifndef TESTS_SUPPORT_MACHINE_H
#define TESTS_SUPPORT_MACHINE_H

#include <stdbool.h>

#include "tests/support/far_end.h"

#define MACHINE_PORTS 16

enum machine_kind {
	MACHINE_MODEM, /* answers */
	MACHINE_MUTE,  /* takes what is written, says nothing */
	MACHINE_NMEA,  /* talks all the time, answers nothing */
	MACHINE_DIAG   /* binary */
};

struct machine_port {
	char name[32]; /* "ttyUSB2"; "" unused */
	char device[32];
	enum machine_kind kind;
	int master;
	struct far_end far;
	struct buf heard; /* all that was written to it, whatever the kind */
};

struct machine {
	char root[64];
	int enumerations;
	int64_t said, heard; /* bytes written to all cables, and read from them */
	struct machine_port ports[MACHINE_PORTS];
};

void machine_init(struct machine *machine);
void machine_deinit(struct machine *machine);

/* A device "1-1.2"; the next address on bus 1. */
void machine_plug(struct machine *machine, const char *path, unsigned vendor, unsigned product);

/* A port of it; `class` is "ff/01/02" or NULL for ff/00/00. */
struct machine_port *machine_port(struct machine *machine, const char *device, int interface,
				  const char *name, enum machine_kind kind);
void machine_class(struct machine *machine, const char *device, int interface, int subclass,
		   int protocol);
void machine_unplug(struct machine *machine, const char *path); /* with all its ports */

/* It hangs up and is there again under the same name, in the same enumeration. */
void machine_repower(struct machine *machine, struct machine_port *port);

struct machine_port *machine_find(struct machine *machine, const char *name);

/* What goes over the cables; true when anything did. */
bool machine_run(struct machine *machine);

/* Files below the root; directories are made. */
void machine_write(struct machine *machine, const char *file, const char *text);
void machine_read(struct machine *machine, const char *file, char *text, size_t size);

#endif
