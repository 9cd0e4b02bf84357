#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zoneinfo.h"

#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define CLOCK_FLOOR_S \
	1767225600 /* 2026-01-01T00:00:00Z: a board without a battery starts at 1970 */

static int read_all(int fd, const char *path, struct buf *text, struct err *err)
{
	char bytes[4096];
	ssize_t n = 0;

	while (!text->failed && (n = read(fd, bytes, sizeof bytes)) > 0)
		buf_add(text, (struct span){ bytes, (size_t)n });
	if (n < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (text->failed)
		return err_set(err, ERR_INVALID, "%s: longer than 4 MiB", path);
	return 0;
}

int setup_read(const char *path, struct buf *text, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	text->limit = FILE_MAX_BYTES;
	rc = read_all(fd, path, text, err);
	close(fd);
	return rc;
}

int setup_config(const char *path, struct config **out, struct buf *errors, struct buf *warnings)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	int rc = -1;

	if (setup_read(path, &text, &err) < 0)
		buf_addf(errors, "%s; name a configuration that can be read\n", err.text);
	else
		rc = config_parse(out,
				  &(struct config_source){ buf_span(&text), path, zoneinfo_load },
				  errors, warnings);
	buf_free(&text);
	return rc;
}

void setup_tell(const char *program, const char *path, const char *kind, const struct buf *lines)
{
	struct span rest = buf_span(lines);

	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		struct span behind = span_skip(line, strlen(path) + 1);
		size_t digits = 0;

		while (digits < behind.len && behind.at[digits] >= '0' && behind.at[digits] <= '9')
			digits++;
		if (digits > 0 && span_starts(span_skip(behind, digits), ": "))
			fprintf(stderr, "%s:%.*s: %s%.*s\n", path, (int)digits, behind.at, kind,
				(int)(behind.len - digits - 2), behind.at + digits + 2);
		else
			fprintf(stderr, "%s: %s%.*s\n", program, kind, (int)line.len, line.at);
	}
}

static unsigned repairs_of(const struct config *config)
{
	static const struct {
		uint32_t bit;
		enum device_repair repair;
	} rows[] = {
		{ CONFIG_REPAIR_RADIO, DEVICE_REPAIR_RADIO },
		{ CONFIG_REPAIR_RESTART, DEVICE_REPAIR_RESTART },
		{ CONFIG_REPAIR_USB, DEVICE_REPAIR_USB },
		{ CONFIG_REPAIR_DETACH, DEVICE_REPAIR_DETACH },
	};
	unsigned bits = 1U << DEVICE_REPAIR_REOPEN | 1U << DEVICE_REPAIR_EXCHANGE |
			1U << DEVICE_REPAIR_SIBLING;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if ((config->repairs & rows[i].bit) != 0)
			bits |= 1U << rows[i].repair;
	if (config->power_hook[0] != '\0')
		bits |= 1U << DEVICE_REPAIR_POWER;
	return bits;
}

void setup_modems(const struct config *config, struct gateway_modem *modems)
{
	for (size_t i = 0; i < config->modem_count && i < GATEWAY_MODEMS_MAX; i++) {
		const struct config_modem *from = &config->modems[i];
		struct gateway_modem *to = &modems[i];

		*to = (struct gateway_modem){ .repairs = repairs_of(config),
					      .expires_utc_s = from->expires_utc_s,
					      .balance_below = from->balance_below,
					      .balance_every_s = from->balance_every_s,
					      .sms = from->sms,
					      .voice = from->voice };
		span_copy(span_of(from->name), to->name, sizeof to->name);
		span_copy(span_of(from->number), to->number, sizeof to->number);
		span_copy(span_of(from->pin), to->pin, sizeof to->pin);
		span_copy(span_of(from->carrier), to->carrier, sizeof to->carrier);
		span_copy(span_of(from->balance_ussd), to->balance_ussd, sizeof to->balance_ussd);
		span_copy(span_of(from->imei), to->imei, sizeof to->imei);
		span_copy(span_of(from->iccid), to->iccid, sizeof to->iccid);
	}
}

static int make_directory(const char *database, struct err *err)
{
	char path[256];
	char *slash;

	if (!span_copy(span_of(database), path, sizeof path))
		return err_set(err, ERR_INVALID, "%.80s…: path too long", database);
	slash = strrchr(path, '/');
	if (slash == NULL || slash == path)
		return 0;
	*slash = '\0';
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_SYSTEM, "directory %s: %s", path, strerror(errno));
	return 0;
}

int setup_lock(const char *database, struct err *err)
{
	char path[300];
	int fd;

	if (make_directory(database, err) < 0)
		return -1;
	snprintf(path, sizeof path, "%s.lock", database);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return err_set(err, ERR_REFUSED, "%s: another tocsind runs on this database", path);
}

int setup_boot(char boot[40], struct err *err)
{
	struct buf text = { 0 };
	int rc = setup_read("/proc/sys/kernel/random/boot_id", &text, err);

	span_copy(span_trim(buf_span(&text)), boot, 40);
	buf_free(&text);
	return rc;
}

int setup_seed(uint64_t *seed, struct err *err)
{
	if (getrandom(seed, sizeof *seed, 0) != (ssize_t)sizeof *seed)
		return err_set(err, ERR_SYSTEM, "getrandom: %s", strerror(errno));
	return 0;
}

bool setup_clock_trusted(struct when now, int64_t last_utc_s)
{
	return now.utc_s >= CLOCK_FLOOR_S && now.utc_s >= last_utc_s;
}
