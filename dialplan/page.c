#include "dialplan/page.h"

#include <stdlib.h>
#include <string.h>

void page_free(struct page *page)
{
	if (page == NULL)
		return;
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		free(page->text[i]);
	free(page->chain);
	free(page->members);
	free(page);
}

/* Copies a text that may be absent.  False when out of memory. */
static bool copy_text(char **to, const char *from)
{
	*to = from == NULL ? NULL : span_dup(span_of(from));
	return from == NULL || *to != NULL;
}

static bool copy_members(struct page *to, const struct page *from)
{
	if (from->member_count == 0)
		return true;
	to->members = calloc(from->member_count, sizeof *to->members);
	if (to->members == NULL)
		return false;
	memcpy(to->members, from->members, from->member_count * sizeof *to->members);
	to->member_count = from->member_count;
	to->member_cap = from->member_count;
	return true;
}

struct page *page_copy(const struct page *page)
{
	struct page *copy = malloc(sizeof *copy);
	bool ok = true;

	if (copy == NULL)
		return NULL;
	*copy = *page;
	memset(copy->text, 0, sizeof copy->text);
	copy->chain = NULL;
	copy->members = NULL;
	copy->member_count = 0;
	copy->member_cap = 0;
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		ok = copy_text(&copy->text[i], page->text[i]) && ok;
	ok = copy_text(&copy->chain, page->chain) && copy_members(copy, page) && ok;
	if (!ok) {
		page_free(copy);
		return NULL;
	}
	return copy;
}

int page_set_text(struct page *page, enum page_text which, struct span text, struct err *err)
{
	char *copy = span_dup(text);

	if (copy == NULL)
		return err_nomem(err);
	free(page->text[which]);
	page->text[which] = copy;
	return 0;
}

struct member *page_member(const struct page *page, const char *person)
{
	for (size_t i = 0; i < page->member_count; i++)
		if (strcmp(page->members[i].person, person) == 0)
			return &page->members[i];
	return NULL;
}

const char *page_state_name(enum page_state state)
{
	static const char *const names[] = {
		[PAGE_NONE] = "none",         [PAGE_OPEN] = "open",
		[PAGE_ACKED] = "acked",       [PAGE_RESOLVED] = "resolved",
		[PAGE_DEFERRED] = "deferred", [PAGE_SNOOZED] = "snoozed",
	};
	_Static_assert(COUNT_OF(names) == PAGE_STATES, "a name for each state");

	return state < PAGE_STATES ? names[state] : names[PAGE_NONE];
}

bool page_sleeps(const struct page *page)
{
	return page->state == PAGE_DEFERRED || page->state == PAGE_SNOOZED;
}

bool page_owned_by(const struct page *page, const char *person)
{
	return page->state != PAGE_RESOLVED && page->owner[0] != '\0' &&
	       strcmp(page->owner, person) == 0;
}

static const char *const role_names[] = {
	[ROLE_NONE] = "none",
	[ROLE_IC] = "ic",
	[ROLE_COMMS] = "comms",
	[ROLE_INV] = "inv",
};
_Static_assert(COUNT_OF(role_names) == ROLES, "a name for each role");

const char *page_role_name(enum page_role role)
{
	return role < ROLES ? role_names[role] : role_names[ROLE_NONE];
}

void page_write_roles(const struct page *page, struct buf *out)
{
	for (size_t i = 0; i < page->role_count; i++)
		buf_addf(out, "%s%s=%s", i == 0 ? "" : " ", page_role_name(page->roles[i].kind),
			 page->roles[i].person);
}

bool page_read_roles(struct page *page, struct span text)
{
	page->role_count = 0;
	for (struct span word = span_word(&text); word.len > 0; word = span_word(&text)) {
		struct role *role = &page->roles[page->role_count];
		struct span name = span_cut(&word, '=');
		enum page_role kind = ROLE_IC;

		while (kind < ROLES && !span_is(name, role_names[kind]))
			kind++;
		if (kind == ROLES || page->role_count == PAGE_ROLES_MAX || word.len == 0 ||
		    !span_copy(word, role->person, sizeof role->person))
			return false;
		role->kind = kind;
		page->role_count++;
	}
	return true;
}
