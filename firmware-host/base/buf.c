#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_LIMIT ((size_t)16 << 20)

void buf_free(struct buf *buf)
{
	free(buf->at);
	*buf = (struct buf){ .limit = buf->limit };
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->at != NULL)
		buf->at[0] = '\0';
}

int array_grow(void *array, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap == 0 ? 8 : *cap;
	void *old;
	void *grown;

	if (need <= *cap)
		return 0;
	while (want < need && want <= SIZE_MAX / 2)
		want *= 2;
	if (want < need || want > SIZE_MAX / size)
		return -1;
	memcpy(&old, array, sizeof old);
	grown = realloc(old, want * size);
	if (grown == NULL)
		return -1;
	memcpy(array, &grown, sizeof grown);
	*cap = want;
	return 0;
}

static bool room(struct buf *buf, size_t more)
{
	size_t limit = buf->limit == 0 ? DEFAULT_LIMIT : buf->limit;

	if (buf->failed || more > limit - buf->len ||
	    array_grow(&buf->at, &buf->cap, buf->len + more + 1, 1) < 0)
		buf->failed = true;
	return !buf->failed;
}

void buf_add(struct buf *buf, struct span bytes)
{
	if (bytes.len == 0 || !room(buf, bytes.len))
		return;
	memcpy(buf->at + buf->len, bytes.at, bytes.len);
	buf->len += bytes.len;
	buf->at[buf->len] = '\0';
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, span_of(text));
}

void buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, (struct span){ &c, 1 });
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0) {
		buf->failed = true;
		return;
	}
	if (!room(buf, (size_t)len))
		return;
	va_start(ap, fmt);
	vsnprintf(buf->at + buf->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)len;
}

void buf_drop(struct buf *buf, size_t n)
{
	if (n > buf->len)
		n = buf->len;
	if (n == 0)
		return;
	memmove(buf->at, buf->at + n, buf->len - n + 1);
	buf->len -= n;
}

struct span buf_span(const struct buf *buf)
{
	return (struct span){ buf->at, buf->len };
}

const char *buf_text(const struct buf *buf)
{
	return buf->at == NULL ? "" : buf->at;
}
