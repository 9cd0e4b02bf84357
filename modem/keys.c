#include "modem/keys.h"

#include <stddef.h>

/* The other source has told of this press first; it is done with then. */
static bool known(struct keys_told first[KEYS_AHEAD], char key, struct when now)
{
	struct keys_told *oldest = NULL;

	for (int i = 0; i < KEYS_AHEAD; i++)
		if (first[i].key == key && now.mono_ms - first[i].at <= KEYS_MERGE_MS &&
		    (oldest == NULL || first[i].at < oldest->at))
			oldest = &first[i];
	if (oldest == NULL)
		return false;
	oldest->key = '\0';
	return true;
}

/* A tone that lasts is told of again and again: the other source may come in as late as behind its end. */
static void prolong(struct keys_told first[KEYS_AHEAD], char key, struct when now)
{
	for (int i = 0; i < KEYS_AHEAD; i++)
		if (first[i].key == key)
			first[i].at = now.mono_ms;
}

bool keys_press(struct keys *keys, enum keys_source source, char key, struct when now)
{
	enum keys_source other = source == KEYS_OF_MODEM ? KEYS_OF_TONES : KEYS_OF_MODEM;
	struct keys_told told = { key, now.mono_ms };
	bool repeat = key == keys->of[source].last.key &&
		      now.mono_ms - keys->of[source].last.at <= KEYS_REPEAT_MS;

	keys->of[source].last = told;
	if (repeat) {
		prolong(keys->of[source].first, key, now);
		return false;
	}
	if (known(keys->of[other].first, key, now))
		return false;
	keys->of[source].first[keys->of[source].next++ % KEYS_AHEAD] = told;
	return true;
}
