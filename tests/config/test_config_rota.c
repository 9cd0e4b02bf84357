/* What a configuration says of zones, rotations, layers and services: read right, or named with its line. */
#include "config/config.h"

#include <string.h>

#include "tests/support/unit.h"
#include "zoneinfo.h"

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

#define HEAD                                                                                     \
	"country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];\n"                  \
	"modems = ( { name = \"a\"; port = \"/dev/a\"; }, { name = \"b\"; port = \"/dev/b\"; } " \
	");\n"                                                                                   \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); }, "         \
	"{ name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
#define R(keys)     HEAD "rotations = ( { name = \"r\"; " keys " } );"
#define TWO(keys)   R("members = [ \"ada\", \"bob\" ]; starts = \"2026-01-05 10:00\"; " keys)
#define LAYER(keys) R("members = [ \"ada\" ]; layers = ( { " keys " } );")

static struct config *parse(const char *text, struct buf *errors)
{
	struct config *config = NULL;
	struct buf warnings = { 0 };
	const struct config_source source = { span_of(text), "x.cfg", zoneinfo_load };

	config_parse(&config, &source, errors, &warnings);
	buf_free(&warnings);
	return config;
}

static const struct {
	const char *text;
	const char *want; /* stands in the errors */
} wrong[] = {
	{ TWO("zone = \"Europe/Berlni\";"), "x.cfg:4: rotations.zone: there is no zone "
					    "\"Europe/Berlni\", did you mean Europe/Berlin?" },
	{ TWO("zone = \"localtime\";"), "there is no zone \"localtime\"" },
	{ TWO("zone = 1;"), "rotations.zone: want a zone" },
	{ TWO("zone = \"/etc/passwd\";"), "there is no zone" },
	{ "zone = \"Mars/Base\";" TWO(""), "x.cfg:1: zone: there is no zone \"Mars/Base\"" },
	{ TWO("shift = \"30 min\";"), "rotations.shift: \"30 min\", want \"1 h\" to" },
	{ TWO("shift = \"25 months\";"), "\"25 months\", want" },
	{ TWO("shift = \"0 months\";"), "\"0 months\", want" },
	{ TWO("shift = \"fortnight\";"), "\"fortnight\", want" },
	{ TWO("hours = \"8-17\";"), "rotations.hours: \"8-17\", want" },
	{ TWO("hours = \"08:00-08:00\";"), "want \"08:00-17:00\"" },
	{ TWO("hours = \"24:00-08:00\";"), "want \"08:00-17:00\"" },
	{ TWO("hours = \"08:60-17:00\";"), "want \"08:00-17:00\"" },
	{ TWO("hours = \"08:00-24:30\";"), "want \"08:00-17:00\"" },
	{ TWO("days = [ \"monday\" ];"), "rotations.days: \"monday\", want a list of days" },
	{ TWO("days = [ ];"), "rotations.days: want a list of days" },
	{ TWO("turns = ( [ \"ada\" ] );"), "rotations.turns: want either members or turns" },
	{ R("turns = ( [ \"ada\", \"bob\" ], [ \"bob\" ] ); starts = \"2026-01-05 10:00\";"),
	  "rotations.turns: want a list of equally long lists" },
	{ R("turns = ( [ \"adda\" ] );"), "there is no \"adda\", did you mean ada?" },
	{ R("turns = ( \"ada\" );"),
	  "rotations.turns: \"ada\", want a list of equally long lists" },
	{ R("members = [ \"ada\", \"bob\" ];"), "rotations.starts is missing, want a handover" },
	{ R("turns = ( [ \"ada\" ], [ \"bob\" ] );"), "rotations.starts is missing" },
	{ R("slots = [ \"primary\" ];"), "rotations.members is missing, want its people" },
	{ LAYER("hours = \"08:00-17:00\";"), "rotations.layers.members is missing" },
	{ LAYER("members = [ \"ada\", \"bob\" ];"), "rotations.layers.starts is missing" },
	{ LAYER("members = [ \"ada\" ]; zone = \"Berlin\";"),
	  "rotations.layers.zone: there is no" },
	{ LAYER("members = [ \"ada\" ]; slots = [ \"x\" ];"), "\"slots\" is not a key here" },
	{ TWO("shadows = [ \"cy\" ];"), "rotations.shadows: there is no \"cy\"" },
	{ TWO("shadows = [ \"bob\" ]; slots = [ \"primary\", \"secondary\", \"shadow\" ];"),
	  "\"shadow\" is the slot of the shadows" },
	{ TWO("calendar = \"feed.ics\";"), "want a path that begins with /" },
	{ TWO("calendar = \"ftp://x/y\";"), "or a URL that begins with http://" },
	{ TWO("") "services = ( { name = \"db\"; owner = \"nobody\"; } );",
	  "services.owner: there is no \"nobody\"" },
	{ TWO("") "services = ( { name = \"db\"; owner = \"r\"; }, { name = \"db\"; owner = "
		  "\"ada\"; } );",
	  "\"db\" stands at line 4 already" },
	{ TWO("") "services = ( { name = \"db\"; } );", "services.owner is missing" },
};

static void test_config_rota_names_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct buf errors = { 0 };
		struct config *config = parse(wrong[i].text, &errors);

		if (strstr(buf_text(&errors), wrong[i].want) == NULL)
			print_error("\"%s\"\n", buf_text(&errors));
		CHECK_ROW(strstr(buf_text(&errors), wrong[i].want) != NULL, wrong[i].want);
		CHECK_ROW(config == NULL, wrong[i].want);
		buf_free(&errors);
	}
}

static void test_config_rota_gives_what_the_file_says(void **state)
{
	struct buf errors = { 0 };
	struct config *config =
		parse("zone = \"Asia/Tokyo\";" HEAD "rotations = ( { name = \"r\"; turns = ( [ "
		      "\"ada\", \"bob\" ], [ \"bob\", \"ada\" ] );\n"
		      "starts = \"2026-01-05 10:00\"; shift = \"3 months\"; shadows = [ \"bob\" ]; "
		      "gaps = true;\n"
		      "layers = ( { members = [ \"bob\" ]; zone = \"Europe/Berlin\"; hours = "
		      "\"22:00-06:30\";\n"
		      "  days = [ \"fri\", \"sat\" ]; }, { members = [ \"ada\" ]; days = [ \"sun\" "
		      "]; shift = \"2 weeks\"; } ); } );\n"
		      "services = ( { name = \"The Shop\"; owner = \"r.secondary\"; } );",
		      &errors);
	const struct plan_rotation *r;
	const struct plan_layer *layer;

	(void)state;
	CHECK_ROW(config != NULL, buf_text(&errors));
	r = &config->plan->rotations[0];
	CHECK(r->base.member_count == 4 && r->base.stride == 2 && r->base.shift_months == 3 &&
	      r->base.shift_s == 0 && r->base.starts_s == 1767607200 && !r->base.windows);
	assert_string_equal(zone_name(r->base.zone), "Asia/Tokyo");
	CHECK(r->gaps && r->shadow_count == 1 && r->layer_count == 2 && r->line == 4);
	layer = &r->layers[0];
	assert_string_equal(zone_name(layer->zone), "Europe/Berlin");
	CHECK(layer->windows && layer->open_s == 79200 && layer->shut_s == 86400 + 23400 &&
	      layer->days == (1u << 4 | 1u << 5));
	layer = &r->layers[1];
	assert_string_equal(zone_name(layer->zone), "Asia/Tokyo");
	CHECK(layer->windows && layer->open_s == 0 && layer->shut_s == 86400 &&
	      layer->days == 1u << 6 && layer->shift_s == 1209600);
	CHECK(config->plan->zone_count == 2);
	assert_string_equal(plan_service(config->plan, span_of("the shop"))->owner, "r.secondary");
	config_free(config);
	buf_free(&errors);
}

/* Without zone data there is UTC, and nothing else. */
static void test_config_rota_without_zone_data_has_utc(void **state)
{
	static const char *const texts[] = { TWO("zone = \"UTC\";"),
					     TWO("zone = \"Europe/Berlin\";") };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct config *config = NULL;
		struct buf errors = { 0 };
		struct buf warnings = { 0 };
		const struct config_source source = { span_of(texts[i]), "x.cfg", NULL };

		CHECK((config_parse(&config, &source, &errors, &warnings) == 0) == (i == 0));
		CHECK(i == 0 || strstr(buf_text(&errors), "there is no zone data") != NULL);
		config_free(config);
		buf_free(&errors);
		buf_free(&warnings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_rota_names_what_is_wrong),
		cmocka_unit_test(test_config_rota_gives_what_the_file_says),
		cmocka_unit_test(test_config_rota_without_zone_data_has_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
