/* The real daemon on a made-up machine: finds its modem by IMEI, loses it, finds it under another name, keeps what was said, and
 * gives systemd its signs of life. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/machine.h"
#include "tests/support/program.h"
#include "tests/support/unit.h"

#define IMEI  "867723030012341"
#define LOOKS 300

static struct machine machine;
static struct program tocsind, tocsin;
static char config[100], signs[100], transcript[100], sock[100];
static int listener;
static int ready_signs, life_signs, stop_signs;

static void write_config(void)
{
	char text[1500];

	snprintf(text, sizeof text,
		 "country = \"1\"; socket = \"%s\"; database = \"%s/db/tocsin.db\";\n"
		 "people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
		 "  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
		 "rotations = ( { name = \"r\"; members = [ \"ada\", \"bob\" ]; starts = "
		 "\"2026-01-05 10:00\"; } );\n"
		 "policies = ( { name = \"p\"; steps = ( { to = [ \"target\" ]; } ); } );\n"
		 "default_rotation = \"r\"; operators = [ \"bob\" ];\n"
		 "modems = ( { name = \"alpha\"; imei = \"" IMEI "\"; } );\n",
		 sock, machine.root);
	machine_write(&machine, "/tocsin.cfg", text);
}

static void listen_for_signs(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(signs, sizeof signs, "%s/notify", machine.root);
	memcpy(address.sun_path, signs, strlen(signs));
	listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CHECK(bind(listener, (const struct sockaddr *)&address, sizeof address) == 0);
	setenv("NOTIFY_SOCKET", signs, 1);
	setenv("WATCHDOG_USEC", "900000", 1);
}

static void take_signs(void)
{
	char text[64];
	ssize_t n;

	while ((n = recv(listener, text, sizeof text - 1, 0)) > 0) {
		text[n] = '\0';
		ready_signs += strcmp(text, "READY=1") == 0;
		life_signs += strcmp(text, "WATCHDOG=1") == 0;
		stop_signs += strcmp(text, "STOPPING=1") == 0;
	}
}

/* For 20 ms. */
static void let_run(void)
{
	for (int i = 0; i < 10; i++) {
		machine_run(&machine);
		usleep(2000);
	}
	take_signs();
}

static void plug(const char *name)
{
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	machine_port(&machine, "1-1.2", 0, "ttyUSB7", MACHINE_MUTE);
	far_answer(&machine_port(&machine, "1-1.2", 2, name, MACHINE_MODEM)->far, "AT+CGSN",
		   "\r\n" IMEI "\r\n\r\nOK\r\n", 0);
}

static bool modem_is(const char *state)
{
	for (int i = 0; i < LOOKS; i++) {
		let_run();
		if (i % 10 == 9 &&
		    program_run(&tocsin, sock,
				(const char *const[]){ "tocsin", "modems", "--json", NULL }) == 0 &&
		    strstr(tocsin.said, state) != NULL)
			return true;
	}
	print_error("%s %s", tocsin.said, tocsin.cried);
	return false;
}

static void test_the_daemon_finds_its_modem_and_is_watched(void **state)
{
	(void)state;
	machine_init(&machine);
	snprintf(config, sizeof config, "%s/tocsin.cfg", machine.root);
	snprintf(sock, sizeof sock, "%s/sock", machine.root);
	snprintf(transcript, sizeof transcript, "%s/db/transcripts/alpha-1.txt", machine.root);
	write_config();
	listen_for_signs();
	plug("ttyUSB2");
	program_start(&tocsind, sock,
		      (const char *const[]){ "tocsind", "--config", config, "--root", machine.root,
					     NULL });
	CHECK(modem_is("\"state\":\"ready\""));
	CHECK(ready_signs == 1);
	CHECK(machine_find(&machine, "ttyUSB7")->heard.len == 0);
	CHECK(access(transcript, F_OK) != 0);
	machine_unplug(&machine, "1-1.2");
	CHECK(modem_is("\"state\":\"closed\""));
	CHECK(strstr(tocsin.said, "no modem with IMEI " IMEI) != NULL);
	CHECK(access(transcript, F_OK) == 0);
	plug("ttyUSB9");
	CHECK(modem_is("\"state\":\"ready\""));
	life_signs = 0;
	for (int i = 0; i < LOOKS && life_signs < 2; i++)
		let_run();
	CHECK(life_signs >= 2);
	kill(tocsind.pid, SIGTERM);
	program_wait(&tocsind);
	take_signs();
	CHECK(tocsind.status == 0 && stop_signs == 1);
	close(listener);
	machine_deinit(&machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_daemon_finds_its_modem_and_is_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
