/* What went well and what did not: of each path and function the last success, of each path, network and recipient the last
 * good and the last bad end.  Kept in the store, bounded. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define ROUTES_MAX 1000
#define BAD_S \
	86400 /* a bad end is held against a route this long, unless something went well since */
#define BAD_MANY 2 /* bad ends in a row that say something of the route */

void path_worked(struct path *path, enum path_function function, struct when now)
{
	path->health.last_utc_s[function] = now.utc_s;
	path->health_dirty = true;
}

static bool is_of(const struct route *route, const struct path *path, const char *number)
{
	return strcmp(route->number, number) == 0 && strcmp(route->modem, path->modem.name) == 0 &&
	       strcmp(route->plmn, device_status(path->device)->plmn) == 0;
}

static struct route_slot *find(const struct gateway *g, const struct path *path, const char *number)
{
	for (size_t i = 0; i < g->route_count; i++)
		if (is_of(&g->routes[i].route, path, number))
			return &g->routes[i];
	return NULL;
}

/* The one that was used longest ago gives way. */
static struct route_slot *oldest(struct gateway *g)
{
	struct route_slot *slot = &g->routes[0];

	for (size_t i = 1; i < g->route_count; i++)
		if (g->routes[i].route.used_utc_s < slot->route.used_utc_s)
			slot = &g->routes[i];
	return slot;
}

static struct route_slot *find_or_make(struct gateway *g, const struct path *path,
				       const char *number)
{
	struct route_slot *slot = find(g, path, number);

	if (slot != NULL)
		return slot;
	if (g->route_count >= ROUTES_MAX)
		slot = oldest(g);
	else if (array_grow(&g->routes, &g->route_cap, g->route_count + 1, sizeof *g->routes) == 0)
		slot = &g->routes[g->route_count++];
	else
		return NULL;
	*slot = (struct route_slot){ 0 };
	span_copy(span_of(path->modem.name), slot->route.modem, sizeof slot->route.modem);
	span_copy(span_of(device_status(path->device)->plmn), slot->route.plmn,
		  sizeof slot->route.plmn);
	span_copy(span_of(number), slot->route.number, sizeof slot->route.number);
	return slot;
}

static void note(struct gateway *g, const struct path *path, const char *number, bool call,
		 bool good, struct when now)
{
	struct route_slot *slot = find_or_make(g, path, number);
	struct route_end *end;

	if (slot == NULL)
		return;
	end = &slot->route.end[call];
	slot->route.used_utc_s = now.utc_s;
	slot->dirty = true;
	if (good) {
		end->good_utc_s = now.utc_s;
		end->bad = 0;
	} else {
		end->bad_utc_s = now.utc_s;
		end->bad++;
	}
}

void routes_note(struct gateway *g, const struct path *path, const char *number, bool call,
		 bool good, struct when now)
{
	if (device_status(path->device)->plmn[0] == '\0')
		return; /* it says nothing of any network */
	note(g, path, number, call, good, now);
	note(g, path, "", call, good, now);
}

static bool is_bad(const struct route_slot *slot, bool call, struct when now)
{
	const struct route_end *end = slot == NULL ? NULL : &slot->route.end[call];

	return end != NULL && end->bad >= BAD_MANY && now.utc_s - end->bad_utc_s < BAD_S;
}

int64_t routes_burden(const struct gateway *g, const struct path *path, const char *number,
		      bool call, struct when now)
{
	const struct route_slot *with = find(g, path, number);
	const struct route_slot *all = find(g, path, "");
	bool proven = with != NULL && with->route.end[call].good_utc_s > 0;

	return is_bad(all, call, now) * 50 + is_bad(with, call, now) * 20 + !proven;
}

int routes_restore(struct gateway *g, const struct route *routes, size_t count)
{
	if (array_grow(&g->routes, &g->route_cap, count, sizeof *g->routes) < 0)
		return -1;
	for (size_t i = 0; i < count && g->route_count < ROUTES_MAX; i++)
		g->routes[g->route_count++] = (struct route_slot){ .route = routes[i] };
	return 0;
}

void health_restore(struct gateway *g, const struct health *health, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int at = fleet_find(g, health[i].modem);

		if (at >= 0)
			g->paths[at].health = health[i];
	}
}
