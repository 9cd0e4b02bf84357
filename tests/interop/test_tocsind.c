/* The daemon as a program: its start, its end, its sudden death, and its modems' lines. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/span.h"
#include "tests/support/program.h"
#include "tests/support/unit.h"

static struct {
	char directory[64];
	char config[96];
	char socket[96];
	char modem[96]; /* a link to the line, when it is plugged */
	int master;
} world;

static struct program tocsind;
static struct program tocsin;

static const char config_text[] =
	"gateway = \"Tocsin\";\n"
	"country = \"1\";\n"
	"default_rotation = \"platform\";\n"
	"operators = [ \"bob\" ];\n"
	"people = (\n"
	"  { name = \"ada\"; title = \"Ada\"; numbers = ( { number = \"+15550100001\"; kinds = [ "
	"\"sms\", \"voice\" ]; } ); },\n"
	"  { name = \"bob\"; title = \"Bob\"; numbers = ( { number = \"+15550100002\"; kinds = [ "
	"\"sms\", \"voice\" ]; } ); }\n"
	");\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ]; slots = [ "
	"\"primary\" ]; starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"5 min\"; } "
	"); } );\n"
	"modems = ( { name = \"alpha\"; port = \"%s/modem\"; number = \"+15550009001\"; roles = [ "
	"\"sms\", \"voice\" ]; } );\n"
	"socket = \"%s/sock\";\n"
	"database = \"%s/db/tocsin.db\";\n%s";

static void write_config(const char *more)
{
	FILE *file = fopen(world.config, "w");

	CHECK(file != NULL);
	fprintf(file, config_text, world.directory, world.directory, world.directory, more);
	fclose(file);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(world.directory, sizeof world.directory, "/tmp/tocsin-test-XXXXXX");
	if (mkdtemp(world.directory) == NULL)
		return -1;
	snprintf(world.config, sizeof world.config, "%s/tocsin.cfg", world.directory);
	snprintf(world.socket, sizeof world.socket, "%s/sock", world.directory);
	snprintf(world.modem, sizeof world.modem, "%s/modem", world.directory);
	world.master = -1;
	write_config("");
	return 0;
}

static int tear_down(void **state)
{
	static struct program rm;

	(void)state;
	if (world.master >= 0)
		close(world.master);
	return program_run(&rm, "",
			   (const char *const[]){ "/bin/rm", "-r", world.directory, NULL });
}

#define RUN(...) program_run(&tocsin, world.socket, (const char *const[]){ __VA_ARGS__, NULL })

static void daemon_up(void)
{
	program_start(&tocsind, world.socket,
		      (const char *const[]){ "tocsind", "--config", world.config, NULL });
	for (int i = 0; i < 100 && RUN("tocsin", "ping") != 0; i++)
		usleep(50000);
	CHECK(RUN("tocsin", "ping") == 0);
}

static void daemon_down(int with)
{
	kill(tocsind.pid, with);
	program_wait(&tocsind);
}

static bool contains(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	print_error("\"%s\" lacks \"%s\"\n", text, part);
	return false;
}

static void test_tocsind_keeps_an_accepted_page_through_a_sudden_death(void **state)
{
	(void)state;
	daemon_up();
	CHECK(RUN("tocsin", "page", "--rotation", "platform", "--message", "disk full") == 0);
	CHECK(contains(tocsin.said, "p1 code "));
	daemon_down(SIGKILL);
	daemon_up();
	CHECK(RUN("tocsin", "list") == 0 && contains(tocsin.said, "disk full"));
	CHECK(RUN("tocsin", "timeline", "p1") == 0 && contains(tocsin.said, "page.opened"));
	CHECK(RUN("tocsin", "ack", "p1", "--person", "ada") == 0);
	daemon_down(SIGKILL);
	daemon_up();
	CHECK(RUN("tocsin", "show", "p1") == 0 && contains(tocsin.said, "acked"));
	CHECK(RUN("tocsin", "timeline", "p1", "--format=json") == 0);
	CHECK(contains(tocsin.said, "\"name\":\"page.acked\"") &&
	      contains(tocsin.said, "\"offset_s\":"));
	daemon_down(SIGTERM);
	CHECK(tocsind.status == 0);
}

/* Changes the database while no daemon has it. */
static void by_hand(const char *sql)
{
	char path[96];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/db/tocsin.db", world.directory);
	CHECK(sqlite3_open(path, &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

static void test_tocsind_starts_without_a_damaged_row(void **state)
{
	(void)state;
	daemon_up();
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "disk full") == 0);
	CHECK(RUN("tocsin", "page", "--to", "bob", "--message", "fan stuck") == 0);
	daemon_down(SIGTERM);
	by_hand("UPDATE page SET cycle=-1 WHERE id=1");
	daemon_up();
	CHECK(RUN("tocsin", "list") == 0 && contains(tocsin.said, "fan stuck"));
	CHECK(strstr(tocsin.said, "disk full") == NULL);
	CHECK(RUN("tocsin", "timeline", "p2") == 0);
	daemon_down(SIGTERM);
	CHECK(tocsind.status == 0);
	CHECK(contains(tocsind.cried, "event=store.damaged what=\"damaged row: table page, id 1"));
	CHECK(contains(tocsind.cried, "to ada: disk full"));
}

static void test_tocsind_knows_what_ended_long_ago(void **state)
{
	(void)state;
	daemon_up();
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "disk full") == 0);
	CHECK(RUN("tocsin", "resolve", "p1") == 0);
	daemon_down(SIGTERM);
	by_hand("UPDATE page SET resolved_utc_s=resolved_utc_s-7200");
	daemon_up();
	CHECK(RUN("tocsin", "show", "p1") == 1);
	CHECK(contains(tocsin.cried, "p1 ended over an hour ago (resolved 2"));
	CHECK(contains(tocsin.cried, "see tocsin timeline p1"));
	CHECK(RUN("tocsin", "ack", "p1") == 1 && contains(tocsin.cried, "ended over an hour ago"));
	CHECK(RUN("tocsin", "show", "p2") == 1 && contains(tocsin.cried, "no page \"p2\""));
	CHECK(RUN("tocsin", "timeline", "p1") == 0);
	daemon_down(SIGTERM);
}

static void says(const char *words)
{
	if (!contains(tocsin.said, words))
		CHECK_ROW(false, words);
}

/* Whoever acts on the host is told how the page stands, in a sentence. */
static void test_tocsind_answers_in_sentences(void **state)
{
	(void)state;
	daemon_up();
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "disk full") == 0);
	CHECK(RUN("tocsin", "update", "p1", "any", "news?") == 0);
	says(": recorded; nobody has it\n");
	CHECK(RUN("tocsin", "pass", "p1") == 1);
	CHECK(contains(tocsin.cried, "nobody has p1 yet: say who passes with --person"));
	CHECK(RUN("tocsin", "ack", "p1", "--person", "bob") == 0);
	says(" is bob's now\n");
	CHECK(RUN("tocsin", "ack", "p1", "--person", "bob") == 0);
	says(" stays bob's\n");
	CHECK(RUN("tocsin", "ack", "p1", "--person", "bobb") == 2);
	CHECK(contains(tocsin.cried, "no person \"bobb\": did you mean bob? there are ada, bob"));
	CHECK(RUN("tocsin", "update", "p1", "vendor", "called") == 0);
	says(": recorded and sent; bob has it\n");
	CHECK(RUN("tocsin", "note", "p1", "ticket", "7") == 0);
	says(": recorded; bob has it\n");
	CHECK(RUN("tocsin", "note", "p1") == 2);
	CHECK(contains(tocsin.cried, "give the words behind the ID"));
	CHECK(RUN("tocsin", "show", "p1") == 0);
	says("chain         ");
	says("message  queued");
	CHECK(RUN("tocsin", "pass", "p1") == 0);
	says(": passed on by bob; the next are paged\n");
	CHECK(RUN("tocsin", "resolve", "p1") == 0);
	says(" resolved by ");
	CHECK(RUN("tocsin", "resolve", "p1") == 0);
	says(" was resolved already\n");
	CHECK(RUN("tocsin", "list", "--state", "foo") == 2);
	CHECK(contains(tocsin.cried, "there are open, acked, deferred, snoozed, resolved, all"));
	CHECK(RUN("tocsin", "status") == 0);
	says("on call now   platform ");
	CHECK(RUN("tocsin", "reload") == 0);
	says("configuration loaded\n");
	daemon_down(SIGTERM);
	CHECK(strstr(tocsind.cried, "modem.closed") == NULL);
}

static void test_tocsind_stops_in_order_and_leaves_no_socket(void **state)
{
	(void)state;
	daemon_up();
	daemon_down(SIGTERM);
	CHECK(tocsind.status == 0);
	CHECK(contains(tocsind.cried, "event=daemon.stopping"));
	CHECK(access(world.socket, F_OK) < 0);
	CHECK(RUN("tocsin", "list") == 3);
}

static void test_tocsind_refuses_a_second_one_on_the_database(void **state)
{
	static struct program second;

	(void)state;
	daemon_up();
	CHECK(program_run(&second, world.socket,
			  (const char *const[]){ "tocsind", "--config", world.config, NULL }) == 1);
	CHECK(contains(second.cried, "another tocsind runs on this database"));
	CHECK(RUN("tocsin", "ping") == 0);
	daemon_down(SIGINT);
	CHECK(tocsind.status == 0);
}

static void test_tocsind_check_tells_every_error_at_once(void **state)
{
	(void)state;
	CHECK(RUN("tocsind", "--check", "--config", world.config) == 0);
	write_config("colour = \"red\";\nshape = \"round\";\n");
	CHECK(RUN("tocsind", "--check", "--config", world.config) == 1);
	CHECK(contains(tocsin.cried, "tocsin.cfg:14:") && contains(tocsin.cried, "colour"));
	CHECK(contains(tocsin.cried, "tocsin.cfg:15:") && contains(tocsin.cried, "shape"));
	CHECK(RUN("tocsin", "check", world.config) == 1 && contains(tocsin.cried, "shape"));
	CHECK(RUN("tocsind", "--config", world.config) == 1);
	CHECK(RUN("tocsind", "--confog") == 2);
}

static void test_tocsind_reloads_what_checks_and_only_that(void **state)
{
	(void)state;
	daemon_up();
	write_config("require_code = true;\n");
	CHECK(RUN("tocsin", "reload") == 0);
	write_config("nonsense = 1;\n");
	CHECK(RUN("tocsin", "reload") == 1 && contains(tocsin.cried, "nonsense"));
	snprintf(world.modem, sizeof world.modem, "%s/modem2", world.directory);
	write_config("");
	CHECK(RUN("/bin/sed", "-i", "s#/modem\"#/modem2\"#", world.config) == 0);
	CHECK(RUN("tocsin", "reload") == 1);
	CHECK(contains(tocsin.cried, "restart needed for changed modems"));
	write_config("nonsense = 1;\n");
	kill(tocsind.pid, SIGHUP);
	usleep(200000);
	CHECK(RUN("tocsin", "ping") == 0);
	daemon_down(SIGTERM);
	CHECK(tocsind.status == 0 && contains(tocsind.cried, "event=config.refused"));
}

static void plug(void)
{
	char name[64];
	struct termios raw;
	int slave;

	CHECK(openpty(&world.master, &slave, name, NULL, NULL) == 0);
	CHECK(tcgetattr(slave, &raw) == 0);
	cfmakeraw(&raw);
	CHECK(tcsetattr(slave, TCSANOW, &raw) == 0);
	unlink(world.modem);
	CHECK(symlink(name, world.modem) == 0);
	close(slave);
}

/* Reads the line until it says part. */
static bool hears(const char *part)
{
	char heard[512];
	size_t used = 0;
	ssize_t n;

	for (int i = 0; i < 100 && used < sizeof heard - 1; i++) {
		struct pollfd ready = { .fd = world.master, .events = POLLIN };

		if (poll(&ready, 1, 50) == 1 && (ready.revents & POLLIN) != 0 &&
		    (n = read(world.master, heard + used, sizeof heard - 1 - used)) > 0)
			used += (size_t)n;
		else
			usleep(20000); /* hung up until the daemon opens it */
		heard[used] = '\0';
		if (strstr(heard, part) != NULL)
			return true;
	}
	return false;
}

static void test_tocsind_takes_a_modem_that_comes_goes_and_returns(void **state)
{
	(void)state;
	daemon_up();
	plug();
	CHECK(hears("AT\r"));
	close(world.master);
	plug();
	CHECK(hears("AT\r"));
	daemon_down(SIGTERM);
	CHECK(tocsind.status == 0);
	CHECK(contains(tocsind.cried, "event=port.closed modem=alpha"));
	CHECK(contains(tocsind.cried, "event=port.opened modem=alpha"));
	CHECK(contains(tocsind.cried, "event=port.lost modem=alpha why=\"hung up\""));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(test_tocsind_keeps_an_accepted_page_through_a_sudden_death),
		IN_WORLD(test_tocsind_starts_without_a_damaged_row),
		IN_WORLD(test_tocsind_knows_what_ended_long_ago),
		IN_WORLD(test_tocsind_answers_in_sentences),
		IN_WORLD(test_tocsind_stops_in_order_and_leaves_no_socket),
		IN_WORLD(test_tocsind_refuses_a_second_one_on_the_database),
		IN_WORLD(test_tocsind_check_tells_every_error_at_once),
		IN_WORLD(test_tocsind_reloads_what_checks_and_only_that),
		IN_WORLD(test_tocsind_takes_a_modem_that_comes_goes_and_returns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
