#include "dialplan/escalation_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void escalation_write_time(char text[SAY_TIME], int64_t seconds)
{
	long long s = seconds > 0 ? (long long)seconds : 0;

	if (s < 60)
		snprintf(text, SAY_TIME, "%lld s", s);
	else if (s % 60 == 0)
		snprintf(text, SAY_TIME, "%lld min", s / 60);
	else
		snprintf(text, SAY_TIME, "%lld min %lld s", s / 60, s % 60);
}

void escalation_name(struct effect *effect, const char *person)
{
	span_copy(span_of(person), effect->person, sizeof effect->person);
}

void escalation_record(struct escalation *run, const char *event, const char *person,
		       const char *fmt, ...)
{
	struct effect *effect = effects_add(run->effects, EFFECT_RECORD);
	va_list args;

	if (effect == NULL)
		return;
	effect->event = event;
	escalation_name(effect, person);
	va_start(args, fmt);
	vsnprintf(effect->text, sizeof effect->text, fmt, args);
	va_end(args);
}

bool escalation_tell(struct escalation *run, enum effect_note note, const char *person,
		     const char *by, const char *text)
{
	struct effect *effect;

	if (plan_person(run->plan, span_of(person)) == NULL)
		return false;
	effect = effects_add(run->effects, EFFECT_TELL);
	if (effect == NULL)
		return false;
	effect->note = note;
	escalation_name(effect, person);
	span_copy(span_of(by), effect->by, sizeof effect->by);
	span_copy(span_of(text), effect->text, sizeof effect->text);
	return true;
}

size_t escalation_tell_all(struct escalation *run, const struct page *page, enum effect_note note,
			   const char *by, const char *text)
{
	size_t told = 0;

	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];

		if (member->state != MEMBER_FAILED && strcmp(member->person, by) != 0)
			told += escalation_tell(run, note, member->person, by, text);
	}
	return told;
}

void escalation_join(const struct plan_targets *targets, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < targets->count; i++) {
		int n = snprintf(text + len, size - len, "%s%s", i > 0 ? "+" : "", targets->at[i]);

		if (n < 0 || (size_t)n >= size - len) {
			text[len] = '\0';
			return;
		}
		len += (size_t)n;
	}
}
