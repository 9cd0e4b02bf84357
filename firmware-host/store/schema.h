/* schema.h - the tables, and how an older database becomes a present one.
 *
 * Numbered steps, each in one transaction together with its version (user_version), so that a crash
 * between the two cannot be.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/err.h"

#define SCHEMA_VERSION     10
#define SCHEMA_APPLICATION 0x546F6373 /* "Tocs": whose file this is */

/* Is this file ours, and not newer than we know?  0, or -1; writes nothing. */
int schema_check(sqlite3 *db, struct err *err);

/* Brings it up to SCHEMA_VERSION.  0 or -1. */
int schema_upgrade(sqlite3 *db, struct err *err);

#endif
