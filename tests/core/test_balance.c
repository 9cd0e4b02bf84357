/* What a SIM still holds: read out of any carrier's words, asked once a day and never while somebody is paged (FIELD.md C2). */
#include "core/inside.h"
#include "tests/core/stage.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static void test_balance_amounts_in_carriers_words(void **state)
{
	static const struct {
		const char *text;
		bool found;
		int64_t hundredths;
	} rows[] = {
		{ "Your balance is 12.34.", true, 1234 },
		{ "Your balance is 12.34.  Dial \"*100#\" again.", true, 1234 },
		{ "Guthaben: 7,50 EUR, gueltig bis 01.02.2027", true, 750 },
		{ "Bal: $5, expires 03/04/27", true, 500 },
		{ "Balance:USD 1,234.56 Valid to 2027-03-01", true, 123456 },
		{ "Saldo 1.234,56 euro", true, 123456 },
		{ "Solde 8,2 \xe2\x82\xac valable 30 jours", true, 820 },
		{ "You have 120 min and 3.00 left", true, 300 },
		{ "Bal -0.45 USD", true, -45 },
		{ "Credit: \xc2\xa3"
		  "10 until 12:30 on 1/2/27",
		  true, 1000 },
		{ "Rs.99.50 val 12-Mar-2027", true, 9950 },
		{ "42", true, 4200 },
		{ "Your number is +15550100001", false, 0 },
		{ "Dial *100# or *101#", false, 0 },
		{ "No credit information", false, 0 },
		{ "", false, 0 },
		{ "1234567890123456789012345678901234567890", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t hundredths = 0;
		bool found = balance_read(span_of(rows[i].text), &hundredths);

		if (found != rows[i].found || hundredths != rows[i].hundredths)
			print_error("got %d %lld\n", found, (long long)hundredths);
		CHECK_ROW(found == rows[i].found, rows[i].text);
		CHECK_ROW(!found || hundredths == rows[i].hundredths, rows[i].text);
	}
}

/* ---- day by day --------------------------------------------------------- */

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\";\n"
	"  balance = { ussd = \"*100#\"; below = 5; every = \"1 day\"; }; } );\n";

static struct stage stage;

static void open_with(const char *balance)
{
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "phone ada +15550100001 ignores", "phone carol +15550100003 ignores", balance);
}

static bool shows(const char *request, const char *words)
{
	STAGE_ASK(&stage, request);
	return stage_says(&stage, words);
}

static void test_balance_that_sinks_is_told(void **state)
{
	static const char *const forms[] = { "", " as hex", " as packed" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		char line[80];

		snprintf(line, sizeof line, "modem alpha balance \"You have 12.50 left\"%s",
			 forms[i]);
		open_with(line);
		stage_run(&stage, 15 * MINUTE_MS);
		CHECK_ROW(shows("modems", "\"balance\":\"12.50\""), forms[i]);
		CHECK_ROW(!shows("faults", "sim.credit"), forms[i]);
		snprintf(line, sizeof line, "modem alpha balance \"You have 4.99 left\"%s",
			 forms[i]);
		stage_line(&stage, line);
		stage_run(&stage, 12 * HOUR_MS);
		CHECK_ROW(shows("modems", "\"balance\":\"12.50\""), forms[i]);
		stage_run(&stage, 13 * HOUR_MS);
		CHECK_ROW(shows("faults", "4.99 left, less than 5"), forms[i]);
		CHECK_ROW(stage_seen(&stage, SIM_TEXTED, "carol", "nearly out of credit", 0) == 1,
			  forms[i]);
		/* known over a restart, and not asked again for that */
		stage_restart(&stage);
		stage_run(&stage, MINUTE_MS);
		CHECK_ROW(shows("modems", "\"balance\":\"4.99\""), forms[i]);
		snprintf(line, sizeof line, "modem alpha balance \"You have 25.00 left\"%s",
			 forms[i]);
		stage_line(&stage, line);
		stage_run(&stage, HOUR_MS);
		CHECK_ROW(shows("modems", "\"balance\":\"4.99\""), forms[i]);
		stage_run(&stage, DAY_MS);
		CHECK_ROW(shows("modems", "\"balance\":\"25.00\""), forms[i]);
		CHECK_ROW(!shows("faults", "sim.credit"), forms[i]);
		stage_close(&stage);
	}
}

static void test_balance_waits_while_somebody_is_paged(void **state)
{
	(void)state;
	open_with("modem alpha balance \"You have 12.50 left\"");
	stage_run(&stage, 15 * MINUTE_MS);
	CHECK(shows("modems", "12.50"));
	stage_line(&stage, "modem alpha balance \"You have 9.00 left\"");
	stage_run(&stage, 23 * HOUR_MS);
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 5 * HOUR_MS);
	CHECK(shows("modems", "12.50"));
	STAGE_ASK(&stage, "resolve", "id", "p1");
	stage_run(&stage, 15 * MINUTE_MS);
	CHECK(shows("modems", "\"balance\":\"9.00\""));
	stage_close(&stage);
}

static void test_balance_without_an_answer_disturbs_nothing(void **state)
{
	static const char *const ways[] = { "error", "unsupported", "timeout", "silent" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		char line[60];

		snprintf(line, sizeof line, "modem alpha balance %s", ways[i]);
		open_with(line);
		stage_run(&stage, 2 * HOUR_MS);
		CHECK_ROW(shows("modems", "\"state\":\"ready\""), ways[i]);
		CHECK_ROW(!stage_says(&stage, "\"balance\""), ways[i]);
		STAGE_ASK(&stage, "page", "message", "db1 down");
		stage_run(&stage, 5000);
		CHECK_ROW(stage_seen(&stage, SIM_TEXTED, "ada", "db1 down", 0) == 1, ways[i]);
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_balance_amounts_in_carriers_words),
		cmocka_unit_test(test_balance_that_sinks_is_told),
		cmocka_unit_test(test_balance_waits_while_somebody_is_paged),
		cmocka_unit_test(test_balance_without_an_answer_disturbs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
