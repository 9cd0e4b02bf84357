/* What sysfs shows, what is known of it, and what is written to it: on a machine that is made up. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ports/port_lock.h"
#include "ports/usb_tree.h"
#include "tests/support/machine.h"
#include "tests/support/unit.h"

#define RULES "udev/60-tocsin.rules"

static struct machine machine;
static struct usb_tree tree;

static int up(void **state)
{
	(void)state;
	machine_init(&machine);
	return 0;
}

static int down(void **state)
{
	(void)state;
	usb_tree_free(&tree);
	machine_deinit(&machine);
	return 0;
}

static void look(void)
{
	struct err err = { 0 };

	usb_tree_free(&tree);
	CHECK(usb_tree_read(&tree, machine.root, &err) == 0);
}

static void test_the_tree_has_devices_and_their_ports_in_order(void **state)
{
	(void)state;
	machine_plug(&machine, "1-1.4", 0x1546, 0x1102);
	machine_port(&machine, "1-1.4", 0, "ttyACM0", MACHINE_MUTE);
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	machine_port(&machine, "1-1.2", 3, "ttyUSB3", MACHINE_MUTE);
	machine_port(&machine, "1-1.2", 2, "ttyUSB0", MACHINE_MUTE);
	machine_write(&machine, "/sys/bus/usb/devices/usb1/idVendor", "1d6b\n");
	machine_write(&machine, "/sys/bus/usb/devices/usb1/idProduct", "0002\n");
	look();
	CHECK(tree.device_count == 2 && tree.port_count == 3);
	CHECK(strcmp(tree.devices[0].path, "1-1.2") == 0 && tree.devices[0].known);
	CHECK(strcmp(tree.ports[0].name, "ttyUSB0") == 0 && tree.ports[0].interface == 2);
	CHECK(tree.ports[0].role == USB_ROLE_AT && tree.ports[1].role == USB_ROLE_OTHER);
	CHECK(strcmp(tree.ports[2].name, "ttyACM0") == 0 && tree.ports[2].role == USB_ROLE_AT);
	CHECK(tree.devices[1].bus == 1 && tree.devices[1].number == 1);
	CHECK(usb_tree_port(&tree, "ttyUSB9") == NULL && usb_tree_device(&tree, "2-1") == NULL);
}

static void test_a_machine_without_usb_has_an_empty_tree(void **state)
{
	struct err err = { 0 };

	(void)state;
	CHECK(usb_tree_read(&tree, "/nowhere/at/all", &err) == 0);
	CHECK(tree.device_count == 0 && tree.port_count == 0);
}

static void test_roles_of_interfaces(void **state)
{
	static const struct {
		const char *name;
		unsigned vendor, product;
		int interface, subclass, protocol;
		enum usb_role role;
	} rows[] = {
		{ "sim7600 diag", 0x1e0e, 0x9001, 0, 0, 0, USB_ROLE_OTHER },
		{ "sim7600 at", 0x1e0e, 0x9001, 2, 0, 0, USB_ROLE_AT },
		{ "sim7600 sound", 0x1e0e, 0x9001, 4, 0, 0, USB_ROLE_SOUND },
		{ "ec25 nmea, sound", 0x2c7c, 0x0125, 1, 0, 0, USB_ROLE_SOUND },
		{ "ec25 ppp", 0x2c7c, 0x0125, 3, 0, 0, USB_ROLE_OTHER },
		{ "ec200: not known for sure", 0x2c7c, 0x6026, 1, 0, 0, USB_ROLE_MAYBE },
		{ "huawei by class: pcui", 0x12d1, 0x1c07, 2, 0x01, 0x02, USB_ROLE_AT },
		{ "huawei by class: pcui", 0x12d1, 0x1573, 2, 0x02, 0x32, USB_ROLE_AT },
		{ "huawei by class: diag", 0x12d1, 0x1573, 1, 0x01, 0x03, USB_ROLE_SOUND },
		{ "huawei by class: ppp", 0x12d1, 0x1573, 0, 0x01, 0x31, USB_ROLE_OTHER },
		{ "huawei by class: nmea", 0x12d1, 0x1573, 4, 0x06, 0x14, USB_ROLE_OTHER },
		{ "an id that nobody knows", 0x1234, 0x5678, 2, 0, 0, USB_ROLE_MAYBE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(usb_known_role(rows[i].vendor, rows[i].product, rows[i].interface,
					 rows[i].subclass, rows[i].protocol) == rows[i].role,
			  rows[i].name);
	CHECK(usb_known_mode(0x12d1, 0x1446) == USB_MODE_STORAGE);
	CHECK(usb_known_mode(0x12d1, 0x14dc) == USB_MODE_NETWORK);
	CHECK(usb_known_mode(0x12d1, 0x1506) == USB_MODE_PORTS);
}

/* The table is made of the rules: each of their lines is in it, and the two about classes say what the code does. */
static void test_every_modem_of_the_udev_rules_is_known(void **state)
{
	char line[400];
	FILE *file = fopen(RULES, "r");
	int ids = 0;
	int classes = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		const char *product = strstr(line, "idProduct}==\"");
		unsigned vendor;

		classes += strstr(line, "ATTRS{bInterfaceSubClass}==\"01|02\", "
					"ATTRS{bInterfaceProtocol}==\"02|32\", "
					"ENV{.TOCSIN_PORT}=\"at\"") != NULL;
		classes += strstr(line, "ATTRS{bInterfaceSubClass}==\"01|02\", "
					"ATTRS{bInterfaceProtocol}==\"03|33\", "
					"ENV{.TOCSIN_PORT}=\"pcm\"") != NULL;
		if (line[0] == '#' || product == NULL)
			continue;
		vendor = (unsigned)strtoul(strstr(line, "idVendor}==\"") + 12, NULL, 16);
		for (product += 13; *product != '"' && *product != '\0'; product++) {
			char *end;
			unsigned id = (unsigned)strtoul(product, &end, 16);

			CHECK_ROW(usb_known(vendor, id), line);
			ids++;
			product = *end == '|' ? end : end - 1;
		}
	}
	fclose(file);
	CHECK(ids > 60 && classes == 2);
}

static void test_a_device_is_kept_awake_and_that_is_read_back(void **state)
{
	char text[16];
	struct err err = { 0 };

	(void)state;
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	look();
	CHECK(usb_keep_awake(machine.root, &tree.devices[0], &err) == 0);
	machine_read(&machine, "/sys/bus/usb/devices/1-1.2/power/control", text, sizeof text);
	CHECK(strncmp(text, "on", 2) == 0);
}

static void test_a_device_that_will_sleep_is_an_error(void **state)
{
	char path[200];
	struct err err = { 0 };

	(void)state;
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	look();
	/* takes nothing, and says something else than "on" */
	snprintf(path, sizeof path, "%s/sys/bus/usb/devices/1-1.2/power/control", machine.root);
	unlink(path);
	CHECK(symlink("/proc/version", path) == 0);
	CHECK(usb_keep_awake(machine.root, &tree.devices[0], &err) < 0);
	CHECK(strstr(err.text, "power/control") != NULL);
}

static void test_a_device_is_taken_off_the_bus_and_put_on_again(void **state)
{
	char text[16];
	struct err err = { 0 };

	(void)state;
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	look();
	CHECK(tree.devices[0].authorized);
	CHECK(usb_authorize(machine.root, &tree.devices[0], false, &err) == 0);
	machine_read(&machine, "/sys/bus/usb/devices/1-1.2/authorized", text, sizeof text);
	CHECK(text[0] == '0');
	look();
	CHECK(!tree.devices[0].authorized);
	CHECK(usb_authorize(machine.root, &tree.devices[0], true, &err) == 0);
	look();
	CHECK(tree.devices[0].authorized);
	CHECK(usb_authorize("/nowhere", &tree.devices[0], true, &err) < 0 && err.text[0] != '\0');
}

/* What stands there is an ordinary file: the ioctl itself says so. */
static void test_a_reset_that_fails_says_why(void **state)
{
	struct err err = { 0 };

	(void)state;
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	look();
	CHECK(usb_reset(machine.root, &tree.devices[0], &err) < 0);
	CHECK(strstr(err.text, "/dev/bus/usb/001/001") != NULL);
	machine_write(&machine, "/dev/bus/usb/001/001", "");
	err = (struct err){ 0 };
	CHECK(usb_reset(machine.root, &tree.devices[0], &err) < 0);
	CHECK(strstr(err.text, "USB reset") != NULL);
}

static void test_modem_manager_is_seen_unless_a_rule_keeps_it_off(void **state)
{
	(void)state;
	machine_plug(&machine, "1-1.2", 0x2c7c, 0x0125);
	machine_port(&machine, "1-1.2", 2, "ttyUSB0", MACHINE_MUTE);
	CHECK(!usb_contested(machine.root, "ttyUSB0"));
	machine_write(&machine, "/proc/815/comm", "ModemManager\n");
	CHECK(usb_contested(machine.root, "ttyUSB0"));
	machine_write(&machine, "/run/udev/data/c188:0", "I:1\nE:ID_MM_DEVICE_IGNORE=1\n");
	CHECK(!usb_contested(machine.root, "ttyUSB0"));
	machine_write(&machine, "/run/udev/data/c188:0", "I:1\nE:ID_VENDOR=x\n");
	machine_write(&machine, "/proc/815/comm", "bash\n");
	CHECK(!usb_contested(machine.root, "ttyUSB0"));
	machine_write(&machine, "/sys/fs/cgroup/system.slice/ModemManager.service/cgroup.procs",
		      "815\n");
	CHECK(usb_contested(machine.root, "ttyUSB0"));
}

static void test_lock_files_of_the_living_hold_and_of_the_dead_do_not(void **state)
{
	char text[32];
	struct err err = { 0 };
	pid_t dead = fork();

	(void)state;
	if (dead == 0)
		_exit(0);
	waitpid(dead, NULL, 0);
	snprintf(text, sizeof text, "%10d\n", (int)getppid());
	machine_write(&machine, "/run/lock/LCK..ttyUSB0", text);
	CHECK(port_lock(machine.root, "ttyUSB0", &err) < 0 && err.code == ERR_REFUSED);
	port_unlock(machine.root, "ttyUSB0"); /* not ours: stays */
	CHECK(port_lock(machine.root, "ttyUSB0", &err) < 0);
	snprintf(text, sizeof text, "%10d\n", (int)dead);
	machine_write(&machine, "/run/lock/LCK..ttyUSB0", text);
	CHECK(port_lock(machine.root, "ttyUSB0", &err) == 0);
	machine_read(&machine, "/run/lock/LCK..ttyUSB0", text, sizeof text);
	CHECK(atoi(text) == (int)getpid());
	CHECK(port_lock(machine.root, "ttyUSB0", &err) == 0); /* a second time is fine */
	port_unlock(machine.root, "ttyUSB0");
	machine_read(&machine, "/run/lock/LCK..ttyUSB0", text, sizeof text);
	CHECK(text[0] == '\0');
	CHECK(port_lock("/nowhere", "ttyUSB0", &err) ==
	      0); /* no place for it: the other locks remain */
}

#define ON_A_MACHINE(test) cmocka_unit_test_setup_teardown(test, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_MACHINE(test_the_tree_has_devices_and_their_ports_in_order),
		ON_A_MACHINE(test_a_machine_without_usb_has_an_empty_tree),
		cmocka_unit_test(test_roles_of_interfaces),
		cmocka_unit_test(test_every_modem_of_the_udev_rules_is_known),
		ON_A_MACHINE(test_a_device_is_kept_awake_and_that_is_read_back),
		ON_A_MACHINE(test_a_device_that_will_sleep_is_an_error),
		ON_A_MACHINE(test_a_device_is_taken_off_the_bus_and_put_on_again),
		ON_A_MACHINE(test_a_reset_that_fails_says_why),
		ON_A_MACHINE(test_modem_manager_is_seen_unless_a_rule_keeps_it_off),
		ON_A_MACHINE(test_lock_files_of_the_living_hold_and_of_the_dead_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
