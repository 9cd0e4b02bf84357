#include "tests/support/far_end.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void far_free(struct far_end *far)
{
	buf_free(&far->line);
	buf_free(&far->heard);
	buf_free(&far->bodies);
	buf_free(&far->out);
}

void far_answer(struct far_end *far, const char *command, const char *answer, int times)
{
	for (size_t i = 0; i < far->answer_count; i++)
		if (strcmp(far->answers[i].command, command) == 0) {
			far->answers[i] = (struct far_answer){ command, false, answer, times };
			return;
		}
	if (far->answer_count == COUNT_OF(far->answers))
		abort();
	far->answers[far->answer_count++] = (struct far_answer){ command, false, answer, times };
}

void far_say(struct far_end *far, const char *text)
{
	for (; *text != '\0'; text++) {
		if (far->inject != NULL && far->said == far->inject_at)
			buf_add_text(&far->out, far->inject);
		buf_add_char(&far->out, *text);
		far->said++;
	}
}

static struct far_message *slot(struct far_end *far, const char *memory, int index)
{
	for (size_t i = 0; i < COUNT_OF(far->messages); i++) {
		struct far_message *m = &far->messages[i];

		if (m->pdu != NULL && m->index == index && strcmp(m->memory, memory) == 0)
			return m;
	}
	return NULL;
}

void far_store(struct far_end *far, const char *memory, int index, const char *pdu)
{
	struct far_message *m = slot(far, memory, index);

	for (size_t i = 0; m == NULL && i < COUNT_OF(far->messages); i++)
		if (far->messages[i].pdu == NULL)
			m = &far->messages[i];
	if (m == NULL)
		abort();
	snprintf(m->memory, sizeof m->memory, "%s", memory);
	m->index = index;
	m->pdu = pdu;
}

bool far_stored(const struct far_end *far, const char *memory, int index)
{
	for (size_t i = 0; i < COUNT_OF(far->messages); i++)
		if (far->messages[i].pdu != NULL && far->messages[i].index == index &&
		    strcmp(far->messages[i].memory, memory) == 0)
			return true;
	return false;
}

static int used(const struct far_end *far, const char *memory)
{
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(far->messages); i++)
		n += far->messages[i].pdu != NULL && strcmp(far->messages[i].memory, memory) == 0;
	return n;
}

static void line_out(struct far_end *far, const char *text)
{
	const char *end = far->double_cr ? "\r\r\n" : "\r\n";

	far_say(far, end);
	far_say(far, text);
	far_say(far, end);
	if (far->double_ok && strcmp(text, "OK") == 0)
		far_say(far, "\r\nOK\r\n\r\n");
}

static void list(struct far_end *far)
{
	char head[40];

	for (size_t i = 0; i < COUNT_OF(far->messages); i++) {
		const struct far_message *m = &far->messages[i];

		if (m->pdu == NULL || strcmp(m->memory, far->memory) != 0)
			continue;
		snprintf(head, sizeof head, "+CMGL: %d,1,,%zu", m->index, strlen(m->pdu) / 2 - 8);
		line_out(far, head);
		far_say(far, m->pdu);
		far_say(far, "\r\n");
	}
	line_out(far, "OK");
}

static void read_one(struct far_end *far, int index)
{
	const struct far_message *m = slot(far, far->memory, index);

	if (m != NULL) {
		line_out(far, "+CMGR: 0,,26");
		far_say(far, m->pdu);
		far_say(far, "\r\n");
	}
	line_out(far, "OK");
}

static void delete_one(struct far_end *far, int index)
{
	struct far_message *m = slot(far, far->memory, index);

	if (m != NULL)
		m->pdu = NULL;
	line_out(far, m != NULL ? "OK" : "+CMS ERROR: 321");
}

static void stores(struct far_end *far, const char *command)
{
	char text[80];

	if (command[7] == '?') {
		snprintf(text, sizeof text, "+CPMS: \"%s\",%d,20,\"SM\",%d,20,\"ME\",%d,20",
			 far->memory, used(far, far->memory), used(far, "SM"), used(far, "ME"));
	} else {
		snprintf(far->memory, sizeof far->memory, "%.2s", command + 9);
		snprintf(text, sizeof text, "+CPMS: %d,20,%d,20,%d,20", used(far, far->memory),
			 used(far, "SM"), used(far, "ME"));
	}
	line_out(far, text);
	line_out(far, "OK");
}

static void calls(struct far_end *far)
{
	char text[80];

	line_out(far, "+CLCC: 1,0,0,1,0,\"\",128"); /* a data context */
	if (far->call > 0) {
		snprintf(text, sizeof text, "+CLCC: 2,0,%d,0,0,\"+447700900123\",145",
			 far->call - 1);
		line_out(far, text);
	}
	line_out(far, "OK");
}

static bool scripted(struct far_end *far, const char *command)
{
	for (size_t i = 0; i < far->answer_count; i++) {
		struct far_answer *a = &far->answers[i];

		if (a->times < 0 || strncmp(command, a->command, strlen(a->command)) != 0 ||
		    (a->whole && command[strlen(a->command)] != '\0'))
			continue;
		if (a->times > 0 && --a->times == 0)
			a->times = -1;
		far_say(far, a->answer);
		return true;
	}
	return false;
}

static void hang_up(struct far_end *far)
{
	far->call = 0;
	far->incoming = false;
	line_out(far, "OK");
}

static void answer(struct far_end *far, const char *command)
{
	static const struct {
		const char *command, *text;
	} plain[] = {
		{ "AT+CGMI", "Quectel" },
		{ "AT+CGMM", "EC25" },
		{ "AT+CGMR", "EC25EFAR02A09M4G" },
		{ "AT+CGSN", "867000000000017" },
		{ "AT+CIMI", "262010000000017" },
		{ "AT+QCCID", "+QCCID: 8949000000000000017F" },
		{ "AT+CPIN?", "+CPIN: READY" },
		{ "AT+CFUN?", "+CFUN: 1" },
		{ "AT+CREG?", "+CREG: 2,1,\"1A2B\",\"01234567\",7" },
		{ "AT+CGREG?", "+CGREG: 2,1" },
		{ "AT+CEREG?", "+CEREG: 2,1" },
		{ "AT+COPS?", "+COPS: 0,2,\"26201\",7" },
		{ "AT+CSQ", "+CSQ: 20,99" },
		{ "AT+CNMI?", "+CNMI: 2,1,0,1,0" },
		{ "AT+CSCA?", "+CSCA: \"+491710760000\",145" },
		{ "AT+CSMS=0", "+CSMS: 1,1,1" },
	};

	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (strcmp(command, plain[i].command) == 0)
			line_out(far, plain[i].text);
	if (strcmp(command, "AT+CMGL=4") == 0)
		list(far);
	else if (strncmp(command, "AT+CMGR=", 8) == 0)
		read_one(far, atoi(command + 8));
	else if (strncmp(command, "AT+CMGD=", 8) == 0)
		delete_one(far, atoi(command + 8));
	else if (strncmp(command, "AT+CPMS", 7) == 0)
		stores(far, command);
	else if (strcmp(command, "AT+CLCC") == 0)
		calls(far);
	else if (strcmp(command, "AT+CHUP") == 0)
		hang_up(far);
	else
		line_out(far, "OK");
}

static void command_in(struct far_end *far)
{
	const char *command = buf_text(&far->line);

	far->commands++;
	if (far->deaf || scripted(far, command))
		return;
	if (strncmp(command, "AT+CMGS=", 8) == 0) {
		far->prompts++;
		far->in_prompt = true;
		if (!far->no_prompt)
			far_say(far, "\r\n> ");
	} else if (strncmp(command, "ATD", 3) == 0) {
		far->call = 1 + 2;
		line_out(far, "OK");
	} else if (strncmp(command, "AT", 2) == 0) {
		answer(far, command);
	}
}

static void body_in(struct far_end *far)
{
	char text[20];

	far->in_prompt = false;
	buf_add(&far->bodies, buf_span(&far->line));
	buf_add_char(&far->bodies, '\n');
	if (far->no_final)
		return;
	if (far->send_error != NULL) {
		line_out(far, far->send_error);
		if (far->send_errors > 0 && --far->send_errors == 0)
			far->send_error = NULL;
		return;
	}
	snprintf(text, sizeof text, "+CMGS: %d", far->mr++);
	line_out(far, text);
	if (!far->no_ok)
		line_out(far, "OK");
}

static void byte_in(struct far_end *far, char c)
{
	char echo[2] = { c, '\0' };

	if (far->echo && !far->deaf)
		far_say(far, echo);
	if (c == 0x1b) {
		far->escapes++;
		if (far->in_prompt && !far->no_prompt)
			line_out(far, "OK");
		far->in_prompt = false;
		buf_clear(&far->line);
	} else if (far->in_prompt && c == 0x1a) {
		body_in(far);
		buf_clear(&far->line);
	} else if (!far->in_prompt && c == '\r') {
		if (far->line.len > 0)
			command_in(far);
		buf_clear(&far->line);
	} else {
		buf_add_char(&far->line, c);
	}
}

void far_feed(struct far_end *far, struct span bytes)
{
	buf_add(&far->heard, bytes);
	for (size_t i = 0; i < bytes.len; i++)
		byte_in(far, bytes.at[i]);
}

int far_heard(const struct far_end *far, const char *command)
{
	const char *at = buf_text(&far->heard);
	int n = 0;

	while ((at = strstr(at, command)) != NULL) {
		n++;
		at++;
	}
	return n;
}
