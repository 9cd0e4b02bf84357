/* The command line of V.250, with 27.007's extended commands, as a terminal adapter reads it: byte by byte. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define CR '\r'
#define BS '\b'

void sim_at_info(struct sim_modem *m, const char *fmt, ...)
{
	char line[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	buf_addf(&m->reply, m->set.verbose ? "\r\n%s\r\n" : "%s\r\n", line);
}

struct span sim_at_arg(struct span *args)
{
	struct span arg = { args->at, 0 };
	bool quoted = false;

	while (arg.len < args->len && (quoted || args->at[arg.len] != ','))
		quoted ^= args->at[arg.len++] == '"';
	*args = span_skip(*args, arg.len + 1);
	arg = span_trim(arg);
	if (arg.len >= 2 && arg.at[0] == '"' && arg.at[arg.len - 1] == '"')
		arg = (struct span){ arg.at + 1, arg.len - 2 };
	return arg;
}

bool sim_at_number(struct span *args, int64_t low, int64_t high, int64_t *value)
{
	int64_t n;

	if (!span_int(sim_at_arg(args), &n) || n < low || n > high)
		return false;
	*value = n;
	return true;
}

/* ---- results ---- */

static void flush_reply(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->busy = false;
	sim_modem_say(sim, m, buf_span(&m->reply), now);
	buf_clear(&m->reply);
	sim_at_input(sim, m, now);
}

void sim_at_leave(struct sim *sim, struct sim_modem *m, struct when now)
{
	if (m->cable.eaten > 0) { /* another program has read it */
		m->cable.eaten--;
		buf_clear(&m->reply);
	}
	if (m->slow_ms > 0) {
		m->busy = true;
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms, flush_reply);
		return;
	}
	m->busy = false;
	sim_modem_say(sim, m, buf_span(&m->reply), now);
	buf_clear(&m->reply);
}

void sim_at_result(struct sim *sim, struct sim_modem *m, const char *word, int number,
		   struct when now)
{
	if (m->set.quiet == 0 && m->set.verbose)
		buf_addf(&m->reply, "\r\n%s\r\n", word);
	else if (m->set.quiet == 0)
		buf_addf(&m->reply, "%d\r", number);
	sim_at_leave(sim, m, now);
}

static const char *cme_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} rows[] = {
		{ 3, "operation not allowed" },
		{ 4, "operation not supported" },
		{ 10, "SIM not inserted" },
		{ 11, "SIM PIN required" },
		{ 12, "SIM PUK required" },
		{ 13, "SIM failure" },
		{ 14, "SIM busy" },
		{ 16, "incorrect password" },
		{ 22, "not found" },
		{ 30, "no network service" },
		{ 50, "incorrect parameters" },
		{ 100, "unknown" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].code == code)
			return rows[i].words;
	return "unknown";
}

void sim_at_final(struct sim *sim, struct sim_modem *m, int answer, struct when now)
{
	char line[80];

	if (answer == SIM_LATER)
		return;
	if (answer == SIM_OK) {
		sim_at_result(sim, m, "OK", 0, now);
		return;
	}
	snprintf(line, sizeof line, "ERROR");
	if (answer >= SIM_CMS(0)) /* 27.005 3.2.5: whatever +CMEE says */
		snprintf(line, sizeof line, "+CMS ERROR: %d", answer - SIM_CMS(0));
	else if (answer >= SIM_CME(0) && m->set.cmee == 1)
		snprintf(line, sizeof line, "+CME ERROR: %d", answer - SIM_CME(0));
	else if (answer >= SIM_CME(0) && m->set.cmee == 2)
		snprintf(line, sizeof line, "+CME ERROR: %s", cme_words(answer - SIM_CME(0)));
	sim_at_result(sim, m, line, 4, now);
}

/* ---- one command ---- */

static const struct {
	const struct sim_command *rows;
	const size_t *count;
} tables[] = {
	{ sim_general_commands, &sim_general_count },    { sim_sms_commands, &sim_sms_count },
	{ sim_call_commands, &sim_call_commands_count }, { sim_vendor_commands, &sim_vendor_count },
	{ sim_dialect_commands, &sim_dialect_count },    { sim_pcm_commands, &sim_pcm_count },
};

static int dispatch(struct sim *sim, struct sim_modem *m, struct span name, enum sim_op op,
		    struct span args, struct when now)
{
	int answer;

	if (sim_instead_answers(sim, m, name, op, now, &answer))
		return answer;
	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (size_t i = 0; i < *tables[t].count; i++) {
			const struct sim_command *row = &tables[t].rows[i];

			if (span_is_nocase(name, row->name) &&
			    (row->vendors & SIM_ONLY(m->vendor)) != 0)
				return row->run(sim, m, op, args, now);
		}
	}
	answer = sim_at_setting(m, name, op, args);
	if (answer != SIM_UNKNOWN)
		return answer;
	return name.at[0] == '+' ? SIM_CME(4) : SIM_ERROR;
}

static bool letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Cuts one extended command: name, then "", "?", "=?", "=args", up to a semicolon outside quotes. */
static int extended(struct sim *sim, struct sim_modem *m, struct span *rest, struct when now)
{
	struct span name = { rest->at, 1 };
	struct span args = { rest->at, 0 };
	enum sim_op op = SIM_OP_EXEC;
	bool quoted = false;

	while (name.len < rest->len && strchr("=?;", rest->at[name.len]) == NULL)
		name.len++;
	*rest = span_skip(*rest, name.len);
	if (rest->len > 0 && rest->at[0] == '?') {
		op = SIM_OP_READ;
		*rest = span_skip(*rest, 1);
	} else if (rest->len > 0 && rest->at[0] == '=') {
		op = SIM_OP_SET;
		args = (struct span){ rest->at + 1, 0 };
		*rest = span_skip(*rest, 1);
		while (args.len < rest->len && (quoted || rest->at[args.len] != ';'))
			quoted ^= args.at[args.len++] == '"';
		*rest = span_skip(*rest, args.len);
		if (span_is(args, "?"))
			op = SIM_OP_TEST;
	}
	if (rest->len > 0 && rest->at[0] == ';')
		*rest = span_skip(*rest, 1);
	return dispatch(sim, m, span_trim(name), op, args, now);
}

/* A basic command: an optional "&", a letter, a number; "S" takes "=" and "?" too.  "D" takes the line. */
static int basic(struct sim *sim, struct sim_modem *m, struct span *rest, struct when now)
{
	struct span name = { rest->at, rest->at[0] == '&' && rest->len > 1 ? 2 : 1 };
	struct span args;
	enum sim_op op = SIM_OP_SET;

	*rest = span_skip(*rest, name.len);
	if (span_is_nocase(name, "S")) /* the register's number is part of the name */
		while (rest->len > 0 && rest->at[0] >= '0' && rest->at[0] <= '9') {
			name.len++;
			*rest = span_skip(*rest, 1);
		}
	if (span_is_nocase(name, "D")) {
		args = *rest;
		*rest = span_skip(*rest, rest->len);
		return dispatch(sim, m, name, op, args, now);
	}
	if (rest->len > 0 && rest->at[0] == '?')
		op = SIM_OP_READ;
	if (rest->len > 0 && (rest->at[0] == '?' || rest->at[0] == '='))
		*rest = span_skip(*rest, 1);
	args = (struct span){ rest->at, 0 };
	while (args.len < rest->len && rest->at[args.len] >= '0' && rest->at[args.len] <= '9')
		args.len++;
	*rest = span_skip(*rest, args.len);
	return dispatch(sim, m, name, op, args.len == 0 ? span_of("0") : args, now);
}

static int one_command(struct sim *sim, struct sim_modem *m, struct span *rest, struct when now)
{
	if (letter(rest->at[0]) || rest->at[0] == '&')
		return basic(sim, m, rest, now);
	if (strchr("+^#*$!%", rest->at[0]) != NULL)
		return extended(sim, m, rest, now);
	return SIM_ERROR;
}

static void run_line(struct sim *sim, struct sim_modem *m, struct span rest, struct when now)
{
	int answer = SIM_OK;

	m->busy = true;
	m->slow_ms = sim_pick(sim, m->slow);
	while (rest.len > 0 && answer == SIM_OK) {
		if (rest.at[0] == ' ' || rest.at[0] == ';')
			rest = span_skip(rest, 1);
		else
			answer = one_command(sim, m, &rest, now);
	}
	sim_at_final(sim, m, answer, now);
}

/* What stands before "AT" is noise (V.250 5.2.1); a line without it is no command and has no answer. */
static void whole_line(struct sim *sim, struct sim_modem *m, struct when now)
{
	char text[1024];
	struct span line;
	size_t at = 0;

	span_copy(buf_span(&m->line), text, sizeof text);
	buf_clear(&m->line);
	line = span_of(text);
	if (span_is_nocase(line, "A/"))
		line = span_of(m->last);
	while (at + 1 < line.len && !span_is_nocase((struct span){ line.at + at, 2 }, "AT"))
		at++;
	if (at + 1 >= line.len)
		return;
	if (m->cable.unheard > 0) { /* it finds the speed first: MODEMS.md 8, row 37 */
		m->cable.unheard--;
		return;
	}
	line = span_skip(line, at);
	if (line.at != m->last)
		span_copy(line, m->last, sizeof m->last);
	run_line(sim, m, span_skip(line, 2), now);
}

static void command_byte(struct sim *sim, struct sim_modem *m, char c, struct when now)
{
	struct span line;

	if (m->set.echo && m->cable.unheard == 0)
		sim_modem_say(sim, m, (struct span){ &c, 1 }, now);
	line = buf_span(&m->line);
	if (c == BS && line.len > 0)
		m->line.len--;
	else if ((unsigned char)c >= ' ')
		buf_add_char(&m->line, c);
	if (c == CR || span_is_nocase(buf_span(&m->line), "A/")) /* V.250 5.2.4: A/ needs no CR */
		whole_line(sim, m, now);
	if (m->line.failed) /* longer than any adapter takes: V.250 5.2.1 lets it forget the line */
		buf_clear(&m->line);
}

/* V.250 5.6.1: a character typed while the adapter dials ends the attempt. */
static void abort_dial(struct sim *sim, struct sim_modem *m, struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);

	if (call != NULL)
		sim_call_end(sim, call, m->index,
			     &(struct sim_end){ "NO CARRIER", 16, "aborted by a character" }, now);
}

void sim_at_input(struct sim *sim, struct sim_modem *m, struct when now)
{
	size_t used = 0;

	while (used < m->in.len && (!m->busy || m->blocked)) {
		char c = m->in.at[used];

		if (m->mode == SIM_COMMAND && m->line.len == 0)
			sim_trap_begin(m, span_skip(buf_span(&m->in), used));
		if (sim_trap_reached(sim, m, now))
			break;
		used++;
		m->cable.passed++;
		if (m->blocked)
			abort_dial(sim, m, now);
		else if (m->mode == SIM_PROMPT)
			sim_sms_byte(sim, m, c, now);
		else
			command_byte(sim, m, c, now);
	}
	buf_drop(&m->in, used);
	sim_trap_reached(sim, m, now);
}
