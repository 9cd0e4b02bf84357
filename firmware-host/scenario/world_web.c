#include "scenario/world_web.h"

#include <stdlib.h>
#include <string.h>

/* Webhooks take what they are sent, unless there is no network. */
static bool posts(struct world *world)
{
	struct gateway_post post;
	bool moved = false;

	while (gateway_take_post(world->gateway, &post)) {
		buf_free(&post.body);
		gateway_posted(world->gateway, post.id, world->web_broken ? 0 : 200, "no network",
			       world->now);
		moved = true;
	}
	return moved;
}

static bool probes(struct world *world)
{
	struct gateway_probe probe;
	bool moved = false;

	while (gateway_take_probe(world->gateway, &probe)) {
		struct gateway_probed probed = { .id = probe.id, .status = 200, .why = "" };

		for (size_t i = 0; i < world->web_count; i++)
			if (strcmp(world->web[i].url, probe.url) == 0) {
				probed.status = world->web[i].status;
				probed.counted = world->web[i].counted;
				probed.value = world->web[i].value;
			}
		if (world->web_broken) {
			probed.status = 0;
			probed.why = "no network";
		}
		gateway_probed(world->gateway, &probed, world->now);
		moved = true;
	}
	return moved;
}

bool world_web_turn(struct world *world)
{
	bool moved = posts(world);

	return probes(world) || moved;
}

/* URL STATUS [VALUE]: what is answered there from now on. */
static int answers(struct world *world, struct span rest, struct err *err)
{
	struct world_page page = { 0 };
	char number[32];
	int64_t status;
	size_t at = 0;

	if (!span_copy(span_word(&rest), page.url, sizeof page.url) ||
	    !span_int(span_word(&rest), &status) || status < 100 || status > 599 ||
	    !span_copy(span_trim(rest), number, sizeof number))
		return err_set(err, ERR_INVALID, "web answers: want URL STATUS [VALUE]");
	page.status = (int)status;
	page.counted = number[0] != '\0';
	page.value = strtod(number, NULL);
	while (at < world->web_count && strcmp(world->web[at].url, page.url) != 0)
		at++;
	if (at == COUNT_OF(world->web))
		return err_set(err, ERR_INVALID, "web answers: too many addresses");
	world->web[at] = page;
	if (at == world->web_count)
		world->web_count++;
	return 0;
}

int world_web_line(struct world *world, struct span rest, struct err *err)
{
	struct span word = span_word(&rest);

	if (span_is(word, "answers"))
		return answers(world, rest, err);
	if (!span_is(word, "fails") && !span_is(word, "works"))
		return err_set(err, ERR_INVALID, "web: want fails, works or answers");
	world->web_broken = span_is(word, "fails");
	return 0;
}
