/* say.c - tocsin say: text to a sound file as phones will hear it.  The daemon runs it too, as the one child that makes speech
 * (LIBS.md 3): whatever takes long or can hang is in here, under the limits of a child.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audio/speech.h"
#include "child.h"
#include "cli/run.h"
#include "dialplan/fold.h"
#include "dialplan/spoken.h"
#include "setup.h"

#define INPUT_MAX   65536
#define COMMAND_MAX ((size_t)32 << 20) /* 90 s of the most lavish format */

struct say {
	struct buf text, spoken; /* as it was given; as the built-in voice says it */
	char voice[16];
	char command[256];
	int64_t limit_ms;
	struct sound sound;
	/* while speech_command runs */
	struct loop *loop;
	struct children *children;
	struct err err; /* why it is of no use */
	bool good;
};

/* ---- a voice of one's own ---- */

static void command_ended(void *owner, const struct child_result *result)
{
	struct say *say = owner;

	loop_stop(say->loop);
	if (result->status != 0)
		err_set(&say->err, ERR_REFUSED, "%s", result->why);
	else if (sound_read(&say->sound, result->output, &say->err) == 0 && say->sound.count == 0)
		err_set(&say->err, ERR_INVALID, "it made no sound");
	else if (say->sound.count > SPEECH_SOUND_MAX)
		err_set(&say->err, ERR_INVALID, "it made more than 90 s of sound");
	else
		say->good = say->sound.count > 0;
}

static int64_t turn(void *owner, struct when now)
{
	struct say *say = owner;

	children_tick(say->children, now);
	return children_deadline(say->children);
}

static void run_command(struct say *say)
{
	const char *const argv[] = { "/bin/sh", "-c", say->command, NULL };
	const struct child_spec spec = { .argv = argv,
					 .input = buf_span(&say->text),
					 .output_max = COMMAND_MAX,
					 .limit_ms = say->limit_ms };

	signal(SIGPIPE, SIG_IGN);
	if (loop_new(&say->loop, &say->err) == 0 &&
	    children_new(&say->children, say->loop, &say->err) == 0 &&
	    children_start(say->children, &spec, (struct child_calls){ command_ended, say },
			   loop_now(say->loop), &say->err) > 0)
		loop_run(say->loop, turn, say, &say->err);
	children_free(say->children);
	loop_free(say->loop);
	signal(SIGPIPE, SIG_DFL);
}

static int make(struct say *say, struct err *err)
{
	if (say->command[0] != '\0') {
		run_command(say);
		if (say->good) {
			sound_for_telephone(&say->sound);
			return 0;
		}
		fprintf(stderr, "tocsin: say: speech_command: %s; the built-in voice speaks\n",
			say->err.text);
		sound_free(&say->sound);
	}
	return speech_make(&say->sound, buf_span(&say->spoken), say->voice, err);
}

/* ---- what is asked for ---- */

/* The gateway hands over what is made for it already; once more changes nothing.  A voice of another language gets the text as
 * it is. */
static int as_in_a_call(struct say *say)
{
	struct buf plain = { 0 };
	struct buf spoken = { 0 };

	fold_spoken(&plain, buf_span(&say->text));
	spoken_text(&spoken, buf_span(&plain));
	buf_free(&plain);
	if (spoken.failed)
		return cli_fail(CLI_FAILED, "say: out of memory; free some and repeat");
	say->spoken = spoken;
	return CLI_DONE;
}

static int read_text(struct say *say, const struct cli_args *args)
{
	char bytes[4096];
	ssize_t n;

	say->text.limit = INPUT_MAX;
	for (size_t i = 0; i < args->word_count; i++) {
		buf_add_text(&say->text, i > 0 ? " " : "");
		buf_add_text(&say->text, args->words[i]);
	}
	while (args->word_count == 0 && (n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
		buf_add(&say->text, (struct span){ bytes, (size_t)n });
	if (say->text.failed)
		return cli_fail(CLI_USAGE, "say: more than 64 kB of text; say it in parts");
	return as_in_a_call(say);
}

/* What the gateway with this configuration would use. */
static int from_config(struct say *say, const char *path)
{
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;
	int rc = setup_config(path, &config, &errors, &warnings);

	if (rc == 0) {
		span_copy(span_of(config->speech_voice), say->voice, sizeof say->voice);
		span_copy(span_of(config->speech_command), say->command, sizeof say->command);
		say->limit_ms = config->speech_limit_s * 1000;
	} else {
		struct span all = buf_span(&errors);
		struct span first = span_cut(&all, '\n');

		cli_fail(CLI_FAILED, "say: %.*s", (int)first.len, first.at);
	}
	config_free(config);
	buf_free(&errors);
	buf_free(&warnings);
	return rc == 0 ? CLI_DONE : CLI_FAILED;
}

static int read_options(struct say *say, const struct cli_args *args)
{
	const char *config = cli_value(args, "config");
	const char *voice = cli_value(args, "voice");
	const char *command = cli_value(args, "command");
	const char *limit = cli_value(args, "limit");
	int64_t seconds;

	*say = (struct say){ .voice = "kal", .limit_ms = 5000 };
	if (config != NULL && from_config(say, config) != CLI_DONE)
		return CLI_FAILED;
	if (voice != NULL)
		span_copy(span_of(voice), say->voice, sizeof say->voice);
	if (!speech_voice(say->voice))
		return cli_fail(CLI_USAGE, "say: --voice %s: want kal or slt", say->voice);
	if (command != NULL && !span_copy(span_of(command), say->command, sizeof say->command))
		return cli_fail(CLI_USAGE, "say: --command: want at most 255 bytes");
	if (limit != NULL && (!run_duration(limit, &seconds) || seconds < 1 || seconds > 60))
		return cli_fail(CLI_USAGE, "say: --limit %s: want 1s to 60s", limit);
	if (limit != NULL)
		say->limit_ms = seconds * 1000;
	return CLI_DONE;
}

/* ---- the file ---- */

static bool write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static int write_file(const struct say *say, const char *path)
{
	unsigned char header[SOUND_WAV_HEADER];
	bool named = strcmp(path, "-") != 0;
	int fd = named ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : STDOUT_FILENO;
	bool good;

	sound_wav_header(say->sound.count, header);
	good = fd >= 0 && write_all(fd, header, sizeof header) &&
	       write_all(fd, say->sound.at, say->sound.count * sizeof *say->sound.at);
	if (fd >= 0 && named && close(fd) < 0)
		good = false;
	if (!good)
		return cli_fail(CLI_FAILED, "say: %s: %s; name a file that can be written", path,
				strerror(errno));
	if (named)
		printf("%s: %.1f s at %.1f dBm0\n", path, (double)say->sound.count / SOUND_RATE,
		       sound_level(say->sound.at, say->sound.count));
	return CLI_DONE;
}

int run_say(const struct cli_args *args)
{
	struct say say;
	struct err err = { 0 };
	int status = read_options(&say, args);

	if (status == CLI_DONE)
		status = read_text(&say, args);
	if (status == CLI_DONE && make(&say, &err) < 0)
		status = cli_fail(CLI_FAILED, "say: %s; the English voices need Latin letters",
				  err.text);
	if (status == CLI_DONE)
		status = write_file(&say, cli_value(args, "out"));
	sound_free(&say.sound);
	buf_free(&say.text);
	buf_free(&say.spoken);
	return status;
}
