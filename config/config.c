#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/prescan.h"

#define TEXT_MAX 1048576 /* libconfig's time grows with the square of a group's size */

void config_free(struct config *config)
{
	if (config == NULL)
		return;
	plan_free(config->plan);
	free(config->denied_prefixes);
	free(config);
}

/* A zone that is left out is the one around it. */
static void settle_zones(const struct plan *plan, struct plan_rotation *rotation)
{
	if (rotation->base.zone == NULL)
		rotation->base.zone = plan->zone;
	for (size_t i = 0; i < rotation->layer_count; i++)
		if (rotation->layers[i].zone == NULL)
			rotation->layers[i].zone = rotation->base.zone;
}

/* What a plan says by leaving it out. */
static void settle(struct draft *draft)
{
	struct plan *plan = &draft->plan;

	if (plan->catch_all.count == 0)
		plan->catch_all = plan->operators;
	if (plan->default_policy[0] == '\0' && plan->policy_count > 0)
		memcpy(plan->default_policy, plan->policies[0].name, sizeof(plan->default_policy));
	plan->default_severity = plan_severity(plan, span_of(draft->default_severity));
	for (size_t i = 0; i < plan->person_count; i++)
		if (plan->people[i].title[0] == '\0')
			memcpy(plan->people[i].title, plan->people[i].name,
			       sizeof(plan->people[i].name));
	if (plan->business.zone == NULL)
		plan->business.zone = plan->zone;
	for (size_t i = 0; i < plan->rotation_count; i++)
		settle_zones(plan, &plan->rotations[i]);
}

/* Where each rotation stands, for what is found out about it later. */
static void settle_lines(struct walk *walk)
{
	struct plan *plan = &walk->draft.plan;

	for (size_t i = 0; i < walk->note_count; i++)
		for (size_t k = 0; k < plan->rotation_count; k++)
			if (walk->notes[i].kind == CONFIG_ELEMENT &&
			    walk->notes[i].of == &plan->rotations[k])
				plan->rotations[k].line = walk->notes[i].line;
}

/* Hands the draft's contents over, in memory of their own. */
static int take(struct draft *draft, struct config **out)
{
	struct config *config = malloc(sizeof(*config));
	struct plan *plan = malloc(sizeof(*plan));

	if (config == NULL || plan == NULL) {
		free(config);
		free(plan);
		return -1;
	}
	*config = draft->config;
	*plan = draft->plan;
	config->plan = plan;
	draft->config = (struct config){ 0 };
	draft->plan = (struct plan){ 0 };
	*out = config;
	return 0;
}

static void parse(struct walk *walk, struct span text)
{
	char *copy;
	config_t tree;

	if (text.len > TEXT_MAX) {
		findings_add(&walk->errors, 1, "the file has %zu bytes, want at most %d", text.len,
			     TEXT_MAX);
		return;
	}
	if (prescan(text, &walk->errors) != 0)
		return;
	copy = span_dup(text);
	if (copy == NULL) {
		walk->errors.lost = true;
		return;
	}
	config_init(&tree);
	if (config_read_string(&tree, copy) == CONFIG_TRUE) {
		walk_root(walk, config_root_setting(&tree));
		check_all(walk);
	} else {
		findings_add(&walk->errors, config_error_line(&tree), "%s, want key = value;",
			     config_error_text(&tree));
	}
	config_destroy(&tree);
	free(copy);
}

/* What a draft that is given up still owns. */
static void drop(struct draft *draft)
{
	struct config *config = NULL;

	if (take(draft, &config) == 0)
		config_free(config);
}

int config_parse(struct config **out, const struct config_source *source, struct buf *errors,
		 struct buf *warnings)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	bool good;

	if (walk == NULL) {
		buf_addf(errors, "%s:1: out of memory\n", source->file);
		return -1;
	}
	walk->source = source;
	parse(walk, source->text);
	good = walk->errors.count == 0 && !walk->errors.lost;
	if (good) {
		settle(&walk->draft);
		settle_lines(walk);
		good = take(&walk->draft, out) == 0;
		walk->errors.lost = !good;
	}
	if (!good)
		drop(&walk->draft);
	findings_print(&walk->errors, source->file, errors);
	findings_print(&walk->warnings, source->file, warnings);
	findings_free(&walk->errors);
	findings_free(&walk->warnings);
	free(walk->notes);
	free(walk);
	return good ? 0 : -1;
}
