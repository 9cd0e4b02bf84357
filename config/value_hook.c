/* What webhooks, watches and drills are made of. */
#include <string.h>

#include "config/value.h"
#include "dialplan/moment.h"

void hook_read_url(const struct place *place)
{
	struct span text;
	bool good;

	if (!value_text(place, place->setting, &text))
		return;
	good = span_starts(text, "https://") || span_starts(text, "http://");
	for (size_t i = 0; i < text.len; i++)
		good = good && text.at[i] > ' ' && text.at[i] <= '~';
	if (!good || text.len >= place->key->size)
		walk_wants(place, place->setting, place->key->range);
	else
		span_copy(text, value_field(place, place->key->at), place->key->size);
}

void hook_read_news(const struct place *place)
{
	static const struct {
		const char *name;
		enum plan_hook_event bit;
	} news[] = {
		{ "opened", PLAN_HOOK_OPENED },         { "acked", PLAN_HOOK_ACKED },
		{ "updated", PLAN_HOOK_UPDATED },       { "escalated", PLAN_HOOK_ESCALATED },
		{ "reopened", PLAN_HOOK_REOPENED },     { "deferred", PLAN_HOOK_DEFERRED },
		{ "resolved", PLAN_HOOK_RESOLVED },     { "handover", PLAN_HOOK_HANDOVER },
		{ "postmortem", PLAN_HOOK_POSTMORTEM },
	};
	int count = value_length(place);
	uint32_t bits = 0;

	for (int i = 0; i < count; i++) {
		config_setting_t *setting = config_setting_get_elem(place->setting, (unsigned)i);
		struct span text;
		size_t k = 0;

		if (!value_text(place, setting, &text))
			continue;
		while (k < COUNT_OF(news) && !span_is(text, news[k].name))
			k++;
		if (k == COUNT_OF(news))
			walk_wants(place, setting, place->key->range);
		else
			bits |= (uint32_t)news[k].bit;
	}
	memcpy(value_field(place, place->key->at), &bits, sizeof(bits));
}

void hook_read_limit(const struct place *place)
{
	int type = config_setting_type(place->setting);
	struct plan_limit limit = { .set = true };

	if (type == CONFIG_TYPE_INT)
		limit.at = config_setting_get_int(place->setting);
	else if (type == CONFIG_TYPE_FLOAT)
		limit.at = config_setting_get_float(place->setting);
	else
		walk_wants(place, place->setting, place->key->range);
	memcpy(value_field(place, place->key->at), &limit, sizeof(limit));
}

void hook_read_monthly(const struct place *place)
{
	struct plan_monthly monthly = { 0 };
	struct span text;

	if (!value_text(place, place->setting, &text))
		return;
	if (!moment_monthly_read(text, &monthly))
		walk_wants(place, place->setting, place->key->range);
	memcpy(value_field(place, place->key->at), &monthly, sizeof(monthly));
}
