#include "scenario/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "scenario/file.h"
#include "scenario/world_web.h"

/* ---- words ---- */

static bool unit(struct span *rest, int64_t *ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 }
	};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (span_starts(*rest, units[i].name)) {
			*rest = span_skip(*rest, strlen(units[i].name));
			*ms = units[i].ms;
			return true;
		}
	return false;
}

bool script_duration(struct span word, int64_t *ms)
{
	int64_t sum = 0;

	if (word.len == 0)
		return false;
	while (word.len > 0) {
		struct span digits = { word.at, 0 };
		int64_t count;
		int64_t each;

		while (digits.len < word.len && word.at[digits.len] >= '0' &&
		       word.at[digits.len] <= '9')
			digits.len++;
		word = span_skip(word, digits.len);
		if (!span_int(digits, &count) || count > 1000000 || !unit(&word, &each))
			return false;
		sum += count * each;
	}
	*ms = sum;
	return true;
}

struct span script_quoted(struct span *rest)
{
	struct span text = span_trim(*rest);
	size_t end;

	if (text.len == 0 || text.at[0] != '"')
		return span_word(rest);
	text = span_skip(text, 1);
	for (end = 0; end < text.len && text.at[end] != '"'; end++)
		if (text.at[end] == '\\' && end + 1 < text.len)
			end++;
	*rest = span_skip(text, end + 1);
	return (struct span){ text.at, end };
}

/* The octet that two hex digits stand for. */
static bool hex_pair(struct span text, size_t at, char *octet)
{
	char digits[3] = "";
	char *end;
	long value;

	if (at + 2 > text.len)
		return false;
	memcpy(digits, text.at + at, 2);
	value = strtol(digits, &end, 16);
	if (end != digits + 2)
		return false;
	*octet = (char)value;
	return true;
}

/* What "\r", "\n", "\"", "\\" and "\x1a" stand for. */
static void unescape(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool escape = text.at[i] == '\\' && i + 1 < text.len;
		char c = text.at[escape ? ++i : i];

		if (escape && c == 'n')
			c = '\n';
		else if (escape && c == 'r')
			c = '\r';
		else if (escape && c == 'x' && hex_pair(text, i + 1, &c))
			i += 2;
		buf_add_char(out, c);
	}
}

const char *script_id(const struct script *script, struct span label)
{
	for (size_t i = script->label_count; i > 0; i--)
		if (span_is(label, script->labels[i - 1].name))
			return script->labels[i - 1].id;
	return NULL;
}

/* ---- time ---- */

static void tell(struct script *script, const struct sim_event *event)
{
	char line[2400];
	const char *modem =
		event->modem < 0 ? "" : sim_modem_name(script->world.sim, (size_t)event->modem);
	int64_t s = event->mono_ms / 1000;

	sim_event_text(event, modem, line, sizeof line);
	fprintf(script->options->story, "  %02d:%02d:%02d  %s\n", (int)(s / 3600),
		(int)(s / 60 % 60), (int)(s % 60), line);
}

void script_tell(struct script *script)
{
	for (; script->told < script->world.sighting_count; script->told++)
		if (script->options->story != NULL &&
		    script->world.sightings[script->told].event.kind != SIM_SUBMITTED)
			tell(script, &script->world.sightings[script->told].event);
}

int script_advance(struct script *script, int64_t until, struct err *err)
{
	while (script->world.now.mono_ms < until) {
		if (world_step(&script->world, until, err) < 0)
			return -1;
		script_tell(script);
	}
	return 0;
}

/* ---- verbs ---- */

static int do_config(struct script *script, struct span rest, struct err *err)
{
	struct buf text = { 0 };
	char path[512];
	int result;

	if (file_beside(script->directory, span_trim(rest), path, sizeof path, &text, err) < 0)
		return -1;
	if (script->started)
		result = world_reload(&script->world, buf_span(&text), path, err);
	else
		result = world_configure(&script->world, buf_span(&text), path, err);
	buf_free(&text);
	return result;
}

static int do_start(struct script *script, struct span rest, struct err *err)
{
	int64_t utc_s;

	if (!civil_read(rest, &utc_s))
		return err_set(err, ERR_INVALID, "start: want a time such as 2026-01-05 10:00");
	script->world.now.utc_s = utc_s;
	return 0;
}

/* The gateway starts at the first line that needs it; its modems are given time to become ready. */
static int start(struct script *script, struct err *err)
{
	struct world *world = &script->world;

	if (script->started)
		return 0;
	if (world->config_text == NULL)
		return err_set(err, ERR_INVALID, "no configuration: begin with config FILE");
	script->started = true;
	if (world_start(world, err) < 0)
		return -1;
	return script_advance(script, world->now.mono_ms + 3000, err);
}

static int do_wait(struct script *script, struct span rest, struct err *err)
{
	int64_t ms;

	if (!script_duration(span_trim(rest), &ms))
		return err_set(err, ERR_INVALID, "wait: want a time such as 5m or 90s");
	if (script_advance(script, script->world.now.mono_ms + ms, err) < 0)
		return -1;
	expect_forget_allowed(script);
	return 0;
}

static int do_crash(struct script *script, struct span rest, struct err *err)
{
	(void)rest;
	return world_restart(&script->world, err);
}

static int do_store(struct script *script, struct span rest, struct err *err)
{
	struct span word = span_trim(rest);

	if (!span_is(word, "fails") && !span_is(word, "works"))
		return err_set(err, ERR_INVALID, "store: want fails or works");
	script->world.store_broken = span_is(word, "fails");
	return 0;
}

static int do_web(struct script *script, struct span rest, struct err *err)
{
	return world_web_line(&script->world, rest, err);
}

static int do_allow(struct script *script, struct span rest, struct err *err)
{
	struct span phone = span_word(&rest);

	if (script->allowed_count == COUNT_OF(script->allowed) || phone.len == 0)
		return err_set(err, ERR_INVALID, "allow: want the name of a phone");
	span_copy(phone, script->allowed[script->allowed_count++], sizeof script->allowed[0]);
	return 0;
}

/* ---- requests: the words of the command line ---- */

struct asked {
	struct request request;
	char keys[REQUEST_FIELDS_MAX][32];
	char *values[REQUEST_FIELDS_MAX];
};

static void field(struct asked *asked, struct span key, struct span value)
{
	size_t n = asked->request.count;

	if (n == REQUEST_FIELDS_MAX)
		return;
	span_copy(key, asked->keys[n], sizeof asked->keys[n]);
	asked->values[n] = span_dup(value);
	asked->request.fields[n].key = asked->keys[n];
	asked->request.fields[n].value = asked->values[n];
	asked->request.count++;
}

static void free_fields(struct asked *asked)
{
	for (size_t i = 0; i < asked->request.count; i++)
		free(asked->values[i]);
}

/* A value with its escapes carried out; "@FILE" is what stands in that file beside the scenario. */
static int take_value(struct script *script, struct asked *asked, struct span key,
		      struct span value, struct err *err)
{
	struct buf text = { 0 };
	char path[512];
	int result = 0;

	if (span_starts(value, "@"))
		result = file_beside(script->directory, span_skip(value, 1), path, sizeof path,
				     &text, err);
	else
		unescape(&text, value);
	if (result == 0)
		field(asked, key, buf_span(&text));
	buf_free(&text);
	return result;
}

static bool is_flag(struct span word)
{
	static const char *const flags[] = { "--test", "--money", "--emergency", "--audit" };

	for (size_t i = 0; i < COUNT_OF(flags); i++)
		if (span_is(word, flags[i]))
			return true;
	return false;
}

/* "--key value", "--flag", and the label or id of a page. */
static int read_fields(struct script *script, struct asked *asked, struct span rest,
		       struct err *err)
{
	rest = span_trim(rest);
	while (rest.len > 0) {
		struct span word = script_quoted(&rest);
		const char *id = script_id(script, word);
		struct span value = span_of("true");

		rest = span_trim(rest);
		if (!span_starts(word, "--")) {
			field(asked, span_of("id"), id != NULL ? span_of(id) : word);
			continue;
		}
		if (!is_flag(word))
			value = script_quoted(&rest);
		if (take_value(script, asked, span_skip(word, 2), value, err) < 0)
			return -1;
		rest = span_trim(rest);
	}
	return 0;
}

/* The text of a member of a flat JSON object that the gateway wrote. */
static bool member_of(const char *json, const char *name, char *value, size_t size)
{
	const char *at = strstr(json, name);
	size_t len;

	if (at == NULL)
		return false;
	at += strlen(name);
	len = strcspn(at, "\"");
	return span_copy((struct span){ at, len }, value, size);
}

static void label(struct script *script, struct span name)
{
	size_t n = script->label_count;

	if (n == SCRIPT_LABELS_MAX)
		return;
	if (member_of(buf_text(&script->world.answer.json), "\"id\":\"", script->labels[n].id,
		      sizeof script->labels[n].id)) {
		member_of(buf_text(&script->world.answer.json), "\"code\":\"",
			  script->labels[n].code, sizeof script->labels[n].code);
		span_copy(name, script->labels[n].name, sizeof script->labels[n].name);
		script->label_count++;
	}
}

static int ask(struct script *script, const char *name, struct span rest, bool fails,
	       struct err *err)
{
	struct asked asked = { .request = { .name = name, .peer = "ops", .ticket = 1 } };
	struct span as = { 0 };
	struct span peek = rest;

	if (span_is(span_word(&peek), "as")) {
		as = span_word(&peek);
		rest = peek;
	}
	if (read_fields(script, &asked, rest, err) < 0) {
		free_fields(&asked);
		return -1;
	}
	world_request(&script->world, &asked.request);
	if (script->world
		    .crashed) { /* like the command line: the same again, once the gateway is back */
		if (world_restart(&script->world, err) == 0)
			world_request(&script->world, &asked.request);
	}
	free_fields(&asked);
	script_tell(script);
	if (!script->world.answered)
		return err_set(err, ERR_INVALID, "%s was not answered", name);
	if ((script->world.answer.status != 0) != fails)
		return err_set(err, ERR_INVALID, "answered %.200s",
			       buf_text(&script->world.answer.json));
	if (as.len > 0)
		label(script, as);
	return 0;
}

int script_show(struct script *script, struct span name, struct err *err)
{
	return ask(script, "show", name, false, err);
}

/* ---- the table ---- */

static const struct verb {
	const char *name;
	int (*run)(struct script *script, struct span rest, struct err *err);
	bool early; /* before the gateway is started */
} verbs[] = {
	{ "config", do_config, true }, { "start", do_start, true },      { "wait", do_wait, false },
	{ "crash", do_crash, false },  { "store", do_store, false },     { "web", do_web, true },
	{ "allow", do_allow, true },   { "expect", expect_line, false },
};

static int request(struct script *script, struct span word, struct span rest, bool fails,
		   struct err *err)
{
	char name[24];

	if (!span_copy(word, name, sizeof name) || !gateway_has_command(name))
		return err_set(err, ERR_INVALID,
			       "\"%.*s\" begins no line of a scenario: see docs/scenarios.md",
			       (int)word.len, word.at);
	return start(script, err) < 0 ? -1 : ask(script, name, rest, fails, err);
}

static int carry_out(struct script *script, struct span line, struct err *err)
{
	struct span rest = span_trim(line);
	struct span word;

	if (rest.len == 0 || rest.at[0] == '#')
		return 0;
	if (sim_knows(rest)) {
		int done = sim_line(script->world.sim, rest, script->world.now, err);

		/* what was set in motion by it happens now */
		return done < 0 || !script->started
			       ? done
			       : world_step(&script->world, script->world.now.mono_ms, err);
	}
	word = span_word(&rest);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (span_is(word, verbs[i].name)) {
			if (!verbs[i].early && start(script, err) < 0)
				return -1;
			return verbs[i].run(script, rest, err);
		}
	if (span_is(word, "fails"))
		return request(script, span_word(&rest), rest, true, err);
	return request(script, word, rest, false, err);
}

/* The code of the page that is called so, or NULL: "{first}". */
static const char *code_here(const struct script *script, struct span text, size_t *len)
{
	for (size_t i = script->label_count; i > 0; i--) {
		const char *name = script->labels[i - 1].name;

		*len = strlen(name) + 2;
		if (text.len >= *len && text.at[0] == '{' && text.at[*len - 1] == '}' &&
		    memcmp(text.at + 1, name, *len - 2) == 0)
			return script->labels[i - 1].code;
	}
	return NULL;
}

int script_line(struct script *script, struct span line, struct err *err)
{
	struct buf text = { 0 };
	int result;

	while (line.len > 0) {
		size_t len = 1;
		const char *code = code_here(script, line, &len);

		if (code != NULL)
			buf_add_text(&text, code);
		else
			buf_add_char(&text, line.at[0]);
		line = span_skip(line, code != NULL ? len : 1);
	}
	result = text.failed ? err_nomem(err) : carry_out(script, buf_span(&text), err);
	buf_free(&text);
	return result;
}

int script_end(struct script *script, struct err *err)
{
	script_tell(script);
	return expect_nothing_else(script, err);
}
