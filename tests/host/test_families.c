/* The stories of tests/scenarios on modems of every family: a page is heard, answered by text and escalated whatever modem is there.
 * Those that need keys in a call, or a voice, are for the families that have them. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "scenario/scenario.h"

/* quectel is what they are told of otherwise. */
static const struct {
	const char *name;
	const char *without[3]; /* words of stories that are not for it */
} families[] = {
	{ "generic", { "presses", " key", "hears" } }, { "simcom", { "screens" } },
	{ "huawei", { "presses", " key", "hears" } },  { "ublox", { "presses", " key", "hears" } },
	{ "telit", { "presses", " key", "hears" } },
};

static bool is_for(const char *file, size_t family)
{
	static char text[20000];
	FILE *story = fopen(file, "r");
	size_t len;
	bool is = true;

	if (story == NULL)
		return false;
	len = fread(text, 1, sizeof text - 1, story);
	fclose(story);
	text[len] = '\0';
	for (size_t i = 0; i < COUNT_OF(families[family].without); i++)
		if (families[family].without[i] != NULL)
			is = is && strstr(text, families[family].without[i]) == NULL;
	return is;
}

static int tell(const char *file, const char *family)
{
	struct scenario_options options = { .file = file, .family = family, .seed = 1 };
	struct scenario_result result;
	struct err err = { 0 };

	if (scenario_run(&options, &result, &err) < 0) {
		printf("# %s %s: %s\n", family, file, err.text);
		return 1;
	}
	if (!result.passed)
		printf("# %s %s:%d: %s\n", family, file, result.line, result.why);
	return !result.passed;
}

int main(void)
{
	glob_t found = { 0 };
	int failed = 0;

	glob("tests/scenarios/*.page", 0, NULL, &found);
	glob("tests/scenarios/*/*.page", GLOB_APPEND, NULL, &found);
	for (size_t f = 0; f < COUNT_OF(families); f++) {
		int bad = 0, told = 0;

		for (size_t i = 0; i < found.gl_pathc; i++) {
			if (!is_for(found.gl_pathv[i], f))
				continue;
			bad += tell(found.gl_pathv[i], families[f].name);
			told++;
		}
		bad += told < 50;
		printf("%s - %s: %d stories\n", bad == 0 ? "ok" : "not ok", families[f].name, told);
		failed += bad;
	}
	globfree(&found);
	return failed == 0 ? 0 : 1;
}
