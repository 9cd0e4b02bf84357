#include "modem/sim/sim.h"

#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

int sim_new(struct sim **out, uint64_t seed, struct err *err)
{
	struct sim *sim = calloc(1, sizeof *sim);

	if (sim == NULL)
		return err_nomem(err);
	sim->random = seed * 2 + 1;
	sim->setup_ms = 1000;
	*out = sim;
	return 0;
}

void sim_free(struct sim *sim)
{
	if (sim == NULL)
		return;
	for (size_t i = 0; i < sim->modem_count; i++)
		sim_modem_free(sim->modems[i]);
	for (size_t i = 0; i < sim->phone_count; i++)
		sim_phone_free(sim->phones[i]);
	for (size_t i = 0; i < sim->call_count; i++) {
		free(sim->calls[i]->speech);
		free(sim->calls[i]);
	}
	for (size_t i = 0; i < sim->job_count; i++)
		free(sim->jobs[i].text);
	free(sim->modems);
	free(sim->phones);
	free(sim->calls);
	free(sim->messages);
	free(sim->jobs);
	free(sim->events);
	free(sim);
}

/* Knuth's MMIX generator; its high bits are the good ones. */
int64_t sim_random(struct sim *sim, int64_t below)
{
	sim->random = sim->random * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((sim->random >> 33) % (uint64_t)below);
}

int64_t sim_pick(struct sim *sim, struct sim_range range)
{
	int64_t wide = range.most - range.least;

	return range.least + (wide > 0 ? sim_random(sim, wide + 1) : 0);
}

/* ---- jobs: a binary heap, first due first, in the order they were made ---- */

static bool sooner(const struct sim_job *a, const struct sim_job *b)
{
	return a->due != b->due ? a->due < b->due : a->seq < b->seq;
}

static void swap_jobs(struct sim_job *a, struct sim_job *b)
{
	struct sim_job kept = *a;

	*a = *b;
	*b = kept;
}

static void sink(struct sim *sim, size_t at)
{
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < sim->job_count && sooner(&sim->jobs[child], &sim->jobs[least]))
				least = child;
		if (least == at)
			return;
		swap_jobs(&sim->jobs[at], &sim->jobs[least]);
		at = least;
	}
}

static size_t raise_job(struct sim *sim, size_t at)
{
	while (at > 0 && sooner(&sim->jobs[at], &sim->jobs[(at - 1) / 2])) {
		swap_jobs(&sim->jobs[at], &sim->jobs[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return at;
}

/* Never NULL: without memory the job goes to a spare place, where it is lost. */
struct sim_job *sim_job_add(struct sim *sim, int64_t due,
			    void (*run)(struct sim *, const struct sim_job *, struct when))
{
	if (array_grow(&sim->jobs, &sim->job_cap, sim->job_count + 1, sizeof *sim->jobs) < 0) {
		sim->spare = (struct sim_job){ .due = due };
		return &sim->spare;
	}
	sim->jobs[sim->job_count] = (struct sim_job){
		.due = due, .seq = ++sim->seq, .run = run, .modem = -1, .phone = -1
	};
	return &sim->jobs[raise_job(sim, sim->job_count++)];
}

struct sim_job *sim_job_tied(struct sim *sim, const struct sim_modem *m, int64_t due,
			     void (*run)(struct sim *, const struct sim_job *, struct when))
{
	struct sim_job *job = sim_job_add(sim, due, run);

	job->modem = m->index;
	job->tied = true;
	return job;
}

static void drop_jobs(struct sim *sim, int modem, int64_t call)
{
	size_t kept = 0;

	for (size_t i = 0; i < sim->job_count; i++) {
		struct sim_job *job = &sim->jobs[i];

		if ((call != 0 && job->call == call) ||
		    (modem >= 0 && job->tied && job->modem == modem))
			free(job->text);
		else
			sim->jobs[kept++] = *job;
	}
	sim->job_count = kept;
	for (size_t i = kept / 2; i-- > 0;)
		sink(sim, i);
}

void sim_jobs_drop_modem(struct sim *sim, int modem)
{
	drop_jobs(sim, modem, 0);
}

void sim_jobs_drop_call(struct sim *sim, int64_t call)
{
	drop_jobs(sim, -1, call);
}

void sim_run_due(struct sim *sim, struct when now)
{
	while (sim->job_count > 0 && sim->jobs[0].due <= now.mono_ms) {
		struct sim_job job = sim->jobs[0];
		struct when then = { job.due, now.utc_s - (now.mono_ms - job.due) / 1000 };

		swap_jobs(&sim->jobs[0], &sim->jobs[--sim->job_count]);
		sink(sim, 0);
		job.run(sim, &job, then);
		free(job.text);
	}
}

void sim_tick(struct sim *sim, struct when now)
{
	sim_run_due(sim, now);
}

int64_t sim_deadline(const struct sim *sim)
{
	return sim->job_count == 0 ? WHEN_NEVER : sim->jobs[0].due;
}

/* ---- the transcript ---- */

static struct sim_event *new_event(struct sim *sim, enum sim_event_kind kind, int modem,
				   const char *text, struct when now)
{
	struct sim_event *event;

	if (sim->event_first > 0 && sim->event_first == sim->event_count)
		sim->event_first = sim->event_count = 0;
	if (array_grow(&sim->events, &sim->event_cap, sim->event_count + 1, sizeof *sim->events) <
	    0)
		return NULL;
	event = &sim->events[sim->event_count++];
	*event = (struct sim_event){ .kind = kind, .modem = modem, .mono_ms = now.mono_ms };
	span_copy(span_of(text), event->text, sizeof event->text);
	return event;
}

void sim_note(struct sim *sim, enum sim_event_kind kind, int modem, const struct sim_phone *phone,
	      const char *text, struct when now)
{
	struct sim_event *event = new_event(sim, kind, modem, text, now);

	if (event == NULL || phone == NULL)
		return;
	span_copy(span_of(phone->number), event->phone, sizeof event->phone);
	span_copy(span_of(phone->name), event->name, sizeof event->name);
}

void sim_note_to(struct sim *sim, enum sim_event_kind kind, int modem, const char *number,
		 const char *text, struct when now)
{
	const struct sim_phone *phone = sim_phone_by_number(sim, number);
	const struct sim_modem *m = sim_modem_by_number(sim, number);
	struct sim_event *event = new_event(sim, kind, modem, text, now);

	if (event == NULL)
		return;
	span_copy(span_of(number), event->phone, sizeof event->phone);
	if (phone != NULL)
		span_copy(span_of(phone->name), event->name, sizeof event->name);
	else if (m != NULL)
		span_copy(span_of(m->name), event->name, sizeof event->name);
}

bool sim_take(struct sim *sim, struct sim_event *event)
{
	if (sim->event_first == sim->event_count)
		return false;
	*event = sim->events[sim->event_first++];
	return true;
}

size_t sim_event_text(const struct sim_event *event, const char *modem_name, char *line,
		      size_t size)
{
	static const char *const words[SIM_EVENT_KINDS] = {
		[SIM_EVENT_NONE] = "",           [SIM_SUBMITTED] = "is sent, by %: ",
		[SIM_TEXTED] = "receives SMS: ", [SIM_DIALLED] = "is dialled by %",
		[SIM_RINGS] = "rings",           [SIM_ANSWERED] = "answers",
		[SIM_HEARD] = "hears: ",         [SIM_PRESSED] = "presses ",
		[SIM_HUNG_UP] = "call over: ",   [SIM_REPLIED] = "texts %: ",
		[SIM_FAULT] = "modem % ",
	};
	struct buf text = { .limit = sizeof event->text + 256 };
	bool network = event->kind == SIM_FAULT && event->modem < 0;
	struct span word = span_of(network ? "network " : words[event->kind]);
	const char *by = modem_name == NULL ? "?" : modem_name;
	size_t len;

	if (event->phone[0] != '\0')
		buf_add_text(&text, event->phone);
	if (event->name[0] != '\0')
		buf_addf(&text, " (%s)", event->name);
	if (text.len > 0)
		buf_add_char(&text, ' ');
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] == '%')
			buf_add_text(&text, by);
		else
			buf_add_char(&text, word.at[i]);
	}
	if (event->kind == SIM_RINGS && event->text[0] != '\0')
		buf_add_text(&text, " from "); /* of a modem: who rings it */
	for (const char *c = event->text; *c != '\0'; c++) {
		if (*c == '\n' || *c == '\r')
			buf_add_char(&text, ' ');
		else
			buf_add_char(&text, *c);
	}
	span_copy(buf_span(&text), line, size);
	len = strlen(line);
	buf_free(&text);
	return len;
}

/* ---- the host's side of the cables ---- */

size_t sim_modem_count(const struct sim *sim)
{
	return sim->modem_count;
}

const char *sim_modem_name(const struct sim *sim, size_t modem)
{
	return sim->modems[modem]->name;
}

int sim_modem_find(const struct sim *sim, struct span name)
{
	for (size_t i = 0; i < sim->modem_count; i++)
		if (span_is_nocase(name, sim->modems[i]->name))
			return (int)i;
	return -1;
}

const char *sim_port_name(const struct sim *sim, size_t modem)
{
	return sim->modems[modem]->port;
}

int sim_port_find(const struct sim *sim, struct span name)
{
	for (size_t i = 0; i < sim->modem_count; i++)
		if (span_is_nocase(name, sim->modems[i]->port))
			return (int)i;
	return -1;
}

void sim_port_call(struct sim *sim, size_t modem, struct span name)
{
	span_copy(name, sim->modems[modem]->port, sizeof sim->modems[modem]->port);
}

bool sim_is_disk(const struct sim *sim, size_t modem)
{
	return sim->modems[modem]->disk;
}

bool sim_plugged(const struct sim *sim, size_t modem)
{
	return sim->modems[modem]->plugged;
}

unsigned sim_pulled(const struct sim *sim, size_t modem)
{
	return sim->modems[modem]->pulled;
}

void sim_opened(struct sim *sim, size_t modem, struct when now)
{
	sim_run_due(sim, now);
	sim->modems[modem]->open = true;
}

void sim_closed(struct sim *sim, size_t modem, struct when now)
{
	struct sim_modem *m = sim->modems[modem];

	sim_run_due(sim, now);
	m->open = false;
	buf_clear(&m->out);
	m->due = 0;
}

void sim_feed(struct sim *sim, size_t modem, struct span bytes, struct when now)
{
	struct sim_modem *m = sim->modems[modem];

	sim_run_due(sim, now);
	sim_cable_typed(sim, m, bytes, now);
	sim_run_due(sim, now);
}

struct span sim_output(const struct sim *sim, size_t modem)
{
	const struct sim_modem *m = sim->modems[modem];

	return (struct span){ m->out.at, m->due };
}

void sim_took(struct sim *sim, size_t modem, size_t n)
{
	struct sim_modem *m = sim->modems[modem];

	if (n > m->due)
		n = m->due;
	buf_drop(&m->out, n);
	m->due -= n;
}
