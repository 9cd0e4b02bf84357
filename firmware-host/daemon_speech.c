/* daemon_speech.c - text to sound in a child process: tocsin say, which runs speech_command or the built-in voice. */
#include "daemon_parts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define CHILD_MS 10000 /* beyond what speech_command may take */
#define CPU_S    10
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_MB 0 /* the sanitizer reserves terabytes of addresses */
#else
#define MEMORY_MB 512
#endif
#define SOUND_MAX ((size_t)4 << 20) /* octets: 90 s, and some */

/* Beside this program, or wherever PATH has it. */
static const char *tocsin(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return "tocsin";
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL || (size_t)(slash - path) + sizeof "/tocsin" > PATH_MAX)
		return "tocsin";
	memcpy(slash, "/tocsin", sizeof "/tocsin");
	return access(path, X_OK) == 0 ? path : "tocsin";
}

/* The ticket of that child, whose place is free then. */
static int64_t take_ticket(struct daemon *daemon, int64_t child)
{
	for (size_t i = 0; i < DAEMON_SPEECH_MAX; i++)
		if (daemon->speech[i].child == child) {
			daemon->speech[i].child = 0;
			return daemon->speech[i].ticket;
		}
	return 0;
}

static void ended(void *owner, const struct child_result *result)
{
	struct daemon *daemon = owner;
	struct when now = loop_now(daemon->loop);
	int64_t ticket = take_ticket(daemon, result->id);
	struct sound sound = { 0 };
	struct err err = { 0 };
	char quoted[LOG_QUOTED];

	if (result->why[0] != '\0')
		log_event(result->status == 0 ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "speech",
			  "why=%s", log_quote(result->why, quoted));
	if (result->status == 0 && sound_read(&sound, result->output, &err) == 0)
		voices_made(daemon->voices, ticket, &sound, NULL, now);
	else
		voices_made(daemon->voices, ticket, &sound, "speech cannot be made", now);
}

int daemon_speak(void *owner, int64_t ticket, struct span text)
{
	struct daemon *daemon = owner;
	const struct config *config = daemon->config;
	size_t place = 0;
	int64_t child;
	char path[PATH_MAX], limit[20];
	const char *argv[] = { NULL,        "say",
			       "--out",     "-",
			       "--voice",   config->speech_voice,
			       "--limit",   limit,
			       "--command", config->speech_command,
			       NULL };
	struct child_spec spec = { .argv = argv,
				   .input = text,
				   .output_max = SOUND_MAX,
				   .limit_ms = config->speech_limit_s * 1000 + CHILD_MS,
				   .cpu_s = CPU_S,
				   .memory_mb = MEMORY_MB };
	struct err err = { 0 };
	char quoted[LOG_QUOTED];

	while (place < DAEMON_SPEECH_MAX && daemon->speech[place].child != 0)
		place++;
	if (place == DAEMON_SPEECH_MAX)
		return -1;
	argv[0] = tocsin(path);
	snprintf(limit, sizeof limit, "%llds", (long long)config->speech_limit_s);
	if (config->speech_command[0] == '\0')
		argv[COUNT_OF(argv) - 3] = NULL;
	child = children_start(daemon->children, &spec, (struct child_calls){ ended, daemon },
			       loop_now(daemon->loop), &err);
	if (child < 0) {
		log_event(LOG_LEVEL_ERROR, "speech", "why=%s", log_quote(err.text, quoted));
		return -1;
	}
	daemon->speech[place].child = child;
	daemon->speech[place].ticket = ticket;
	return 0;
}
