#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "cli/pdu.h"
#include "tests/support/unit.h"

struct answer {
	int status;
	char out[2000];
	char err[500];
};

/* Sends one of our descriptors to a temporary file; gives the old one back. */
static int divert(int fd, FILE *to)
{
	int kept = dup(fd);

	CHECK(kept >= 0 && dup2(fileno(to), fd) == fd);
	return kept;
}

static void collect(int fd, int kept, FILE *from, char *text, size_t size)
{
	CHECK(dup2(kept, fd) == fd);
	close(kept);
	rewind(from);
	text[fread(text, 1, size - 1, from)] = '\0';
	fclose(from);
}

static struct answer run(const char *line[])
{
	struct answer answer = { 0 };
	char *argv[12] = { NULL };
	int argc = 0;
	FILE *out = tmpfile();
	FILE *err = tmpfile();
	int kept_out;
	int kept_err;

	CHECK(out != NULL && err != NULL);
	for (; line[argc] != NULL; argc++)
		argv[argc] = span_dup(span_of(line[argc]));
	fflush(stdout);
	kept_out = divert(STDOUT_FILENO, out);
	kept_err = divert(STDERR_FILENO, err);
	answer.status = cli_pdu(argc, argv, false);
	fflush(stdout);
	collect(STDOUT_FILENO, kept_out, out, answer.out, sizeof answer.out);
	collect(STDERR_FILENO, kept_err, err, answer.err, sizeof answer.err);
	while (argc > 0)
		free(argv[--argc]);
	return answer;
}

static void test_cli_pdu_decodes_to_one_object(void **state)
{
	static const struct {
		const char *hex;
		const char *json;
	} rows[] = {
		{ "0791447758100650040c9144770009103200006211027103504008c1e11244bbc562",
		  "{\"type\":\"deliver\",\"smsc\":\"+447785016005\",\"from\":\"+447700900123\","
		  "\"timestamp\":\"2026-11-20T17:30:05+01:00\",\"text\":\"ACK 4711\","
		  "\"encoding\":\"gsm7\"}\n" },
		{ "0071000C914477000910320018A70C0500035A02010041D83DDE00",
		  "{\"type\":\"submit\",\"to\":\"+447700900123\",\"text\":\"A\xF0\x9F\x98\x80\","
		  "\"encoding\":\"ucs2\",\"class\":0,\"concat\":{\"ref\":90,\"total\":2,\"seq\":1},"
		  "\"message_ref\":0}\n" },
		{ "0791447758100650062F0C91447700091032621102710350406211027103904046",
		  "{\"type\":\"status-report\",\"smsc\":\"+447785016005\","
		  "\"recipient\":\"+447700900123\",\"timestamp\":\"2026-11-20T17:30:05+01:00\","
		  "\"message_ref\":47,\"status\":70,\"discharge\":\"2026-11-20T17:30:09+01:00\"}"
		  "\n" },
		{ "000404912143"
		  "00F5"
		  "62110271035040"
		  "0200FF",
		  "{\"type\":\"deliver\",\"from\":\"+1234\",\"timestamp\":\"2026-11-20T17:30:05+01:"
		  "00\","
		  "\"data_hex\":\"00FF\",\"encoding\":\"8bit\",\"class\":1}\n" },
		{ "000404912143"
		  "0000"
		  "7040213252242B"
		  "00",
		  "{\"type\":\"deliver\",\"from\":\"+1234\",\"timestamp\":\"2007-04-12T23:25:42-08:"
		  "00\","
		  "\"text\":\"\",\"encoding\":\"gsm7\"}\n" },
		/* Turkish; to a port.  Nothing is said but what the contract has. */
		{ "004404912143"
		  "0010"
		  "62110271035040"
		  "2006250101240101C0CD14BC191336F3C3E6B8D89C199B246793EE6CCA",
		  "{\"type\":\"deliver\",\"from\":\"+1234\",\"timestamp\":\"2026-11-20T17:30:05+01:"
		  "00\","
		  "\"text\":\"İŞçç€şıĞĞğğİŞış€\",\"encoding\":\"gsm7\",\"class\":0}\n" },
		{ "004404912143"
		  "00F5"
		  "62110271035040"
		  "080605040B8423F041",
		  "{\"type\":\"deliver\",\"from\":\"+1234\",\"timestamp\":\"2026-11-20T17:30:05+01:"
		  "00\","
		  "\"data_hex\":\"41\",\"encoding\":\"8bit\",\"class\":1}\n" },
		{ "00040080"
		  "0000"
		  "00000000000000"
		  "00",
		  "{\"type\":\"deliver\",\"text\":\"\",\"encoding\":\"gsm7\"}\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct answer got = run((const char *[]){ "decode", rows[i].hex, NULL });

		CHECK_ROW(got.status == 0 && got.err[0] == '\0', rows[i].hex);
		assert_string_equal(got.out, rows[i].json);
	}
}

static void test_cli_pdu_encodes_one_line_a_part(void **state)
{
	struct answer got = run((const char *[]){ "encode", "--to", "+447700900123", "--text",
						  "PAGE 4711 DB01 DOWN. Reply ACK 4711",
						  "--validity=1440", "--status-report", NULL });
	char text[162];

	(void)state;
	CHECK(got.status == 0);
	assert_string_equal(
		got.out, "{\"pdu\":\"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CF"
			 "ABD3059296E1EC3C28385C8268B7580C\",\"length\":45}\n");
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	got = run((const char *[]){ "encode", "--text", text, "--to", "12345", "--smsc", "+4471",
				    "--class", "1", NULL });
	CHECK(got.status == 0);
	CHECK(strncmp(got.out, "{\"pdu\":\"0391441741000581", 24) == 0);
	CHECK(strstr(got.out, "00F1A0050003") != NULL);
	CHECK(strstr(got.out, "\"length\":150}\n{\"pdu\":\"0391441741000581") != NULL);
	CHECK(strstr(got.out, "00F10F050003") != NULL);
}

/* The reference of both parts of a text that is `letter` 161 times. */
static unsigned reference(const char *to, char letter)
{
	char text[162];
	struct answer got;
	const char *first;
	const char *second;
	unsigned refs[2];

	memset(text, letter, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	got = run((const char *[]){ "encode", "--to", to, "--text", text, NULL });
	CHECK(got.status == 0);
	first = strstr(got.out, "A0050003");
	CHECK(first != NULL);
	second = strstr(first + 8, "050003");
	CHECK(second != NULL);
	CHECK(sscanf(first + 8, "%2X0201", &refs[0]) == 1);
	CHECK(sscanf(second + 6, "%2X0202", &refs[1]) == 1);
	CHECK(refs[0] == refs[1]);
	return refs[0];
}

static void test_cli_pdu_references_tell_texts_apart(void **state)
{
	bool seen[256] = { false };
	unsigned distinct = 0;

	(void)state;
	CHECK(reference("+447700900123", 'x') == reference("+447700900123", 'x'));
	CHECK(reference("+447700900123", 'x') != reference("+447700900124", 'x'));
	for (char letter = 'a'; letter <= 'z'; letter++)
		seen[reference("+447700900123", letter)] = true;
	for (size_t i = 0; i < COUNT_OF(seen); i++)
		distinct += seen[i] ? 1 : 0;
	CHECK(distinct >= 20); /* of 26; by chance about 24 */
}

/* One line that says what, where and what to do; nothing on standard output. */
static void test_cli_pdu_says_what_is_wrong(void **state)
{
	static const struct {
		int status;
		const char *line[10];
		const char *says;
	} rows[] = {
		{ 1, { "decode", "0791447758100650040C91" }, "octet 12: address takes 6" },
		{ 1, { "decode", "hello" }, "character 1 is not a hex digit" },
		{ 1, { "decode", "" }, "empty" },
		{ 1, { "encode", "--to", "12a", "--text", "x" }, "destination: character 3" },
		{ 1, { "encode", "--to", "12", "--text", "x", "--smsc", "+" }, "service centre" },
		{ 2, { NULL }, "decode or encode" },
		{ 2, { "print" }, "decode or encode" },
		{ 2, { "decode" }, "no unit" },
		{ 2, { "decode", "00", "00" }, "one unit" },
		{ 2, { "encode" }, "--to and --text" },
		{ 2, { "encode", "--to", "12" }, "--to and --text" },
		{ 2, { "encode", "--to", "12", "--text" }, "--text" },
		{ 2, { "encode", "--to", "12", "--text", "x", "y" }, "too much: y" },
		{ 2,
		  { "encode", "--to", "12", "--text", "x", "--class", "4" },
		  "option or value: 4" },
		{ 2, { "encode", "--to", "12", "--text", "x", "--validity", "0" }, "value: 0" },
		{ 2, { "encode", "--to", "12", "--text", "x", "--validity", "635041" }, "635041" },
		{ 2, { "encode", "--bogus" }, "--bogus" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *line[10];
		struct answer got;

		memcpy(line, rows[i].line, sizeof line);
		got = run(line);
		CHECK_ROW(got.status == rows[i].status, rows[i].says);
		CHECK_ROW(got.out[0] == '\0', rows[i].says);
		CHECK_ROW(strstr(got.err, rows[i].says) != NULL, got.err);
		CHECK_ROW(strchr(got.err, '\n') == got.err + strlen(got.err) - 1, got.err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cli_pdu_decodes_to_one_object),
		cmocka_unit_test(test_cli_pdu_encodes_one_line_a_part),
		cmocka_unit_test(test_cli_pdu_references_tell_texts_apart),
		cmocka_unit_test(test_cli_pdu_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
