/* Whenever the phone is answered, whatever the modem tells of the call, and however late its audio is there: the whole prompt is
 * heard in that one call. */
#include "tests/host/calls_bench.h"

/* Longer than what is read out, so that the telling is as long as any. */
#define MESSAGE                                                                               \
	"db1 in the northern data centre is down since three and no replica has taken over, " \
	"orders are lost and the disks of the second rack are full as well, see the text"

static const char *const dialects[] = {
	"quectel",
	"quectel tells polled",
	"quectel tells simcom",
	"quectel tells huawei",
	"quectel tells ublox",
	"quectel tells telit",
	"quectel tells nothing",
	"simcom",
};

/* What was heard in the first call, in one line. */
static void heard(const struct world *world, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < world->sighting_count; i++) {
		const struct sim_event *event = &world->sightings[i].event;

		if (strcmp(event->phone, CALLS_ADA) != 0)
			continue;
		if (event->kind == SIM_HEARD && len < size)
			len += (size_t)snprintf(text + len, size - len, "%s", event->text);
		if (event->kind == SIM_HUNG_UP)
			return;
	}
}

/* A telling from its first to its last word, with nothing missing between. */
static bool whole(const char *text)
{
	const char *end;

	for (;
	     (text = strstr(text, "This is Tocsin, the pager, for Ada Ash. S E V 2: D B 1 in ")) !=
	     NULL;
	     text++) {
		end = strstr(text, " Star repeats.");
		if (end != NULL && end - text >= 200 &&
		    strstr(text, "To take it, press ") != NULL &&
		    strstr(text, "To take it, press ") < end)
			return true;
	}
	return false;
}

static void one(const char *dialect, int answer_s, int late_s)
{
	static struct world world;
	static char text[8000];
	char modem[120];
	char phone[60];

	snprintf(modem, sizeof modem, "%s audio late %ds", dialect, late_s);
	snprintf(phone, sizeof phone, "answers after %ds", answer_s);
	calls_begin(&world, 1, modem, phone);
	calls_advance(&world, 5000);
	calls_ask(&world, "page", "message", MESSAGE);
	calls_advance(&world, 150000);
	heard(&world, text, sizeof text);
	if (!whole(text))
		print_error("%s, answered after %d s, audio %d s late: \"%s\"\n", dialect, answer_s,
			    late_s, text);
	CHECK(whole(text));
	world_deinit(&world);
}

static void test_prompt_is_heard_in_full(void **state)
{
	int step = calls_many(11, 1);
	int late = calls_many(5, 1);
	int calls = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(dialects); i++)
		for (int answer_s = 3; answer_s <= 25; answer_s += step)
			for (int late_s = 0; late_s <= 5; late_s += late, calls++)
				one(dialects[i], answer_s, late_s);
	printf("# figures: the whole prompt heard in the first call in %d of %d calls\n", calls,
	       calls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prompt_is_heard_in_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
