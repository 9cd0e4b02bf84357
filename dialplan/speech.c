/* speech.c - what is said in a call, in ASCII, short enough for the talk limit. */
#include "dialplan/fold.h"
#include "dialplan/spoken.h"
#include "dialplan/text.h"

#include <string.h>

#define SPOKEN_PAGES 3
#define ALONE_MAX    160 /* octets of the message: about ten seconds */
#define AMONG_MAX    80
#define MESSAGE_MIN  40 /* however long the names in front of it are */

/* All of it must fit twice, so that whoever hears the first words late, or answers in the middle of a telling, hears one whole. */
#define LATE_MS     5000 /* until the audio is there */
#define BETWEEN_MS  1500 /* two tellings */
#define PER_CHAR_MS 90   /* measured on an EC25 */

static bool letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "sev-1" becomes "S E V 1"; a name without digits is said as a word. */
static void say_severity(struct buf *out, const char *name)
{
	bool apart = strcspn(name, "0123456789") < strlen(name);
	size_t begin = out->len;

	if (!apart) {
		fold_spoken(out, span_of(name));
		return;
	}
	for (; *name != '\0'; name++) {
		char c = *name;

		if (!letter_or_digit(c))
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (out->len > begin)
			buf_add_char(out, ' ');
		buf_add_char(out, c);
	}
}

/* Cuts at a blank if there is one; without the full stops at its end. */
static struct span shorten(struct span text, size_t max)
{
	if (text.len > max) {
		size_t at = max;

		while (at > max / 2 && text.at[at] != ' ')
			at--;
		text.len = at > max / 2 ? at : max;
	}
	while (text.len > 0 && strchr(". ", text.at[text.len - 1]) != NULL)
		text.len--;
	return text;
}

static bool speakable(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (letter_or_digit(text.at[i]))
			return true;
	return false;
}

static void say_page(struct buf *out, const struct page *page, size_t max)
{
	struct buf subject = { 0 };
	struct buf spoken = { 0 };
	struct span text;

	text_subject(&subject, page);
	fold_spoken(&spoken, buf_span(&subject));
	text = shorten(buf_span(&spoken), max);
	say_severity(out, page->severity);
	buf_add_text(out, ": ");
	if (speakable(text))
		spoken_text(out, text);
	else
		buf_add_text(out, "I cannot read this message aloud, see the text");
	buf_add_text(out, ". ");
	buf_free(&subject);
	buf_free(&spoken);
}

static void say_digits(struct buf *out, const char *digits)
{
	for (size_t i = 0; digits[i] != '\0'; i++)
		buf_addf(out, "%s%c", i == 0 ? "" : ", then ", digits[i]);
}

/* Is this person only told beside the chain of every page? */
static bool only_beside(const struct plan_person *person, const struct page *const *pages,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct member *member = page_member(pages[i], person->name);

		if (member == NULL || member->track < 0 ||
		    (size_t)member->track >= pages[i]->track_count ||
		    pages[i]->tracks[member->track].kind != TRACK_BESIDE)
			return false;
	}
	return count > 0;
}

/* Octets for one telling. */
static size_t room_of(const struct plan *plan)
{
	int64_t ms = (plan->times.talk_s * 1000 - LATE_MS - BETWEEN_MS) / 2;

	return ms > 0 ? (size_t)ms / PER_CHAR_MS : 0;
}

static size_t less(size_t room, size_t taken)
{
	return room > taken ? room - taken : 0;
}

static void say_one(struct buf *out, const struct page *page, size_t room)
{
	size_t max = less(room, strlen("S E V 1: . "));

	max = max < ALONE_MAX ? max : ALONE_MAX;
	say_page(out, page, max > MESSAGE_MIN ? max : MESSAGE_MIN);
}

/* The worst one, and as many more as there is room for. */
static void say_many(struct buf *out, const struct plan *plan, const struct page *const *pages,
		     size_t count, size_t room)
{
	const struct page *worst[SPOKEN_PAGES];
	size_t shown = text_worst(plan, pages, count, worst, SPOKEN_PAGES);
	size_t end = out->len + less(room, strlen("And 999 more. "));
	struct buf one = { 0 };
	size_t said;

	buf_addf(out, "%zu pages. The worst: ", count);
	say_page(out, worst[0], AMONG_MAX);
	for (said = 1; said < shown; said++) {
		buf_clear(&one);
		buf_add_text(&one, "Then ");
		say_page(&one, worst[said], AMONG_MAX);
		if (out->len + one.len > end)
			break;
		buf_add(out, buf_span(&one));
	}
	if (count > said)
		buf_addf(out, "And %zu more. ", count - said);
	buf_free(&one);
}

static void say_who(struct buf *out, const struct plan *plan, const struct plan_person *person,
		    bool drill)
{
	if (drill)
		buf_add_text(out, "Drill. ");
	buf_add_text(out, "This is ");
	fold_spoken(out, span_of(plan->gateway));
	buf_add_text(out, ", the pager, for ");
	fold_spoken(out, span_of(person->title[0] != '\0' ? person->title : person->name));
	buf_add_text(out, ". ");
}

static void say_keys(struct buf *out, const char *it, bool beside, struct text_press press)
{
	if (press.keys == TEXT_KEYS_NONE) {
		buf_addf(out, "To take %s, reply ACK and the code by text. Star repeats.", it);
		return;
	}
	if (beside)
		buf_addf(out,
			 "The person on call is paged too. To confirm that you heard %s, press ",
			 it);
	else
		buf_addf(out, "To take %s, press ", it);
	say_digits(out, press.digits);
	if (press.keys == TEXT_KEYS_PIN)
		buf_add_text(out, ", then your PIN and the hash key");
	else if (!beside)
		buf_addf(out, ". To pass %s on, press 5 first", it);
	buf_add_text(out, ". Star repeats.");
}

static void say_pages(struct buf *out, const struct plan *plan, const struct page *const *pages,
		      size_t count, size_t room)
{
	if (count == 1)
		say_one(out, pages[0], room);
	else
		say_many(out, plan, pages, count, room);
}

void text_speech(struct buf *out, const struct plan *plan, const struct plan_person *person,
		 const struct page *const *pages, size_t count, struct text_press press)
{
	struct buf tail = { 0 };

	say_who(out, plan, person, text_all_drill(pages, count));
	say_keys(&tail, count > 1 ? "them" : "it", only_beside(person, pages, count), press);
	say_pages(out, plan, pages, count, less(room_of(plan), out->len + tail.len));
	buf_add(out, buf_span(&tail));
	buf_free(&tail);
}

void text_speech_idle(struct buf *out, const struct plan *plan, const struct plan_person *person,
		      const struct page *const *pages, size_t count)
{
	say_who(out, plan, person, false);
	buf_add_text(out, "Nothing waits for you. ");
	if (count > 0) {
		buf_add_text(out, "Nobody has this yet. ");
		say_pages(out, plan, pages, count, less(room_of(plan), out->len));
	}
	buf_add_text(out, "Goodbye.");
}

void text_speech_enrol(struct buf *out, const struct plan *plan, const struct plan_person *person,
		       const char *digits)
{
	say_who(out, plan, person, false);
	buf_add_text(out, "This is only a test of your phone. If you hear me, press ");
	say_digits(out, digits);
	buf_add_text(out, ". Star repeats.");
}

void text_speech_enrolled(struct buf *out)
{
	buf_add_text(out, "Thank you. This phone can be paged. Goodbye.");
}

void text_speech_answer(struct buf *out, enum challenge_answer answer, const char *digits)
{
	switch (answer) {
	case CHALLENGE_NONE:
	case CHALLENGE_REPEAT:
	case CHALLENGE_ACK:
	case CHALLENGE_PASS:
	case CHALLENGE_RESOLVE:
	case CHALLENGE_ANSWERS:
		return;
	case CHALLENGE_WRONG:
		buf_add_text(out, "That was not right. Press ");
		say_digits(out, digits);
		buf_add_char(out, '.');
		return;
	case CHALLENGE_LOCKED:
		buf_add_text(out, "Please reply ACK and the code by text. Goodbye.");
		return;
	case CHALLENGE_AGAIN:
		buf_add_text(out, "To be sure, now press ");
		say_digits(out, digits);
		buf_add_char(out, '.');
		return;
	case CHALLENGE_BAD_PIN:
		buf_add_text(out, "That PIN is not right. Press ");
		say_digits(out, digits);
		buf_add_text(out, ", then your PIN and the hash key.");
		return;
	case CHALLENGE_HELP:
		buf_add_text(out, "Press ");
		say_digits(out, digits);
		buf_add_text(out, ". 5 before that passes it on. 6 before that says that it is "
				  "resolved. Star repeats the message.");
		return;
	}
}

/* "2 of 3 " when not all of them are meant. */
static void say_part(struct buf *out, size_t part, size_t all)
{
	if (part < all)
		buf_addf(out, "%zu of %zu ", part, all);
}

static void say_done(struct buf *out, enum challenge_answer answer, size_t done, size_t all)
{
	if (answer == CHALLENGE_ACK && done < all)
		buf_addf(out, "Thank you. %zu of %zu %s yours. ", done, all,
			 done == 1 ? "is" : "are");
	else if (answer == CHALLENGE_ACK)
		buf_addf(out, "Thank you. %s yours. ", all > 1 ? "They are" : "It is");
	else if (answer == CHALLENGE_PASS) {
		say_part(out, done, all);
		buf_add_text(out, done < all ? "passed on. " : "Passed on. ");
	} else {
		say_part(out, done, all);
		buf_add_text(out, done < all ? "resolved. " : "Resolved. ");
	}
}

static void say_owner(struct buf *out, const struct plan *plan, const char *owner,
		      const char *behind)
{
	const struct plan_person *person = plan_person(plan, span_of(owner));

	fold_spoken(out,
		    span_of(person != NULL && person->title[0] != '\0' ? person->title : owner));
	buf_add_text(out, behind);
}

void text_speech_done(struct buf *out, const struct plan *plan, enum challenge_answer answer,
		      const struct text_done *done)
{
	size_t all = done->done + done->noted + done->taken + done->resolved + done->not_theirs;
	bool owned = done->owner != NULL && done->owner[0] != '\0';

	if (done->done > 0)
		say_done(out, answer, done->done, all);
	if (done->noted > 0) {
		buf_add_text(out, "Noted that you heard it. ");
		if (owned)
			say_owner(out, plan, done->owner, " has it. ");
		else
			buf_add_text(out, "The person on call is paged too. ");
	}
	if (done->taken > 0 && owned)
		say_owner(out, plan, done->owner, " has it already. ");
	if (done->not_theirs > 0)
		buf_add_text(out, done->done > 0 ? "The rest is not yours to pass on. "
						 : "It is not yours to pass on. ");
	if (done->resolved > 0 || all == 0)
		buf_add_text(out, done->resolved < all ? "One is resolved already. "
						       : "It is resolved already. ");
	buf_add_text(out, "Goodbye.");
}
