/* Any bytes as a configuration: a result or errors, never both and never neither. */
#include <assert.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses 64 bytes when an error follows a text. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL;
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	const struct config_source source = { { (const char *)data, size }, "fuzz", NULL };
	int rc = config_parse(&config, &source, &errors, &warnings);

	assert(rc == 0 || rc == -1);
	assert((rc == 0) == (config != NULL));
	assert((rc == 0) == (errors.len == 0));
	if (config != NULL) {
		const struct plan *plan = config->plan;

		assert(plan->person_count > 0 && plan->rotation_count > 0);
		assert(plan->default_severity >= 0 && plan->operators.count > 0);
		assert(plan_rotation(plan, span_of(plan->default_rotation)) != NULL);
		assert(plan_policy(plan, span_of(plan->default_policy)) != NULL);
	}
	config_free(config);
	buf_free(&errors);
	buf_free(&warnings);
	return 0;
}
