#include "dialplan/effect.h"

#include "base/buf.h"

#include <stdlib.h>

struct effect *effects_add(struct effects *effects, enum effect_kind kind)
{
	struct effect *effect;

	if (array_grow(&effects->at, &effects->cap, effects->count + 1, sizeof *effects->at) < 0) {
		effects->failed = true;
		return NULL;
	}
	effect = &effects->at[effects->count++];
	*effect = (struct effect){ .kind = kind };
	return effect;
}

void effects_clear(struct effects *effects)
{
	effects->count = 0;
	effects->failed = false;
}

void effects_free(struct effects *effects)
{
	free(effects->at);
	*effects = (struct effects){ 0 };
}
