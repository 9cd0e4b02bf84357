/* What a readiness drill looks at without paging anybody, and the lines of its record. */
#include <stdio.h>
#include <string.h>

#include "core/inside.h"

#define LINES 200 /* of one drill */

void drill_line(struct gateway *g, struct memo *drill, const char *wrong, const char *what)
{
	int64_t count = memo_int(drill, "lines");
	char key[24];
	char text[400];

	if (wrong != NULL)
		memo_set_int(drill, "wrong", memo_int(drill, "wrong") + 1);
	if (count < LINES) {
		snprintf(key, sizeof key, "l%lld", (long long)count + 1);
		snprintf(text, sizeof text, "%s %.200s%s%.150s", wrong == NULL ? "ok" : "no", what,
			 wrong == NULL || wrong[0] == '\0' ? "" : ": ", wrong == NULL ? "" : wrong);
		memo_set(drill, key, text);
		memo_set_int(drill, "lines", count + 1);
	}
	memos_changed(g, drill);
}

void drill_check_slots(struct gateway *g, struct memo *drill, const struct plan_rotation *rotation,
		       struct when now)
{
	for (size_t i = 0; i < rotation->slot_count; i++) {
		const struct plan_person *person = plan_on_call(
			g->plan, rotation, span_of(rotation->slots[i]), now.utc_s, NULL);
		char what[120];

		snprintf(what, sizeof what, "%s %s is %s", rotation->name, rotation->slots[i],
			 person == NULL ? "nobody" : person->name);
		drill_line(g, drill, person == NULL ? "" : NULL, what);
	}
}

/* Is anything known of this phone from lately: a text delivered or received, a call answered, a key? */
static bool current(struct gateway *g, const struct plan_number *number, struct when now)
{
	for (enum means what = 0; what < MEANS; what++)
		if (now.utc_s - means_when(g, number->e164, what) < g->plan->drill.current_s)
			return true;
	return false;
}

static size_t check_person(struct gateway *g, struct memo *drill, const struct plan_person *person,
			   struct when now)
{
	size_t good = 0;

	for (size_t i = 0; i < person->number_count; i++) {
		char masked[PLAN_E164];
		char what[100];

		if (current(g, &person->numbers[i], now)) {
			good++;
			continue;
		}
		plan_mask_number(person->numbers[i].e164, masked);
		snprintf(what, sizeof what, "%s of %s", masked, person->name);
		drill_line(g, drill, "proved nothing lately (tocsin enrol)", what);
	}
	return good;
}

void drill_check_phones(struct gateway *g, struct memo *drill, struct when now)
{
	size_t good = 0;
	char what[100];

	for (size_t i = 0; i < g->plan->person_count; i++)
		good += check_person(g, drill, &g->plan->people[i], now);
	snprintf(what, sizeof what, "phones that have proved themselves lately: %zu", good);
	drill_line(g, drill, NULL, what);
}
