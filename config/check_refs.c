#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/check.h"

struct names { /* the notes of one kind, sorted by text, then by place in the file */
	const struct note **at;
	size_t count;
};

static int by_text(const void *a, const void *b)
{
	const struct note *left = *(const struct note *const *)a;
	const struct note *right = *(const struct note *const *)b;
	int order = strcmp(left->text, right->text);

	if (order != 0)
		return order;
	return left->line < right->line ? -1 : left->line > right->line;
}

static struct names gather(struct walk *walk, enum config_note kind)
{
	struct names names = { calloc(walk->note_count + 1, sizeof(const struct note *)), 0 };

	if (names.at == NULL) {
		walk->errors.lost = true;
		return names;
	}
	for (size_t i = 0; i < walk->note_count; i++)
		if (walk->notes[i].kind == kind)
			names.at[names.count++] = &walk->notes[i];
	if (names.count > 0)
		qsort(names.at, names.count, sizeof(const struct note *), by_text);
	return names;
}

static const struct note *find(const struct names *names, struct span text)
{
	size_t low = 0;
	size_t high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *name = names->at[middle]->text;
		int order = strncmp(name, text.at, text.len);

		if (order == 0 && name[text.len] == '\0')
			return names->at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is(const struct note *note, const char *path)
{
	return strcmp(note->key->path, path) == 0;
}

static void check_unique(struct walk *walk, const struct names *names)
{
	for (size_t i = 1; i < names->count; i++) {
		const struct note *first = names->at[i - 1];
		const struct note *again = names->at[i];

		if (strcmp(first->text, again->text) == 0)
			findings_add(&walk->errors, again->line,
				     "%s: \"%s\" stands at line %d already, want another",
				     again->key->path, again->text, first->line);
	}
}

/* "2", "sev2" and "sev-2" are one severity. */
static void check_severities(struct walk *walk)
{
	const struct plan *plan = &walk->draft.plan;

	for (size_t i = 0; i < walk->note_count; i++) {
		const struct note *note = &walk->notes[i];
		const struct plan_severity *severity = note->of;
		int at;

		if (note->kind != CONFIG_SEVERITY)
			continue;
		at = plan_severity(plan, span_of(note->text));
		if (at >= 0 && &plan->severities[at] != severity)
			findings_add(&walk->errors, note->line,
				     "%s: \"%s\" means the same as \"%s\", want another",
				     note->key->path, note->text, plan->severities[at].name);
	}
}

static const char *owner_of(const struct note *note)
{
	if (note->outer == NULL)
		return "?";
	if (is(note, "people.numbers.number"))
		return ((const struct plan_person *)note->outer)->name;
	return ((const struct config_modem *)note->outer)->name;
}

static void check_numbers(struct walk *walk)
{
	struct names numbers = gather(walk, CONFIG_NUMBER);
	const struct config *config = &walk->draft.config;

	for (size_t i = 0; i < numbers.count; i++) {
		const struct note *note = numbers.at[i];
		const struct note *last = i == 0 ? NULL : numbers.at[i - 1];

		if (last != NULL && strcmp(last->text, note->text) == 0)
			findings_add(
				&walk->errors, note->line,
				"%s: \"%s\" has %s, and so has \"%s\" at line %d; want one owner",
				note->key->path, owner_of(note), note->text, owner_of(last),
				last->line);
		for (size_t j = 0; j < config->denied_prefix_count; j++)
			if (span_starts(span_of(note->text), config->denied_prefixes[j]))
				findings_add(&walk->errors, note->line,
					     "%s: %s begins with %s, want none of denied_prefixes",
					     note->key->path, note->text,
					     config->denied_prefixes[j]);
	}
	free(numbers.at);
}

/* ---- references -------------------------------------------------------- */

static void missing(struct walk *walk, const struct note *note, const struct names *names,
		    const char *path)
{
	struct nearest nearest = { .want = span_of(note->text) };

	for (size_t i = 0; i < names->count; i++)
		if (path == NULL || is(names->at[i], path))
			nearest_try(&nearest, names->at[i]->text);
	if (nearest.best != NULL)
		findings_add(&walk->errors, note->line, "%s: there is no \"%s\", did you mean %s?",
			     note->key->path, note->text, nearest.best);
	else
		findings_add(&walk->errors, note->line, "%s: there is no \"%s\", want %s",
			     note->key->path, note->text, note->key->range);
}

/* Some rotation must have the slot of "target.slot": which one is paged is not known yet. */
static bool any_slot(const struct plan *plan, struct span slot)
{
	for (size_t i = 0; i < plan->rotation_count; i++)
		if (plan_slot(&plan->rotations[i], slot) >= 0)
			return true;
	return false;
}

static void check_target(struct walk *walk, const struct note *note, const struct names *members)
{
	struct span slot = span_of(note->text);
	bool dotted = strchr(note->text, '.') != NULL;
	struct span base = span_cut(&slot, '.');
	const struct note *member;
	bool good;

	if (span_is(base, "target")) {
		good = !dotted || any_slot(&walk->draft.plan, slot);
	} else {
		member = find(members, base);
		if (member == NULL) {
			missing(walk, note, members, NULL);
			return;
		}
		good = !dotted ||
		       (is(member, "rotations.name") && plan_slot(member->of, slot) >= 0);
	}
	if (!good)
		findings_add(&walk->errors, note->line,
			     "%s: \"%s\": no rotation has this slot, want one of its slots",
			     note->key->path, note->text);
}

/* A member that must be of one kind: "people.name", "rotations.name". */
static void check_member(struct walk *walk, const struct note *note, const struct names *members,
			 const char *path)
{
	const struct note *member = find(members, span_of(note->text));

	if (member == NULL)
		missing(walk, note, members, path);
	else if (!is(member, path))
		findings_add(&walk->errors, note->line, "%s: \"%s\" is one of the %.*s, want %s",
			     note->key->path, note->text, (int)strcspn(member->key->path, "."),
			     member->key->path, note->key->range);
}

static void check_severity(struct walk *walk, const struct note *note)
{
	struct names severities;

	if (plan_severity(&walk->draft.plan, span_of(note->text)) >= 0)
		return;
	severities = gather(walk, CONFIG_SEVERITY);
	missing(walk, note, &severities, NULL);
	free(severities.at);
}

static void check_ref(struct walk *walk, const struct note *note, const struct names *members,
		      const struct names *policies, const struct names *hooks)
{
	if (note->kind == CONFIG_OF_PERSON)
		check_member(walk, note, members, "people.name");
	else if (note->kind == CONFIG_OF_ROTATION)
		check_member(walk, note, members, "rotations.name");
	else if (note->kind == CONFIG_OF_TARGET)
		check_target(walk, note, members);
	else if (note->kind == CONFIG_OF_SEVERITY)
		check_severity(walk, note);
	else if (note->kind == CONFIG_OF_POLICY && find(policies, span_of(note->text)) == NULL)
		missing(walk, note, policies, NULL);
	else if (note->kind == CONFIG_OF_HOOK && find(hooks, span_of(note->text)) == NULL)
		missing(walk, note, hooks, NULL);
	else if (note->kind == CONFIG_MEMBER && strcmp(note->text, "target") == 0)
		findings_add(&walk->errors, note->line,
			     "%s: \"target\" means whatever is paged, want another name",
			     note->key->path);
}

void check_refs(struct walk *walk)
{
	struct names members = gather(walk, CONFIG_MEMBER);
	struct names policies = gather(walk, CONFIG_POLICY);
	struct names modems = gather(walk, CONFIG_MODEM);
	struct names ports = gather(walk, CONFIG_PORT);
	struct names identities = gather(walk, CONFIG_IDENTITY);
	struct names services = gather(walk, CONFIG_SERVICE);
	struct names hooks = gather(walk, CONFIG_HOOK);
	struct names watches = gather(walk, CONFIG_WATCH);

	check_unique(walk, &members);
	check_unique(walk, &policies);
	check_unique(walk, &modems);
	check_unique(walk, &ports);
	check_unique(walk, &identities);
	check_unique(walk, &services);
	check_unique(walk, &hooks);
	check_unique(walk, &watches);
	check_severities(walk);
	check_numbers(walk);
	for (size_t i = 0; i < walk->note_count; i++)
		check_ref(walk, &walk->notes[i], &members, &policies, &hooks);
	free(members.at);
	free(policies.at);
	free(modems.at);
	free(ports.at);
	free(identities.at);
	free(services.at);
	free(hooks.at);
	free(watches.at);
}
