#include "tests/support/two_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/bed.h"

#define WITHIN_MS 60000
#define ASKED_MAX 20000

static const char config[] =
	"country = \"1\";\n"
	"socket = \"tocsin.sock\";\n"
	"database = \"tocsin.db\";\n"
	"default_rotation = \"platform\";\n"
	"operators = [ \"ada\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
	"groups = ( { name = \"both\"; members = [ \"ada\", \"bob\" ]; } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"one\"; steps = ( { to = [ \"target\" ]; wait = \"10 min\"; } );\n"
	"  beside = ( { to = [ \"bob\" ]; severities = [ \"sev-1\" ]; } ); } );\n"
	"speech_command = \"../../tocsin-sim --say\";\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; audio = \"sim/alpha-pcm\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; audio = \"sim/beta-pcm\"; } );\n";

/* Neither modem hears keys: the host does. */
static const char world[] = "modem alpha +15550100090 quectel pcm on dtmf missing\n"
			    "modem beta +15550100091 simcom pcm on dtmf missing\n"
			    "phone ada +15550100001 answers after 1s presses challenge\n"
			    "phone bob +15550100002 answers after 1s presses challenge\n";

static double clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Processor time of the daemon so far (proc(5), stat: fields 14 and 15), ms. */
static double cpu_ms(pid_t pid)
{
	char path[40], text[600];
	unsigned long user = 0, kernel = 0;
	FILE *file;
	const char *at;
	size_t len;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[len] = '\0';
	at = strrchr(text, ')'); /* the name before it may hold anything */
	for (int field = 2; at != NULL && field < 14; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL) {
		char *end;

		user = strtoul(at, &end, 10);
		kernel = strtoul(end, NULL, 10);
	}
	return (double)(user + kernel) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

static bool seen(struct bed *bed, const char *who, const char *what)
{
	return bed_find(bed, 0, who, what) >= 0;
}

static bool wait_for(struct bed *bed, const char *who, const char *what)
{
	int64_t deadline = bed_now() + WITHIN_MS;

	while (!seen(bed, who, what) && bed_now() < deadline)
		bed_look(bed);
	if (!seen(bed, who, what))
		fprintf(stderr, "two calls: %s: never seen: %s\n", who, what);
	return seen(bed, who, what);
}

static bool ready(void)
{
	int64_t deadline = bed_now() + WITHIN_MS;
	size_t count = 0;

	while (count < 2 && bed_now() < deadline) {
		json_t *answer = bed_ask("{\"command\":\"modems\"}");
		const json_t *modem;
		size_t i;

		count = 0;
		json_array_foreach(json_object_get(answer, "modems"), i, modem)
		{
			const char *audio = json_string_value(json_object_get(modem, "audio"));

			count += audio != NULL && strstr(audio, "host") != NULL;
		}
		json_decref(answer);
		bed_pause(50);
	}
	return count == 2;
}

static int by_size(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return d < 0 ? -1 : d > 0;
}

/* Questions as quick as they are answered, until both have pressed. */
static void measure(struct bed *bed, double *took, struct two_calls *figures)
{
	double began = clock_ms(), cpu = cpu_ms(bed->daemon);
	int64_t deadline = bed_now() + WITHIN_MS;

	while (!(seen(bed, "ada", "presses") && seen(bed, "bob", "presses")) &&
	       bed_now() < deadline && figures->asked < ASKED_MAX) {
		double at = clock_ms();
		json_t *answer = bed_ask("{\"command\":\"ping\"}");

		if (answer != NULL)
			took[figures->asked++] = clock_ms() - at;
		json_decref(answer);
		bed_look(bed);
		bed_pause(5);
	}
	figures->percent = (cpu_ms(bed->daemon) - cpu) / (clock_ms() - began) * 100 / 2;
	qsort(took, (size_t)figures->asked, sizeof *took, by_size);
	if (figures->asked == 0)
		return;
	figures->p99_ms = took[figures->asked * 99 / 100];
	figures->worst_ms = took[figures->asked - 1];
}

static bool play(struct bed *bed, struct two_calls *figures)
{
	double *took = calloc(ASKED_MAX, sizeof *took);
	json_t *answer;
	bool good;

	if (took == NULL || !ready()) {
		free(took);
		return false;
	}
	answer = bed_ask("{\"command\":\"page\",\"message\":\"db1 is down\",\"to\":\"ada\","
			 "\"severity\":\"sev-1\",\"request\":\"r1\"}");
	json_decref(answer);
	good = answer != NULL && wait_for(bed, "ada", "answers") && wait_for(bed, "bob", "answers");
	if (good)
		measure(bed, took, figures);
	free(took);
	return good && wait_for(bed, "ada", "hears: Thank you") &&
	       wait_for(bed, "bob", "hears: Noted that you heard it") && figures->asked > 0;
}

bool two_calls(const char *name, struct two_calls *figures)
{
	struct bed bed;
	bool good;

	*figures = (struct two_calls){ .asked = 0 };
	good = bed_open(&bed, name, config, world) && bed_start(&bed) && play(&bed, figures);
	good = bed_stop(&bed) && good;
	bed_close(&bed);
	return good;
}
