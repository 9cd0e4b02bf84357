/* contact_bed.h - one person's contact engine on a clock in the test's hand. */
#ifndef TESTS_DIALPLAN_CONTACT_BED_H
#define TESTS_DIALPLAN_CONTACT_BED_H

#include <stdlib.h>

#include "dialplan/contact.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

struct bed {
	struct team team;
	struct contact contact;
	struct contact_run run;
	int64_t next_id;
	struct codes *codes;
};

/* Ada has a mobile for both kinds, a landline and a second mobile for texts. */
static inline void bed_open(struct bed *bed)
{
	struct err err = { 0 };
	struct plan_person *ada;

	memset(bed, 0, sizeof *bed);
	team_init(&bed->team);
	ada = &bed->team.people[ADA];
	ada->numbers[1] = (struct plan_number){ "+15550100011", false, true, "" };
	ada->numbers[2] = (struct plan_number){ "+15550100012", true, false, "" };
	ada->number_count = 3;
	CHECK(codes_new(&bed->codes, 7, &err) == 0);
	span_copy(span_of("ada"), bed->contact.person, PLAN_NAME);
	bed->run = (struct contact_run){
		&bed->team.plan, ada, { 1000000, 5000 }, &bed->next_id, bed->codes
	};
}

static inline void bed_close(struct bed *bed)
{
	contact_free(&bed->contact);
	codes_free(bed->codes);
}

static inline void reach(struct bed *bed, int64_t id, int rank)
{
	struct contact_page page = { id, "1000", rank, true, false };
	struct err err = { 0 };
	char code[CODE_SIZE];

	snprintf(code, sizeof code, "%d", (int)(1000 + id));
	page.code = code;
	CHECK(contact_reach(&bed->contact, &bed->run, &page, &err) == 0);
}

static inline void pass(struct bed *bed, int64_t seconds)
{
	struct err err = { 0 };

	bed->run.now.mono_ms += seconds * 1000;
	bed->run.now.utc_s += seconds;
	CHECK(contact_tick(&bed->contact, &bed->run, &err) == 0);
}

/* Seconds until the engine wants to be asked again, -1 for never. */
static inline int64_t next_s(const struct bed *bed)
{
	int64_t due = contact_deadline(&bed->contact);

	return due == WHEN_NEVER ? -1 : (due - bed->run.now.mono_ms) / 1000;
}

static inline bool wants_sms(const struct bed *bed, struct contact_wish *wish)
{
	return contact_wants_sms(&bed->contact, &bed->run, wish);
}

static inline bool wants_call(const struct bed *bed, struct contact_wish *wish)
{
	return contact_wants_call(&bed->contact, &bed->run, wish);
}

static inline void text(struct bed *bed, const char *path, enum contact_outcome outcome)
{
	struct contact_wish wish;

	CHECK(wants_sms(bed, &wish));
	contact_sms_began(&bed->contact, wish.notice, path, bed->run.now);
	CHECK(bed->contact.notices[0].sms == SMS_IN_FLIGHT || bed->contact.count > 1);
	contact_sms_ended(&bed->contact, &bed->run, wish.notice, outcome);
}

static inline void call(struct bed *bed, const char *path, int64_t seconds,
			enum contact_outcome outcome)
{
	struct contact_wish wish;

	CHECK(wants_call(bed, &wish));
	contact_call_began(&bed->contact, &bed->run, path);
	CHECK(!wants_call(bed, &wish));
	pass(bed, seconds);
	contact_call_ended(&bed->contact, &bed->run, outcome);
}

#endif
