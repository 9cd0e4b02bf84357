#include "scenario/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int file_read(const char *path, struct buf *text, struct err *err)
{
	FILE *file = fopen(path, "re");
	char block[4096];
	size_t got;
	bool bad;

	if (file == NULL)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	while ((got = fread(block, 1, sizeof block, file)) > 0)
		buf_add(text, (struct span){ block, got });
	bad = ferror(file) != 0;
	fclose(file);
	if (bad)
		return err_set(err, ERR_SYSTEM, "%s: cannot be read", path);
	return text->failed ? err_set(err, ERR_SYSTEM, "%s: too large", path) : 0;
}

int file_beside(const char *directory, struct span name, char *path, size_t size, struct buf *text,
		struct err *err)
{
	snprintf(path, size, "%s/%.*s", directory, (int)name.len, name.at);
	if (name.len > 0 && name.at[0] != '/' && file_read(path, text, err) == 0)
		return 0;
	buf_clear(text);
	span_copy(name, path, size);
	return file_read(path, text, err);
}
