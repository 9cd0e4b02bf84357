/* text.h - the words we send: texts of one GSM-7 segment with code and verb in the first 60 characters, and the voice script.
 *
 * Characters that GSM-7 lacks are transliterated (é stays, č becomes c, “ becomes "); only what cannot be makes the text
 * UCS-2, then of one 70-unit segment.  Control characters become blanks; cut text ends in "...".
 */
#ifndef DIALPLAN_TEXT_H
#define DIALPLAN_TEXT_H

#include "base/buf.h"
#include "dialplan/challenge.h"
#include "dialplan/contact.h"
#include "dialplan/effect.h"
#include "dialplan/page.h"

/* Makes foreign text fit one segment behind `head` (which is ours, GSM-7): appends both, cut. */
void text_fit(struct buf *out, const char *head, struct span foreign);

/* The page's text: "SEV-1 reply ACK 4711: db1 down …" ("DRILL " first in a drill). beside: the reader's ack only says
 * "seen" and says so. */
void text_page(struct buf *out, const struct plan *plan, const struct page *page, bool beside);

/* A bundle: "7 pages, worst SEV-1, reply ACK 5832 for all: first message; second …"; pages: notice->page_count of them. */
void text_bundle(struct buf *out, const struct plan *plan, const struct notice *notice,
		 const struct page *const *pages);

/* A passive text (effect.h): who has it, resolved, information, lease warning, reminder. */
void text_note(struct buf *out, const struct plan *plan, const struct page *page,
	       const struct effect *effect);

/* MORE: host, runbook, dashboard, channel; up to three segments; nothing known: says so. */
void text_more(struct buf *out, const struct page *page);

/* What the keys of a call do. */
enum text_keys {
	TEXT_KEYS,     /* the challenge takes it: a call that we placed */
	TEXT_KEYS_PIN, /* the challenge and the PIN: they rang us, and a number can be forged */
	TEXT_KEYS_NONE /* they rang us, and have no PIN: by text */
};

struct text_press {
	enum text_keys keys;
	const char *digits; /* the challenge */
};

/* The call: gateway and severity first, message, then the challenge and what else the keys do; spoken forms ("S E V 1",
 * digits apart).  pages: those that the call covers.  digits: the challenge, two of 1 2 3 4 7 8 9 (one when
 * plan->dtmf_ack is single). */
void text_speech(struct buf *out, const struct plan *plan, const struct plan_person *person,
		 const struct page *const *pages, size_t count, struct text_press press);

/* They rang us and nothing waits for them.  pages: those that nobody has, told for information. */
void text_speech_idle(struct buf *out, const struct plan *plan, const struct plan_person *person,
		      const struct page *const *pages, size_t count);

/* A test of their phone, and its last words. */
void text_speech_enrol(struct buf *out, const struct plan *plan, const struct plan_person *person,
		       const char *digits);
void text_speech_enrolled(struct buf *out);

/* The short sentence spoken after keys that settle nothing; nothing for CHALLENGE_NONE, for CHALLENGE_REPEAT (text_speech
 * again), and for those that text_speech_done is for. */
void text_speech_answer(struct buf *out, enum challenge_answer answer, const char *digits);

/* What became of the pages of a call by CHALLENGE_ACK, _PASS or _RESOLVE. */
struct text_done {
	size_t done;       /* theirs now; passed on; resolved */
	size_t noted;      /* beside the chain: heard, no more */
	size_t taken;      /* somebody else has it */
	size_t resolved;   /* it was over before */
	size_t not_theirs; /* nothing changed: not theirs to pass on */
	const char *owner; /* of one that is noted or taken; NULL or "": nobody has it */
};

/* The last words of a call: what is true of its pages. */
void text_speech_done(struct buf *out, const struct plan *plan, enum challenge_answer answer,
		      const struct text_done *done);

/* Service and host, where known and short, in front of the message; foreign bytes as they came. */
void text_subject(struct buf *out, const struct page *page);

/* The worst of the pages first, those of one severity as given: at most max of them; returns how many. */
size_t text_worst(const struct plan *plan, const struct page *const *pages, size_t count,
		  const struct page **worst, size_t max);

bool text_all_drill(const struct page *const *pages, size_t count);

#endif
