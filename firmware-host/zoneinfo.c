#include "zoneinfo.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "setup.h"

#define DIRECTORY "/usr/share/zoneinfo"
#define PATH_SIZE 400
#define DEPTH_MAX 2 /* America/Argentina/Salta */

static const char *directory(void)
{
	const char *set = getenv("TZDIR"); /* as the C library does */

	return set != NULL && set[0] != '\0' ? set : DIRECTORY;
}

/* Only what can be the name of a zone becomes a path: no "..", no absolute one. */
static bool sane(const char *name)
{
	return name[0] >= 'A' && name[0] <= 'Z' && strlen(name) < ZONE_NAME &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
		       strlen(name) &&
	       strstr(name, "//") == NULL;
}

/* Zone names begin with a capital, which posix/, right/ and the tables beside them do not. */
static void try_names(struct nearest *nearest, char (*best)[ZONE_NAME], const char *below,
		      int depth)
{
	char path[PATH_SIZE];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "%s/%s", directory(), below);
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		char name[PATH_SIZE];

		snprintf(name, sizeof name, "%s%s%.64s", below, below[0] == '\0' ? "" : "/",
			 entry->d_name);
		if (!sane(name))
			continue;
		nearest_try(nearest, name);
		if (nearest->best == name) { /* the name lives in this turn only */
			span_copy(span_of(name), *best, sizeof *best);
			nearest->best = *best;
		}
		if (entry->d_type == DT_DIR && depth < DEPTH_MAX)
			try_names(nearest, best, name, depth + 1);
	}
	closedir(dir);
}

static int unknown(const char *name, struct err *err)
{
	struct nearest nearest = { .want = span_of(name) };
	char best[ZONE_NAME] = "";

	try_names(&nearest, &best, "", 0);
	if (nearest.best != NULL)
		return err_set(err, ERR_INVALID, "there is no zone \"%.60s\", did you mean %s?",
			       name, best);
	return err_set(err, ERR_INVALID,
		       "there is no zone \"%.60s\", want one such as "
		       "\"Europe/Berlin\"",
		       name);
}

int zoneinfo_load(struct zone **out, const char *name, struct err *err)
{
	struct buf tzif = { 0 };
	struct stat info;
	char path[PATH_SIZE];
	int rc;

	if (!sane(name))
		return unknown(name, err);
	snprintf(path, sizeof path, "%s/%s", directory(), name);
	if (stat(path, &info) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return stat(directory(), &info) == 0
			       ? unknown(name, err)
			       : err_set(err, ERR_SYSTEM,
					 "no zone data in %s: install the package tzdata",
					 directory());
	if (S_ISDIR(info.st_mode))
		return unknown(name, err);
	rc = setup_read(path, &tzif, err);
	if (rc == 0)
		rc = zone_read(out, name, buf_span(&tzif), ZONE_FROM_S, ZONE_UNTIL_S, err);
	buf_free(&tzif);
	return rc;
}
