/* file.h - reads whole small files: scenarios and the configurations they name. */
#ifndef SCENARIO_FILE_H
#define SCENARIO_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Appends the file's bytes.  0, or -1 (ERR_SYSTEM) naming the file and the reason. */
int file_read(const char *path, struct buf *text, struct err *err);

/* Looks for `name` beside `directory`, then as it is; path gets where it was found. */
int file_beside(const char *directory, struct span name, char *path, size_t size, struct buf *text,
		struct err *err);

#endif
