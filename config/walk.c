#include "config/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/value.h"

int walk_line(const struct walk *walk, const config_setting_t *setting)
{
	return walk->default_line != 0 ? walk->default_line
				       : (int)config_setting_source_line(setting);
}

void walk_wants(const struct place *place, config_setting_t *at, const char *want)
{
	int line = walk_line(place->walk, at);

	/* An integer that would wrap has been complained about already. */
	if (config_setting_type(at) == CONFIG_TYPE_INT && findings_on(&place->walk->errors, line))
		return;
	if (config_setting_type(at) == CONFIG_TYPE_STRING)
		findings_add(&place->walk->errors, line, "%s: \"%.80s\", want %s", place->key->path,
			     config_setting_get_string(at), want);
	else
		findings_add(&place->walk->errors, line, "%s: want %s", place->key->path, want);
}

static void note_add(struct walk *walk, const struct note *note)
{
	if (array_grow(&walk->notes, &walk->note_cap, walk->note_count + 1, sizeof(*note)) != 0) {
		walk->errors.lost = true;
		return;
	}
	walk->notes[walk->note_count++] = *note;
}

void walk_note(const struct place *place, config_setting_t *at, const char *text)
{
	struct note note = { place->key->note, walk_line(place->walk, at), place->key,
			     place->base,      place->walk->outer,         "" };

	if (note.kind == CONFIG_NOTHING)
		return;
	span_copy(span_of(text), note.text, sizeof(note.text));
	note_add(place->walk, &note);
}

/* The key's own name when it stands directly in this section ("" the outermost); else NULL. */
static const char *name_in(const struct config_key *key, const char *section)
{
	size_t len = strlen(section);
	const char *name = key->path;

	if (len > 0) {
		if (strncmp(name, section, len) != 0 || name[len] != '.')
			return NULL;
		name += len + 1;
	}
	return strchr(name, '.') == NULL ? name : NULL;
}

static bool known(const config_setting_t *setting, const char *section)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		const char *name = name_in(&keys[i], section);

		if (name != NULL && strcmp(name, config_setting_name(setting)) == 0)
			return true;
	}
	return false;
}

/* The key that somebody meant who wrote an unknown one; NULL: none is near. */
static const char *meant(const config_setting_t *setting, const char *section)
{
	struct nearest nearest = { .want = span_of(config_setting_name(setting)) };
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		const char *name = name_in(&keys[i], section);

		if (name != NULL)
			nearest_try(&nearest, name);
	}
	return nearest.best;
}

static void unknown(struct walk *walk, const config_setting_t *setting, const char *section)
{
	const char *name = meant(setting, section);

	if (name != NULL)
		findings_add(&walk->errors, walk_line(walk, setting),
			     "\"%.60s\" is not a key here, did you mean %s?",
			     config_setting_name(setting), name);
	else
		findings_add(&walk->errors, walk_line(walk, setting),
			     "\"%.60s\" is not a key here, want one of tocsin.cfg(5)",
			     config_setting_name(setting));
}

/* Is the key there under a wrong name, which is an error of its own? */
static bool misspelt(const config_setting_t *group, const char *section, const char *name)
{
	int count = group == NULL ? 0 : config_setting_length(group);

	for (int i = 0; i < count; i++) {
		const config_setting_t *child = config_setting_get_elem(group, (unsigned)i);
		const char *best = known(child, section) ? NULL : meant(child, section);

		if (best != NULL && strcmp(best, name) == 0)
			return true;
	}
	return false;
}

/* Defaults are written in the table as a file would say them, and read the same way. */
static void read_default(const struct place *place, const char *name, int line)
{
	struct place absent = *place;
	struct buf text = { 0 };
	config_t scratch;
	int outer_line = place->walk->default_line;

	buf_addf(&text, "%s = %s;", name, place->key->initial);
	config_init(&scratch);
	if (text.failed || config_read_string(&scratch, buf_text(&text)) != CONFIG_TRUE) {
		place->walk->errors.lost = true;
	} else {
		place->walk->default_line = line < 1 ? 1 : line;
		absent.setting = config_lookup(&scratch, name);
		value_read(&absent);
		place->walk->default_line = outer_line;
	}
	config_destroy(&scratch);
	buf_free(&text);
}

static void read_keys(struct walk *walk, config_setting_t *group, const char *section, void *base,
		      int line);

static void read_key(const struct place *place, const char *name, int line, bool elsewhere)
{
	if (place->setting != NULL)
		value_read(place);
	else if (place->key->initial == NULL && elsewhere)
		return;
	else if (place->key->initial == NULL)
		findings_add(&place->walk->errors, line, "%s is missing, want %s", place->key->path,
			     place->key->help);
	else if (place->key->initial[0] != '\0')
		read_default(place, name, line);
	else if (strcmp(place->key->kind, "group") == 0) /* absent: all its defaults */
		read_keys(place->walk, NULL, place->key->path, (char *)place->base + place->key->at,
			  line);
}

/* In the order of the table, so that what others need (country, severities) is read first. */
static void read_keys(struct walk *walk, config_setting_t *group, const char *section, void *base,
		      int line)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		const char *name = name_in(&keys[i], section);
		struct place place = { walk, &keys[i], NULL, base };

		if (name == NULL)
			continue;
		if (group != NULL)
			place.setting = config_setting_get_member(group, name);
		read_key(&place, name, line, misspelt(group, section, name));
	}
}

static void walk_keys(struct walk *walk, config_setting_t *group, const char *section, void *base)
{
	int count = config_setting_length(group);

	for (int i = 0; i < count; i++) {
		const config_setting_t *child = config_setting_get_elem(group, (unsigned)i);

		if (!known(child, section))
			unknown(walk, child, section);
	}
	read_keys(walk, group, section, base, walk_line(walk, group));
}

void walk_root(struct walk *walk, config_setting_t *root)
{
	walk_keys(walk, root, "", &walk->draft);
}

void walk_group(const struct place *place)
{
	if (config_setting_type(place->setting) != CONFIG_TYPE_GROUP) {
		walk_wants(place, place->setting, "a group: { ... }");
		return;
	}
	walk_keys(place->walk, place->setting, place->key->path,
		  (char *)place->base + place->key->at);
}

static void walk_element(const struct place *place, config_setting_t *setting, void *element)
{
	const void *outer = place->walk->outer;
	struct place inside = *place;

	if (config_setting_type(setting) != CONFIG_TYPE_GROUP) {
		walk_wants(place, setting, "groups in the list: ( { ... }, { ... } )");
		return;
	}
	if (outer == NULL)
		place->walk->outer = element;
	walk_keys(place->walk, setting, place->key->path, element);
	inside.base = element;
	walk_note(&inside, setting, "");
	place->walk->outer = outer;
}

void walk_groups(const struct place *place)
{
	const struct config_key *key = place->key;
	int count = config_setting_length(place->setting);
	char *elements = (char *)place->base + key->at;

	if (config_setting_type(place->setting) != CONFIG_TYPE_LIST || count < key->min ||
	    count > key->max) {
		walk_wants(place, place->setting, key->range);
		return;
	}
	if (key->heap) {
		char *made = calloc((size_t)count + 1, key->size);

		if (made == NULL) {
			place->walk->errors.lost = true;
			return;
		}
		memcpy(elements, &made, sizeof(made));
		elements = made;
	}
	for (int i = 0; i < count; i++) {
		size_t now = (size_t)i + 1;

		memcpy((char *)place->base + key->count, &now, sizeof(now));
		walk_element(place, config_setting_get_elem(place->setting, (unsigned)i),
			     elements + (size_t)i * key->size);
	}
}
