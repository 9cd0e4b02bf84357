/* Every story under tests/scenarios/, told once; and one that must fail. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "scenario/scenario.h"

static bool tell(const char *file)
{
	struct scenario_options options = { .file = file, .seed = 1 };
	struct scenario_result result;
	struct err err = { 0 };

	if (scenario_run(&options, &result, &err) < 0) {
		printf("not ok - %s: %s\n", file, err.text);
		return false;
	}
	if (!result.passed)
		printf("not ok - %s:%d: %s\n", file, result.line, result.why);
	else
		printf("ok - %s\n", file);
	return result.passed;
}

static bool fails(const char *file)
{
	struct scenario_options options = { .file = file, .seed = 1 };
	struct scenario_result result;
	struct err err = { 0 };
	bool good = scenario_run(&options, &result, &err) == 0 && !result.passed &&
		    strstr(result.why, "the answer is") != NULL;

	printf("%s - %s must fail\n", good ? "ok" : "not ok", file);
	return good;
}

int main(int argc, char **argv)
{
	glob_t found = { 0 };
	bool good = true;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			good = tell(argv[i]) && good;
		return good ? 0 : 1;
	}
	glob("tests/scenarios/*.page", 0, NULL, &found);
	glob("tests/scenarios/*/*.page", GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		good = tell(found.gl_pathv[i]) && good;
	good = good && found.gl_pathc > 0;
	good = fails("tests/support/not-answered.page") && good;
	globfree(&found);
	return good ? 0 : 1;
}
