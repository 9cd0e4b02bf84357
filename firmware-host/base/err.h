/* err.h - why a call failed, in words, with no allocation. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
	ERR_NONE,
	ERR_INVALID, /* the caller or the peer gave something malformed */
	ERR_REFUSED, /* well formed, but not allowed: a guard, a rule, a state */
	ERR_NOMEM,
	ERR_SYSTEM, /* an operating-system or library call failed */
	ERR_TIMEOUT,
};

struct err {
	enum err_code code;
	char text[256];
};

/* Record the first cause.  Always returns -1, so: return err_set(err, ...). */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put context in front of what is already recorded.  Always returns -1. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* err_set for a failed allocation.  Always returns -1. */
int err_nomem(struct err *err);

#endif
