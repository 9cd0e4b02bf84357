/* tocsind.c - the daemon's options; what it does begins in daemon.c. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/version.h"
#include "config/prove.h"
#include "daemon.h"
#include "setup.h"

#define CONFIG_PATH "/etc/tocsin/tocsin.cfg"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static int usage(void)
{
	fputs("usage: tocsind [--check] [--config FILE] [--root DIR]; see tocsind --help\n",
	      stderr);
	return EXIT_USAGE;
}

static int help(void)
{
	puts("usage: tocsind [--check] [--config FILE] [--root DIR]\n"
	     "  --config FILE  the configuration (" CONFIG_PATH ")\n"
	     "  --check        only check it: errors and warnings, exit 0 or 1\n"
	     "  --root DIR     look for modems below DIR/dev and DIR/sys: for tests\n"
	     "  --help         this text\n"
	     "  --version      which version this is");
	return EXIT_DONE;
}

static int run(struct config *config, const char *path, const char *root)
{
	struct daemon *daemon = NULL;
	struct err err = { 0 };
	int rc = daemon_new(&daemon, config, path, root, &err);

	if (rc == 0)
		rc = daemon_run(daemon, &err);
	daemon_free(daemon);
	if (rc < 0)
		fprintf(stderr, "tocsind: %s\n", err.text);
	return rc < 0 ? EXIT_FAILED : EXIT_DONE;
}

/* As tocsin check does, without its report. */
static int prove(const struct config *config, const char *path, struct buf *errors,
		 struct buf *warnings)
{
	prove_coverage(config, path, (int64_t)time(NULL), errors, warnings, NULL);
	return errors->len > 0 ? -1 : 0;
}

static int start(const char *path, const char *root, bool check)
{
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;
	int rc = setup_config(path, &config, &errors, &warnings);

	if (rc == 0 && check)
		rc = prove(config, path, &errors, &warnings);
	setup_tell("tocsind", path, "warning: ", &warnings);
	setup_tell("tocsind", path, "", &errors);
	buf_free(&errors);
	buf_free(&warnings);
	if (rc == 0 && !check)
		return run(config, path, root);
	config_free(config);
	return rc < 0 ? EXIT_FAILED : EXIT_DONE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "check", no_argument, NULL, 'n' },
		{ "root", required_argument, NULL, 'r' },   { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },      { NULL, 0, NULL, 0 },
	};
	const char *path = CONFIG_PATH;
	const char *root = "";
	bool check = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:nr:h", options, NULL)) != -1) {
		if (option == 'c')
			path = optarg;
		else if (option == 'r')
			root = optarg;
		else if (option == 'n')
			check = true;
		else if (option == 'v')
			return puts("tocsind " TOCSIN_VERSION) < 0 ? EXIT_FAILED : EXIT_DONE;
		else
			return option == 'h' ? help() : usage();
	}
	if (optind < argc)
		return usage();
	return start(path, root, check);
}
