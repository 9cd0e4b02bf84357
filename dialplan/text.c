#include "dialplan/text.h"

#include "dialplan/fold.h"

#include <string.h>

#define SEVERITY_SHOWN 12 /* so that the code stands in the first 60 characters in any case */
#define PLACE_MAX      40 /* octets of service and host before the message */
#define BUNDLE_SHOWN   4
#define BUNDLE_MESSAGE 45

/* Three segments of a long message, less one each for an escape or a pair that may not be split
 * (3GPP TS 23.040, 9.2.3.24.1: 153 septets, 67 units). */
static const struct fold_room three = { 456, 198 };

void text_fit(struct buf *out, const char *head, struct span foreign)
{
	fold_fit(out, span_of(head), foreign, fold_one);
}

static const char *words(const struct page *page, enum page_text which)
{
	return page->text[which] == NULL ? "" : page->text[which];
}

/* "DRILL SEV-1": how a page begins. */
static void add_severity(struct buf *head, const char *name, bool drill)
{
	if (drill)
		buf_add_text(head, "DRILL ");
	for (size_t i = 0; i < SEVERITY_SHOWN && name[i] != '\0'; i++) {
		char c = name[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c <= ' ' || c > '~' || c == '`') /* the head is GSM-7 whatever the name is */
			c = '-';
		buf_add_char(head, c);
	}
}

void text_subject(struct buf *out, const struct page *page)
{
	static const enum page_text places[] = { PAGE_SERVICE, PAGE_HOST };
	const char *message = words(page, PAGE_MESSAGE);
	size_t begin = out->len;

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		const char *place = words(page, places[i]);

		if (place[0] == '\0' || strstr(message, place) != NULL ||
		    out->len - begin + strlen(place) > PLACE_MAX)
			continue;
		buf_addf(out, "%s%s", out->len > begin ? " " : "", place);
	}
	if (out->len > begin)
		buf_add_text(out, ": ");
	buf_add_text(out, message);
}

/* Joins the two and leaves them empty. */
static void put(struct buf *out, struct buf *head, struct buf *foreign)
{
	fold_fit(out, buf_span(head), buf_span(foreign), fold_one);
	out->failed = out->failed || head->failed || foreign->failed;
	buf_free(head);
	buf_free(foreign);
}

void text_page(struct buf *out, const struct plan *plan, const struct page *page, bool beside)
{
	struct buf head = { 0 };
	struct buf foreign = { 0 };

	(void)plan;
	add_severity(&head, page->severity, page->drill);
	if (beside)
		buf_addf(&head, " (on-call is paged too) reply ACK %s = seen: ", page->code);
	else
		buf_addf(&head, " reply ACK %s: ", page->code);
	text_subject(&foreign, page);
	put(out, &head, &foreign);
}

static int rank_of(const struct plan *plan, const struct page *page)
{
	int rank = plan_severity(plan, span_of(page->severity));

	return rank < 0 ? PLAN_SEVERITIES_MAX : rank;
}

size_t text_worst(const struct plan *plan, const struct page *const *pages, size_t count,
		  const struct page **worst, size_t max)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = found;

		while (at > 0 && rank_of(plan, pages[i]) < rank_of(plan, worst[at - 1]))
			at--;
		if (at == max)
			continue;
		if (found < max)
			found++;
		memmove(&worst[at + 1], &worst[at], (found - at - 1) * sizeof(const struct page *));
		worst[at] = pages[i];
	}
	return found;
}

bool text_all_drill(const struct page *const *pages, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!pages[i]->drill)
			return false;
	return count > 0;
}

void text_bundle(struct buf *out, const struct plan *plan, const struct notice *notice,
		 const struct page *const *pages)
{
	static const struct fold_room each = { BUNDLE_MESSAGE, BUNDLE_MESSAGE };
	const struct page *worst[BUNDLE_SHOWN];
	size_t count = notice->page_count;
	size_t shown = text_worst(plan, pages, count, worst, BUNDLE_SHOWN);
	struct buf head = { 0 };
	struct buf foreign = { 0 };

	if (text_all_drill(pages, count))
		buf_add_text(&head, "DRILL ");
	buf_addf(&head, "%zu pages, worst ", count);
	if (shown > 0)
		add_severity(&head, worst[0]->severity, false);
	buf_addf(&head, ", reply ACK %s %s: ", notice->code, notice->owns ? "for all" : "= seen");
	for (size_t i = 0; i < shown; i++) {
		struct buf subject = { 0 };

		text_subject(&subject, worst[i]);
		if (i > 0)
			buf_add_text(&foreign, "; ");
		fold_fit(&foreign, span_of(""), buf_span(&subject), each);
		buf_free(&subject);
	}
	put(out, &head, &foreign);
}

/* As people say it; who is not in the plan (an operator, a webhook) by the name given. */
static const char *called(const struct plan *plan, const char *name)
{
	const struct plan_person *person = plan_person(plan, span_of(name));

	return person != NULL && person->title[0] != '\0' ? person->title : name;
}

/* Of an incident that somebody works on; false: the message itself is not to follow. */
static bool work_words(struct buf *head, struct buf *foreign, const struct page *page,
		       const struct effect *effect, const char *by)
{
	if (effect->note == NOTE_DEFERRED) {
		buf_addf(head, "%s deferred by ", page->code);
		buf_addf(foreign, "%s: %s. ", by, effect->text);
	} else if (effect->note == NOTE_DECLINED) {
		buf_addf(head, "%s stays yours, not taken by ", page->code);
		buf_addf(foreign, "%s: ", by);
	} else if (effect->note == NOTE_ROLE) {
		buf_addf(head, "%s: you are %s now, says ", page->code, effect->text);
		buf_addf(foreign, "%s: ", by);
	} else if (effect->note == NOTE_ASSIGNED) {
		buf_addf(head, "%s is handed to you by ", page->code);
		buf_addf(foreign, "%s. %s", by, effect->text);
		return false;
	} else {
		buf_addf(head, "%s update by ", page->code);
		buf_addf(foreign, "%s: %s", by, effect->text);
		return false;
	}
	return true;
}

static void note_words(struct buf *head, struct buf *foreign, const struct plan *plan,
		       const struct page *page, const struct effect *effect)
{
	const char *by = called(plan, effect->by);

	switch (effect->note) {
	case NOTE_NONE:
	case NOTES:
		return;
	case NOTE_INFORM:
		buf_add_text(head, "For information, ");
		add_severity(head, page->severity, page->drill);
		buf_add_text(head, ": ");
		break;
	case NOTE_TAKEN:
		buf_addf(head, "%s taken by ", page->code);
		buf_addf(foreign, "%s. No action needed. ", by);
		break;
	case NOTE_RESOLVED:
		buf_addf(head, "%s resolved by ", page->code);
		buf_addf(foreign, "%s. ", by);
		break;
	case NOTE_REOPENED:
		buf_addf(head,
			 "%s is open again, nobody has it. To take it reply ACK %s: ", page->code,
			 page->code);
		break;
	case NOTE_LEASE_WARNING:
		buf_addf(head, "%s: are you still on it? Reply ACK %s within %lld min to keep it: ",
			 page->code, page->code, (long long)plan->times.lease_warning_s / 60);
		break;
	case NOTE_REMINDER:
		buf_addf(head, "%s is yours: time for an update. Reply UPD %s and your words: ",
			 page->code, page->code);
		break;
	case NOTE_OFFER:
		buf_addf(head,
			 "%s: %s without an update. BACKUP %s brings in another, UPD %s says "
			 "how it stands: ",
			 page->code, effect->text, page->code, page->code);
		break;
	case NOTE_WOKEN:
		buf_addf(head, "%s is yours again. DONE %s when it is over, ACK %s to keep it: ",
			 page->code, page->code, page->code);
		break;
	case NOTE_DEFERRED:
	case NOTE_ASSIGNED:
	case NOTE_DECLINED:
	case NOTE_ROLE:
	case NOTE_UPDATED:
		if (!work_words(head, foreign, page, effect, by))
			return;
		break;
	}
	text_subject(foreign, page);
}

void text_note(struct buf *out, const struct plan *plan, const struct page *page,
	       const struct effect *effect)
{
	struct buf head = { 0 };
	struct buf foreign = { 0 };

	if (page->drill && effect->note != NOTE_INFORM)
		buf_add_text(&head, "DRILL ");
	note_words(&head, &foreign, plan, page, effect);
	put(out, &head, &foreign);
}

void text_more(struct buf *out, const struct page *page)
{
	static const struct {
		enum page_text which;
		const char *name;
	} items[] = {
		{ PAGE_HOST, "Host" },
		{ PAGE_RUNBOOK, "Runbook" },
		{ PAGE_DASHBOARD, "Dashboard" },
		{ PAGE_CHANNEL, "Channel" },
	};
	struct buf head = { 0 };
	bool known = false;

	buf_add_text(&head, page->code);
	for (size_t i = 0; i < COUNT_OF(items); i++) {
		struct buf line = { 0 };

		if (words(page, items[i].which)[0] == '\0')
			continue;
		known = true;
		buf_add(&line, buf_span(&head));
		buf_addf(&line, "\n%s: ", items[i].name);
		fold_sms(&line, span_of(words(page, items[i].which)));
		if (fold_fits(buf_span(&line), three))
			buf_add(&head, span_skip(buf_span(&line), head.len));
		else /* half a link is of no use */
			buf_addf(&head, "\n%s: too long for a text", items[i].name);
		buf_free(&line);
	}
	if (!known)
		buf_add_text(&head, ": no host, runbook, dashboard or channel is known.");
	buf_add_char(&head, '\n');
	fold_fit(out, buf_span(&head), span_of(words(page, PAGE_MESSAGE)), three);
	out->failed = out->failed || head.failed;
	buf_free(&head);
}
