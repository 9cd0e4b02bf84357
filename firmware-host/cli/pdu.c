#include "cli/pdu.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/jsonw.h"
#include "base/span.h"
#include "modem/octets.h"
#include "modem/pdu.h"

#define DONE   0
#define FAILED 1
#define USAGE  2

static int usage(const char *why, const char *what)
{
	fprintf(stderr,
		"tocsin pdu: %s%s; use: pdu decode HEX, or pdu encode --to NUMBER --text TEXT "
		"[--smsc NUMBER] [--class 0-3] [--validity MINUTES] [--status-report]\n",
		why, what);
	return USAGE;
}

static int print(struct buf *line)
{
	int rc = DONE;

	if (line->failed || puts(buf_text(line)) == EOF || fflush(stdout) == EOF) {
		fprintf(stderr,
			"tocsin pdu: the answer cannot be written; free memory or space and "
			"repeat\n");
		rc = FAILED;
	}
	buf_free(line);
	return rc;
}

/* RFC 3339 in the sender's own zone. */
static void stamp(struct jsonw *json, const char *name, int64_t utc_s, int offset_min)
{
	struct civil c = civil_of(utc_s + (int64_t)offset_min * 60);
	int east = abs(offset_min);
	char text[40];

	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", (int)c.year,
		 c.month, c.day, c.hour, c.minute, c.second, offset_min < 0 ? '-' : '+', east / 60,
		 east % 60);
	jsonw_string(json, name, text);
}

/* The user data: absent from most status reports. */
static void content(struct jsonw *json, const struct pdu *pdu)
{
	static const char *const names[] = {
		[PDU_GSM7] = "gsm7", [PDU_UCS2] = "ucs2", [PDU_8BIT] = "8bit"
	};
	char hex[2 * sizeof pdu->data + 1];

	if (pdu->type == PDU_STATUS_REPORT && pdu->text[0] == '\0' && pdu->data_len == 0)
		return;
	if (pdu->encoding == PDU_8BIT) {
		octets_to_hex(pdu->data, pdu->data_len, hex);
		jsonw_string(json, "data_hex", hex);
	} else {
		jsonw_string(json, "text", pdu->text);
	}
	jsonw_string(json, "encoding", names[pdu->encoding]);
	if (pdu->message_class >= 0)
		jsonw_int(json, "class", pdu->message_class);
}

static void concatenation(struct jsonw *json, const struct pdu_concat *concat)
{
	if (concat->total == 0)
		return;
	jsonw_object(json, "concat");
	jsonw_int(json, "ref", concat->ref);
	jsonw_int(json, "total", concat->total);
	jsonw_int(json, "seq", concat->seq);
	jsonw_end_object(json);
}

static void members(struct jsonw *json, const struct pdu *pdu)
{
	static const struct {
		const char *type;
		const char *address;
	} names[] = { [PDU_NONE] = { "", "" },
		      [PDU_DELIVER] = { "deliver", "from" },
		      [PDU_SUBMIT] = { "submit", "to" },
		      [PDU_STATUS_REPORT] = { "status-report", "recipient" } };

	jsonw_string(json, "type", names[pdu->type].type);
	if (pdu->smsc[0] != '\0')
		jsonw_string(json, "smsc", pdu->smsc);
	if (pdu->address[0] != '\0')
		jsonw_string(json, names[pdu->type].address, pdu->address);
	if (pdu->has_timestamp)
		stamp(json, "timestamp", pdu->timestamp_utc_s, pdu->timestamp_offset_min);
	content(json, pdu);
	concatenation(json, &pdu->concat);
	if (pdu->message_ref >= 0)
		jsonw_int(json, "message_ref", pdu->message_ref);
	if (pdu->status >= 0)
		jsonw_int(json, "status", pdu->status);
	if (pdu->has_discharge)
		stamp(json, "discharge", pdu->discharge_utc_s, pdu->discharge_offset_min);
}

static int decode(int argc, char **argv)
{
	struct buf line = { 0 };
	struct jsonw json = { .out = &line };
	struct pdu pdu;
	struct err err;

	if (argc != 2)
		return usage(argc < 2 ? "no unit to decode" : "one unit at a time", "");
	if (pdu_decode(span_of(argv[1]), &pdu, &err) < 0) {
		fprintf(stderr,
			"tocsin pdu decode: %s; give the whole unit in hex, service centre first\n",
			err.text);
		return FAILED;
	}
	jsonw_object(&json, NULL);
	members(&json, &pdu);
	jsonw_end_object(&json);
	return print(&line);
}

static int print_part(const struct pdu_part *part)
{
	struct buf line = { 0 };
	struct jsonw json = { .out = &line };

	jsonw_object(&json, NULL);
	jsonw_string(&json, "pdu", part->hex);
	jsonw_int(&json, "length", (int64_t)part->length);
	jsonw_end_object(&json);
	return print(&line);
}

static int print_parts(const struct pdu_submit *submit)
{
	enum pdu_encoding encoding;
	size_t total = pdu_parts_needed(submit->text, &encoding);
	int rc = DONE;

	if (total == 0) {
		fprintf(stderr,
			"tocsin pdu encode: the text takes more than %d parts; shorten it\n",
			PDU_PARTS_MAX);
		return FAILED;
	}
	for (size_t i = 0; i < total && rc == DONE; i++) {
		struct pdu_part part;
		struct err err;

		if (pdu_encode(submit, i, total, &part, &err) < 0) {
			fprintf(stderr, "tocsin pdu encode: %s; correct it and repeat\n", err.text);
			return FAILED;
		}
		rc = print_part(&part);
	}
	return rc;
}

static bool number(const char *text, int64_t least, int64_t most, int *out)
{
	int64_t value;

	if (!span_int(span_of(text), &value) || value < least || value > most)
		return false;
	*out = (int)value;
	return true;
}

enum encode_option {
	OPTION_TO = 1,
	OPTION_TEXT,
	OPTION_SMSC,
	OPTION_CLASS,
	OPTION_VALIDITY,
	OPTION_REPORT
};

#define VALIDITY_MAX_MIN ((int64_t)63 * 7 * 24 * 60) /* 23.040 9.2.3.12.1 */

static bool take_option(int option, struct pdu_submit *submit)
{
	switch (option) {
	case OPTION_TO:
		submit->to = span_of(optarg);
		return true;
	case OPTION_TEXT:
		submit->text = span_of(optarg);
		return true;
	case OPTION_SMSC:
		submit->smsc = span_of(optarg);
		return true;
	case OPTION_CLASS:
		return number(optarg, 0, 3, &submit->message_class);
	case OPTION_VALIDITY:
		return number(optarg, 1, VALIDITY_MAX_MIN, &submit->validity_min);
	case OPTION_REPORT:
		submit->status_report = true;
		return true;
	default: /* getopt's own '?' */
		return false;
	}
}

/* FNV-1a of number and text, folded to the octet that the header has.  Without state, yet two long texts that
 * are on their way to one phone at once rarely share it; the same command gives the same units. */
static unsigned reference(const struct pdu_submit *submit)
{
	const struct span parts[] = { submit->to, submit->text };
	uint32_t hash = 2166136261u;

	for (size_t p = 0; p < COUNT_OF(parts); p++)
		for (size_t i = 0; i < parts[p].len; i++)
			hash = (hash ^ (unsigned char)parts[p].at[i]) * 16777619u;
	hash ^= hash >> 16;
	return (hash ^ hash >> 8) & 0xFFu;
}

static int encode(int argc, char **argv)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, OPTION_TO },
		{ "text", required_argument, NULL, OPTION_TEXT },
		{ "smsc", required_argument, NULL, OPTION_SMSC },
		{ "class", required_argument, NULL, OPTION_CLASS },
		{ "validity", required_argument, NULL, OPTION_VALIDITY },
		{ "status-report", no_argument, NULL, OPTION_REPORT },
		{ 0 },
	};
	struct pdu_submit submit = { .message_class = -1 };
	int option;

	optind = 0; /* glibc: start anew, whatever parsed options before */
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		if (!take_option(option, &submit))
			return usage("bad option or value: ", argv[optind - 1]);
	if (optind < argc)
		return usage("too much: ", argv[optind]);
	if (submit.to.at == NULL || submit.text.at == NULL)
		return usage("--to and --text are needed", "");
	submit.ref = reference(&submit);
	return print_parts(&submit);
}

int cli_pdu(int argc, char **argv, bool json)
{
	(void)json; /* JSON is the only form */
	if (argc > 0 && strcmp(argv[0], "decode") == 0)
		return decode(argc, argv);
	if (argc > 0 && strcmp(argv[0], "encode") == 0)
		return encode(argc, argv);
	return usage("decode or encode", "");
}
