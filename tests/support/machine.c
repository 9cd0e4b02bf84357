#include "tests/support/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"

#define DEVICES "/sys/bus/usb/devices"

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "machine: %s: %s\n", what, strerror(errno));
	abort();
}

void machine_init(struct machine *machine)
{
	*machine = (struct machine){ .root = "/tmp/tocsin-machine-XXXXXX" };
	must(mkdtemp(machine->root) != NULL, machine->root);
	for (size_t i = 0; i < MACHINE_PORTS; i++)
		machine->ports[i].master = -1;
	machine_write(machine, "/run/lock/keep", "");
	machine_write(machine, "/dev/keep", "");
	machine_write(machine, "/proc/keep", "");
}

static void port_free(struct machine *machine, struct machine_port *port)
{
	char path[200];

	snprintf(path, sizeof path, "%s/dev/%s", machine->root, port->name);
	unlink(path);
	if (port->master >= 0)
		close(port->master);
	far_free(&port->far);
	buf_free(&port->heard);
	*port = (struct machine_port){ .master = -1 };
}

void machine_deinit(struct machine *machine)
{
	char command[200];

	for (size_t i = 0; i < MACHINE_PORTS; i++)
		if (machine->ports[i].name[0] != '\0')
			port_free(machine, &machine->ports[i]);
	snprintf(command, sizeof command, "rm -rf '%s'", machine->root);
	must(system(command) == 0, command);
}

void machine_write(struct machine *machine, const char *file, const char *text)
{
	char path[400];
	FILE *out;

	snprintf(path, sizeof path, "%s%s", machine->root, file);
	for (char *at = path + strlen(machine->root) + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	out = fopen(path, "we");
	must(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0, path);
}

void machine_read(struct machine *machine, const char *file, char *text, size_t size)
{
	char path[400];
	FILE *in;
	size_t len = 0;

	snprintf(path, sizeof path, "%s%s", machine->root, file);
	in = fopen(path, "re");
	if (in != NULL) {
		len = fread(text, 1, size - 1, in);
		fclose(in);
	}
	text[len] = '\0';
}

static void attribute(struct machine *machine, const char *device, const char *name,
		      const char *value)
{
	char file[300];

	snprintf(file, sizeof file, DEVICES "/%s/%s", device, name);
	machine_write(machine, file, value);
}

void machine_plug(struct machine *machine, const char *path, unsigned vendor, unsigned product)
{
	char text[16];

	snprintf(text, sizeof text, "%04x\n", vendor);
	attribute(machine, path, "idVendor", text);
	snprintf(text, sizeof text, "%04x\n", product);
	attribute(machine, path, "idProduct", text);
	attribute(machine, path, "busnum", "1\n");
	snprintf(text, sizeof text, "%d\n", ++machine->enumerations);
	attribute(machine, path, "devnum", text);
	attribute(machine, path, "authorized", "1\n");
	attribute(machine, path, "power/control", "auto\n");
}

void machine_class(struct machine *machine, const char *device, int interface, int subclass,
		   int protocol)
{
	char name[64];
	char text[16];

	snprintf(name, sizeof name, "%s:1.%d", device, interface);
	snprintf(text, sizeof text, "%02x\n", (unsigned)subclass);
	attribute(machine, name, "bInterfaceSubClass", text);
	snprintf(text, sizeof text, "%02x\n", (unsigned)protocol);
	attribute(machine, name, "bInterfaceProtocol", text);
}

static void open_pair(struct machine *machine, struct machine_port *port)
{
	char path[200];
	char slave_name[64];
	int slave;

	must(openpty(&port->master, &slave, slave_name, NULL, NULL) == 0, "openpty");
	fcntl(port->master, F_SETFL, O_NONBLOCK);
	fcntl(port->master, F_SETFD, FD_CLOEXEC);
	snprintf(path, sizeof path, "%s/dev/%s", machine->root, port->name);
	unlink(path);
	must(symlink(slave_name, path) == 0, path);
	close(slave);
}

struct machine_port *machine_port(struct machine *machine, const char *device, int interface,
				  const char *name, enum machine_kind kind)
{
	struct machine_port *port = machine_find(machine, "");
	char file[200];
	char text[16];

	must(port != NULL, "too many ports");
	*port = (struct machine_port){ .kind = kind };
	span_copy(span_of(name), port->name, sizeof port->name);
	span_copy(span_of(device), port->device, sizeof port->device);
	snprintf(file, sizeof file, "%s:1.%d", device, interface);
	snprintf(text, sizeof text, "%02x\n", (unsigned)interface);
	attribute(machine, file, "bInterfaceNumber", text);
	machine_class(machine, device, interface, 0, 0);
	/* As usb-serial has it, and cdc-acm. */
	snprintf(file, sizeof file,
		 strncmp(name, "ttyACM", 6) == 0 ? DEVICES "/%s:1.%d/tty/%s/dev"
						 : DEVICES "/%s:1.%d/%s/dev",
		 device, interface, name);
	machine_write(machine, file, "188:0\n");
	snprintf(file, sizeof file, "/sys/class/tty/%s/dev", name);
	snprintf(text, sizeof text, "188:%d\n", (int)(port - machine->ports));
	machine_write(machine, file, text);
	open_pair(machine, port);
	return port;
}

void machine_unplug(struct machine *machine, const char *path)
{
	char command[300];

	for (size_t i = 0; i < MACHINE_PORTS; i++)
		if (machine->ports[i].name[0] != '\0' &&
		    strcmp(machine->ports[i].device, path) == 0)
			port_free(machine, &machine->ports[i]);
	snprintf(command, sizeof command, "rm -rf '%s" DEVICES "/%s' '%s" DEVICES "/%s:'*",
		 machine->root, path, machine->root, path);
	must(system(command) == 0, command);
}

void machine_repower(struct machine *machine, struct machine_port *port)
{
	close(port->master);
	open_pair(machine, port);
}

struct machine_port *machine_find(struct machine *machine, const char *name)
{
	for (size_t i = 0; i < MACHINE_PORTS; i++)
		if (strcmp(machine->ports[i].name, name) == 0)
			return &machine->ports[i];
	return NULL;
}

static void answer(struct machine_port *port, struct span bytes)
{
	static const char diag[] = "\x7e\x10\x00\x4f\x4b\x0d\x7e";
	static const char nmea[] = "$GPGGA,,,,,,0,,,,,,,,*66\r\n";

	if (port->kind == MACHINE_MODEM)
		far_feed(&port->far, bytes);
	else if (port->kind == MACHINE_DIAG)
		buf_add(&port->far.out, (struct span){ diag, sizeof diag - 1 });
	else if (port->kind == MACHINE_NMEA)
		buf_add_text(&port->far.out, nmea);
}

static bool run_port(struct machine *machine, struct machine_port *port)
{
	char bytes[4096];
	ssize_t n = read(port->master, bytes, sizeof bytes);
	bool moved = n > 0;

	if (n > 0) {
		struct span got = { bytes, (size_t)n };

		machine->heard += n;
		buf_add(&port->heard, got);
		answer(port, got);
	}
	if (port->far.out.len > 0 &&
	    (n = write(port->master, port->far.out.at, port->far.out.len)) > 0) {
		machine->said += n;
		buf_drop(&port->far.out, (size_t)n);
		moved = true;
	}
	return moved;
}

bool machine_run(struct machine *machine)
{
	bool moved = false;

	for (size_t i = 0; i < MACHINE_PORTS; i++)
		if (machine->ports[i].name[0] != '\0')
			moved |= run_port(machine, &machine->ports[i]);
	return moved;
}
