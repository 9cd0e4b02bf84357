/* PINs that people give by key or by text: tried a few times, then not for an hour. */
#include "core/inside.h"

#define PINS_WRONG  6 /* in a row, over calls and texts of a person */
#define PIN_REST_MS 3600000

bool pins_rest(const struct contact_slot *who, struct when now)
{
	return who != NULL && who->pin_rest_due > now.mono_ms;
}

enum pin_verdict pins_check(struct gateway *g, struct contact_slot *who, struct span pin,
			    struct when now)
{
	const struct plan_person *person = plan_person(g->plan, span_of(who->contact.person));
	struct buf text = { 0 };

	if (person == NULL || person->pin_hash[0] == '\0')
		return PIN_NONE;
	if (pins_rest(who, now))
		return PIN_LOCKED;
	if (pin_fits(person->pin_hash, pin)) {
		who->pins_wrong = 0;
		return PIN_GOOD;
	}
	if (++who->pins_wrong < PINS_WRONG)
		return PIN_WRONG;
	who->pins_wrong = 0;
	who->pin_rest_due = now.mono_ms + PIN_REST_MS;
	buf_addf(&text,
		 "Somebody who has %s's number gave %d wrong PINs. For an hour none of theirs "
		 "counts; "
		 "pages can be taken by text.",
		 who->contact.person, PINS_WRONG);
	texts_operators(g, buf_text(&text), now);
	buf_free(&text);
	return PIN_LOCKED;
}
