#include "dialplan/contact_parts.h"

#define UNDELIVERED_MAX 3     /* tries to one number, those that the network lost among them */
#define UNDELIVERED_MS  15000 /* the same words again sooner look like a machine's (FIELD.md D4) */

static bool is_kind(const struct plan_number *number, enum contact_kind kind)
{
	return kind == CONTACT_SMS ? number->sms : number->voice;
}

bool contact_next_number(const struct contact_run *run, enum contact_kind kind, int *index)
{
	if (run->person == NULL)
		return false;
	for (size_t i = *index < 0 ? 0 : (size_t)*index + 1; i < run->person->number_count; i++) {
		if (is_kind(&run->person->numbers[i], kind)) {
			*index = (int)i;
			return true;
		}
	}
	return false;
}

const struct plan_number *contact_number(const struct contact_run *run, enum contact_kind kind,
					 int *index)
{
	bool usable = run->person != NULL && *index >= 0 &&
		      (size_t)*index < run->person->number_count &&
		      is_kind(&run->person->numbers[*index], kind);

	if (!usable) {
		*index = -1;
		if (!contact_next_number(run, kind, index))
			return NULL;
	}
	return &run->person->numbers[*index];
}

int64_t contact_back_off_ms(int tries)
{
	static const int64_t wait_ms[] = { 0, 0, 5000, 15000, 30000, 60000 };
	int last = (int)COUNT_OF(wait_ms) - 1;

	return wait_ms[tries < 0 ? 0 : tries > last ? last : tries];
}

void contact_start_sms(struct notice *notice, const struct contact_run *run)
{
	notice->sms_number = -1;
	notice->sms_tries = 0;
	notice->sms_path[0] = '\0';
	notice->sms = contact_number(run, CONTACT_SMS, &notice->sms_number) != NULL
			      ? SMS_WANTED
			      : SMS_STATE_NONE;
	notice->sms_due = notice->sms == SMS_WANTED ? run->now.mono_ms : WHEN_NEVER;
}

static const struct notice *pick(const struct contact *contact, int64_t now)
{
	const struct notice *best = NULL;

	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];

		if (notice->state == NOTICE_ACTIVE && notice->sms == SMS_WANTED &&
		    notice->sms_due <= now && (best == NULL || contact_before(notice, best)))
			best = notice;
	}
	return best;
}

bool contact_wants_sms(const struct contact *contact, const struct contact_run *run,
		       struct contact_wish *wish)
{
	const struct notice *notice = pick(contact, run->now.mono_ms);
	const struct plan_number *number;
	int index;

	if (notice == NULL)
		return false;
	index = notice->sms_number;
	number = contact_number(run, CONTACT_SMS, &index);
	if (number == NULL)
		return false;
	*wish = (struct contact_wish){
		.notice = notice->id,
		.rank = notice->rank,
		.number = number,
		.due = notice->sms_due,
		.latest = WHEN_NEVER,
	};
	if (notice->sms_tries > 0)
		span_copy(span_of(notice->sms_path), wish->avoid_path, sizeof wish->avoid_path);
	return true;
}

void contact_sms_began(struct contact *contact, int64_t id, const char *path, struct when now)
{
	struct notice *notice = contact_find(contact, id);

	contact->seen = now.mono_ms;
	if (notice == NULL)
		return;
	notice->sms = SMS_IN_FLIGHT;
	notice->told = true;
	notice->told_at = now.mono_ms;
	notice->sms_tries++;
	span_copy(span_of(path), notice->sms_path, sizeof notice->sms_path);
}

static void refused(struct notice *notice, const struct contact_run *run)
{
	notice->sms_tries = 0;
	notice->sms_path[0] = '\0';
	notice->sms_due = run->now.mono_ms;
	notice->sms = contact_next_number(run, CONTACT_SMS, &notice->sms_number) ? SMS_WANTED
										 : SMS_FAILED;
	if (notice->sms == SMS_FAILED && notice->ring == RING_WANTED && notice->rings == 0)
		notice->ring_due = run->now.mono_ms; /* the next means, and no text to wait for */
}

void contact_sms_undelivered(struct contact *contact, const struct contact_run *run, int64_t id,
			     bool again)
{
	struct notice *notice = contact_find(contact, id);

	if (notice == NULL || notice->state != NOTICE_ACTIVE || notice->sms != SMS_TAKEN ||
	    notice->sms_tries >= UNDELIVERED_MAX)
		return;
	if (!again) {
		refused(notice, run);
		return;
	}
	notice->sms = SMS_WANTED;
	notice->sms_due = run->now.mono_ms + UNDELIVERED_MS;
}

void contact_sms_ended(struct contact *contact, const struct contact_run *run, int64_t id,
		       enum contact_outcome outcome)
{
	struct notice *notice = contact_find(contact, id);

	contact->seen = run->now.mono_ms;
	if (notice == NULL || notice->sms != SMS_IN_FLIGHT)
		return;
	switch (outcome) {
	case CONTACT_TOOK:
		notice->sms = SMS_TAKEN;
		break;
	case CONTACT_REFUSED:
		refused(notice, run);
		break;
	case CONTACT_NONE:
	case CONTACT_AGAIN:
	case CONTACT_OUTCOMES:
		notice->sms = SMS_WANTED;
		notice->sms_due = run->now.mono_ms + contact_back_off_ms(notice->sms_tries);
		break;
	}
}
