#include "request_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct request_json {
	json_t *root;
};

static int add_field(struct request *request, const char *key, const json_t *value, struct err *err)
{
	if (strcmp(key, "command") == 0 && json_is_string(value)) {
		request->name = json_string_value(value);
		return 0;
	}
	if (json_is_false(value))
		return 0;
	if (!json_is_string(value) && !json_is_true(value))
		return err_set(err, ERR_INVALID, "member \"%.40s\": want a string", key);
	if (request->count == REQUEST_FIELDS_MAX)
		return err_set(err, ERR_INVALID, "more than %d members", REQUEST_FIELDS_MAX);
	request->fields[request->count].key = key;
	request->fields[request->count].value =
		json_is_true(value) ? "true" : json_string_value(value);
	request->count++;
	return 0;
}

static int fill(struct request *request, json_t *root, struct err *err)
{
	const char *key;
	json_t *value;

	if (!json_is_object(root))
		return err_set(err, ERR_INVALID, "want one JSON object a line");
	json_object_foreach(root, key,
			    value) if (add_field(request, key, value, err) < 0) return -1;
	if (request->name == NULL)
		return err_set(err, ERR_INVALID, "member \"command\": want a string");
	return 0;
}

int request_json_parse(struct request_json **out, struct span line, struct request *request,
		       struct err *err)
{
	struct request_json *parsed = calloc(1, sizeof *parsed);
	json_error_t bad;

	*out = NULL;
	if (parsed == NULL)
		return err_nomem(err);
	parsed->root = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, &bad);
	if (parsed->root == NULL)
		err_set(err, ERR_INVALID, "JSON: %s at column %d", bad.text, bad.column);
	if (parsed->root == NULL || fill(request, parsed->root, err) < 0) {
		request_json_free(parsed);
		return -1;
	}
	*out = parsed;
	return 0;
}

void request_json_free(struct request_json *parsed)
{
	if (parsed == NULL)
		return;
	json_decref(parsed->root);
	free(parsed);
}
