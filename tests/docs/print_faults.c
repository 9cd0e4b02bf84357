/* print_faults - docs/faults.md, made from the table of faults (make faults). */
#include <stdio.h>

#include "core/fault_table.h"

static const struct {
	enum fault_grade grade;
	const char *title;
	const char *who;
} chapters[] = {
	{ FAULT_NO_PATH, "No path is left",
	  "The operators are paged like for any page, and `last_resort_command` runs." },
	{ FAULT_STORE, "The store",
	  "The operators are paged like for any page, and `last_resort_command` runs." },
	{ FAULT_CLOCK, "The clock",
	  "The operators are paged like for any page, and `last_resort_command` runs." },
	{ FAULT_PATH, "One path",
	  "The operators get a text in waking hours (`waking_hours`), and again each day while it "
	  "lasts." },
	{ FAULT_REMARK, "Remarks", "Nobody is told: they stand in `tocsin faults`." },
};

static const char intro[] =
	"# Faults: what is wrong, how that is known, what to do\n"
	"\n"
	"Made from `fault_table.c` by `make faults`; a test compares.\n"
	"\n"
	"`tocsin faults` shows what is wrong now, in these words. *alpha* stands for the modem, "
	"words "
	"in braces for what was\n"
	"seen. A fault that goes away before its *after* has passed is only counted; the day's "
	"text "
	"says how often it came.\n"
	"Of one modem and one kind (the word before the dot) there is one text a day.\n";

static void print_fault(enum fault_id id)
{
	const struct fault_kind *kind = fault_kind(id);
	struct buf sentence = { 0 };

	fault_sentence(id, "*alpha*", &sentence);
	printf("\n### %s\n\n%s\n\n", kind->id, buf_text(&sentence));
	printf("- Seen: %s\n", kind->evidence);
	if (kind->hold_min > 0)
		printf("- After: %d min\n", kind->hold_min);
	printf("- Next: %s\n", kind->next);
	buf_free(&sentence);
}

int main(void)
{
	printf("%s", intro);
	for (size_t i = 0; i < COUNT_OF(chapters); i++) {
		printf("\n## %s\n\n%s\n", chapters[i].title, chapters[i].who);
		for (int id = FAULT_NONE + 1; id < FAULTS; id++)
			if (fault_kind((enum fault_id)id)->grade == chapters[i].grade)
				print_fault((enum fault_id)id);
	}
	return 0;
}
