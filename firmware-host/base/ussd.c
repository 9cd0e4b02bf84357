#include "base/ussd.h"

/* 22.030 annex B and 6.6: what is not a question.  *21# and its like look short and forward every call. */
static const char *const forbidden[] = {
	"002", "004", "21",  "61",  "62",  "67",                /* forwarding */
	"33",  "330", "331", "332", "333", "35",  "351", "353", /* barring */
	"43",  "37",  "66",  "67",  "68",  "69",  /* waiting, completion, deflection */
	"30",  "31",  "76",  "77",  "300", "214", /* presentation, name, do not disturb */
	"03",  "04",  "042", "05",  "052",        /* passwords, PINs */
};

bool ussd_code_ok(struct span code)
{
	struct span rest;
	struct span service;

	if (code.len < 3 || code.len >= USSD_CODE_MAX || code.at[0] != '*' || code.at[1] == '*' ||
	    code.at[code.len - 1] != '#')
		return false;
	for (size_t i = 1; i + 1 < code.len; i++)
		if (code.at[i] != '*' && (code.at[i] < '0' || code.at[i] > '9'))
			return false;
	rest = (struct span){ code.at + 1, code.len - 2 };
	service = span_cut(&rest, '*');
	for (size_t i = 0; i < COUNT_OF(forbidden); i++)
		if (span_is(service, forbidden[i]))
			return false;
	return true;
}
