/* code.h - the short codes that people text back: digits, the first not 0, the last a Damm check digit.
 *
 * 4 digits; 5 when more than 300 are in use; 6 above 3 000.  A code is not given again while live nor for 7 days after, then oldest
 * first; a page is never refused for want of one.
 */
#ifndef DIALPLAN_CODE_H
#define DIALPLAN_CODE_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"

#define CODE_SIZE 8

struct codes;

int codes_new(struct codes **out, uint64_t seed, struct err *err);
void codes_free(struct codes *codes);

/* A fresh code.  0 or -1 (out of memory). */
int codes_take(struct codes *codes, int64_t utc_s, char code[CODE_SIZE], struct err *err);
void codes_release(struct codes *codes, const char *code, int64_t utc_s);

/* After a restart: released_utc_s 0 for one in use.  A text that is no code is ignored. */
int codes_restore(struct codes *codes, const char *code, int64_t released_utc_s, struct err *err);

/* 4 to 6 digits, first not 0, check digit right. */
bool code_valid(struct span text);

#endif
