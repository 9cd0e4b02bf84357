/* Which port a modem is opened on: on a machine that is made up, with nothing behind its ports. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ports/seats.h"
#include "tests/support/machine.h"
#include "tests/support/unit.h"

#define IMEI_A "867723030012341"
#define IMEI_B "867723030099992"

static struct machine machine;
static struct seats seats;
static struct config_modem modems[4];
static struct when now;
static struct seat_choice choice;

static int up(void **state)
{
	(void)state;
	machine_init(&machine);
	memset(modems, 0, sizeof modems);
	now = (struct when){ .mono_ms = 1000 };
	return 0;
}

static int down(void **state)
{
	(void)state;
	seats_deinit(&seats);
	machine_deinit(&machine);
	return 0;
}

static void sit(size_t count)
{
	struct err err = { 0 };

	seats_init(&seats, machine.root, modems, count);
	CHECK(seats_look(&seats, &err) == 0);
}

/* The port chosen for modem i and taken; "-" none. */
static const char *take(size_t i)
{
	struct err err = { 0 };

	CHECK(seats_look(&seats, &err) == 0);
	if (seats_choose(&seats, i, now, &choice, &err) < 0) {
		CHECK(err.text[0] != '\0');
		return "-";
	}
	seats_take(&seats, i, &choice);
	return choice.port[0] != '\0' ? choice.port : choice.path;
}

static bool takes(size_t i, const char *port)
{
	const char *got = take(i);

	if (strcmp(got, port) != 0)
		print_error("modem %zu got %s, not %s\n", i, got, port);
	return strcmp(got, port) == 0;
}

static void plug_ec25(const char *path, int first)
{
	char name[32];

	machine_plug(&machine, path, 0x2c7c, 0x0125);
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "ttyUSB%d", first + i);
		machine_port(&machine, path, i, name, MACHINE_MUTE);
	}
}

static void test_a_configured_path_is_opened_as_it_is(void **state)
{
	(void)state;
	snprintf(modems[0].port, sizeof modems[0].port, "sim/alpha");
	snprintf(modems[1].port, sizeof modems[1].port, "/dev/ttyS7");
	sit(2);
	CHECK(takes(0, "sim/alpha") && !choice.ask);
	CHECK(strstr(take(1), "/dev/ttyS7") != NULL);
}

static void test_udevs_link_is_followed_to_the_port(void **state)
{
	char path[200];

	(void)state;
	plug_ec25("1-1.2", 0);
	machine_write(&machine, "/dev/tocsin/keep", "");
	snprintf(path, sizeof path, "%s/dev/tocsin/one-at", machine.root);
	CHECK(symlink("../ttyUSB2", path) == 0);
	snprintf(modems[0].port, sizeof modems[0].port, "/dev/tocsin/one-at");
	snprintf(modems[1].port, sizeof modems[1].port, "/dev/tocsin/*-at");
	sit(2);
	CHECK(takes(0, "ttyUSB2") && strstr(choice.path, "/dev/tocsin/one-at") != NULL);
	CHECK(takes(1, "-")); /* it is taken */
	seats_leave(&seats, 0);
	CHECK(takes(1, "ttyUSB2"));
}

static void test_a_socket_is_enough_and_the_known_port_comes_first(void **state)
{
	(void)state;
	plug_ec25("1-1.2", 0);
	plug_ec25("1-1.3", 4);
	snprintf(modems[0].usb, sizeof modems[0].usb, "1-1.3");
	sit(1);
	CHECK(takes(0, "ttyUSB6") && !choice.ask);
	/* That one is mute: the others of this device, each asked once, the sound port never. */
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "ttyUSB4") && choice.ask);
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "ttyUSB7") && choice.ask);
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "-"));
	now.mono_ms += 60001; /* the one for commands again, the others never */
	CHECK(takes(0, "ttyUSB6"));
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "-"));
	/* enumerated anew */
	machine_unplug(&machine, "1-1.3");
	plug_ec25("1-1.3", 8);
	CHECK(takes(0, "ttyUSB10"));
}

static void test_a_modem_is_found_by_who_it_is(void **state)
{
	(void)state;
	plug_ec25("1-1.2", 0);
	plug_ec25("1-1.3", 4);
	memcpy(modems[0].imei, IMEI_A, sizeof IMEI_A);
	memcpy(modems[1].imei, IMEI_B, sizeof IMEI_B);
	sit(2);
	CHECK(takes(0, "ttyUSB2"));
	CHECK(takes(1, "ttyUSB6"));
	/* It is the other way round. */
	seats_is(&seats, 0, IMEI_B, "", now);
	seats_leave(&seats, 0);
	CHECK(takes(0, "-")); /* its own is still in the other's hand */
	seats_is(&seats, 1, IMEI_A, "", now);
	seats_leave(&seats, 1);
	CHECK(takes(0, "ttyUSB6"));
	CHECK(takes(1, "ttyUSB2"));
}

static void test_a_named_port_is_only_a_hint_when_it_is_known_who_to_look_for(void **state)
{
	(void)state;
	plug_ec25("1-1.2", 0);
	plug_ec25("1-1.3", 4);
	memcpy(modems[0].imei, IMEI_A, sizeof IMEI_A);
	snprintf(modems[0].port, sizeof modems[0].port, "/dev/ttyUSB2");
	sit(1);
	CHECK(takes(0, "ttyUSB2"));
	seats_is(&seats, 0, IMEI_B, "", now);
	seats_leave(&seats, 0);
	CHECK(takes(0, "ttyUSB6"));
	/* … and when the name is gone. */
	seats_leave(&seats, 0);
	machine_unplug(&machine, "1-1.2");
	CHECK(takes(0, "ttyUSB6"));
}

static void test_a_searching_modem_leaves_alone_what_is_anothers(void **state)
{
	(void)state;
	plug_ec25("1-1.2", 0);
	memcpy(modems[0].imei, IMEI_A, sizeof IMEI_A);
	snprintf(modems[1].port, sizeof modems[1].port, "/dev/ttyUSB2");
	sit(2);
	CHECK(takes(0, "-"));
	CHECK(takes(1, "ttyUSB2"));
}

static void test_a_wrong_card_is_looked_at_again_and_a_wrong_modem_is_not(void **state)
{
	(void)state;
	plug_ec25("1-1.2", 0);
	memcpy(modems[0].iccid, "8944110000000000017", 20);
	sit(1);
	CHECK(takes(0, "ttyUSB2"));
	seats_is(&seats, 0, IMEI_A, "8944110000000000025", now);
	seats_leave(&seats, 0);
	CHECK(takes(0, "-"));
	now.mono_ms += 60001;
	CHECK(takes(0, "ttyUSB2"));
	memcpy(modems[0].imei, IMEI_B, sizeof IMEI_B);
	seats_is(&seats, 0, IMEI_A, "8944110000000000017", now);
	seats_leave(&seats, 0);
	now.mono_ms += 600000;
	CHECK(takes(0, "-"));
}

static void test_ports_of_an_unknown_modem_are_asked_one_by_one(void **state)
{
	(void)state;
	machine_plug(&machine, "1-1.2", 0x1234, 0x5678);
	machine_port(&machine, "1-1.2", 0, "ttyUSB0", MACHINE_MUTE);
	machine_port(&machine, "1-1.2", 1, "ttyUSB1", MACHINE_MUTE);
	memcpy(modems[0].imei, IMEI_A, sizeof IMEI_A);
	sit(1);
	CHECK(takes(0, "ttyUSB0") && choice.ask);
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "ttyUSB1") && choice.ask);
	seats_answered(&seats, 0);
	seats_leave(&seats, 0);
	CHECK(takes(0, "ttyUSB1") && !choice.ask);
}

static void test_a_port_without_notices_gives_way_to_another_and_is_better_than_none(void **state)
{
	(void)state;
	machine_plug(&machine, "1-1.2", 0x1234, 0x5678);
	machine_port(&machine, "1-1.2", 0, "ttyUSB0", MACHINE_MUTE);
	machine_port(&machine, "1-1.2", 1, "ttyUSB1", MACHINE_MUTE);
	snprintf(modems[0].usb, sizeof modems[0].usb, "1-1.2");
	sit(1);
	CHECK(takes(0, "ttyUSB0"));
	seats_answered(&seats, 0);
	CHECK(seats_has_other(&seats, 0, now));
	seats_silent(&seats, 0);
	CHECK(takes(0, "ttyUSB1"));
	seats_mute(&seats, 0, now);
	CHECK(takes(0, "ttyUSB0") && !choice.ask);
}

static void test_a_stick_that_is_no_modem_is_named(void **state)
{
	(void)state;
	machine_plug(&machine, "1-1.5", 0x12d1, 0x1446);
	memcpy(modems[0].imei, IMEI_A, sizeof IMEI_A);
	snprintf(modems[1].usb, sizeof modems[1].usb, "1-1.4");
	sit(2);
	CHECK(takes(0, "-"));
	CHECK(seats_no_modem(&seats, 0) != NULL);
	CHECK(seats_no_modem(&seats, 0)->mode == USB_MODE_STORAGE);
	CHECK(seats_no_modem(&seats, 1) == NULL); /* it is not in that socket */
}

#define ON_A_MACHINE(test) cmocka_unit_test_setup_teardown(test, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_MACHINE(test_a_configured_path_is_opened_as_it_is),
		ON_A_MACHINE(test_udevs_link_is_followed_to_the_port),
		ON_A_MACHINE(test_a_socket_is_enough_and_the_known_port_comes_first),
		ON_A_MACHINE(test_a_modem_is_found_by_who_it_is),
		ON_A_MACHINE(test_a_named_port_is_only_a_hint_when_it_is_known_who_to_look_for),
		ON_A_MACHINE(test_a_searching_modem_leaves_alone_what_is_anothers),
		ON_A_MACHINE(test_a_wrong_card_is_looked_at_again_and_a_wrong_modem_is_not),
		ON_A_MACHINE(test_ports_of_an_unknown_modem_are_asked_one_by_one),
		ON_A_MACHINE(
			test_a_port_without_notices_gives_way_to_another_and_is_better_than_none),
		ON_A_MACHINE(test_a_stick_that_is_no_modem_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
