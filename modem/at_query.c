#include "modem/at_query.h"

#include <stdio.h>

/* Left out on purpose: +COPS=? (searches for minutes, and is not registered meanwhile), +CMGL and +CMGR (what people wrote),
 * +CUSD (costs, and is guarded elsewhere), and whatever a modem answers by doing something. */
enum form {
	DO = 1 << 0,   /* AT+CSQ */
	ASK = 1 << 1,  /* AT+CREG? */
	TEST = 1 << 2, /* AT+CNMI=? */
};

#define ANY "" /* the answer is bare words */

static const struct row {
	const char *name;
	unsigned forms;
	const char *prefix;
} rows[] = {
	/* V.250, and who it is: 27.007 5 */
	{ "", DO, ANY },
	{ "I", DO, ANY },
	{ "+CGMI", DO, ANY },
	{ "+CGMM", DO, ANY },
	{ "+CGMR", DO, ANY },
	{ "+CGSN", DO, ANY },
	{ "+GMI", DO, ANY },
	{ "+GMM", DO, ANY },
	{ "+GMR", DO, ANY },
	{ "+GSN", DO, ANY },
	{ "+CIMI", DO, ANY },
	{ "+CNUM", DO, "+CNUM:" },
	{ "+CCID", DO | ASK, ANY },
	{ "+ICCID", DO | ASK, ANY },
	{ "+CICCID", DO, ANY },
	{ "+QCCID", DO, ANY },
	{ "^ICCID", ASK, ANY },
	{ "#CCID", DO, ANY },
	/* how it stands: 27.007 7 and 8 */
	{ "+CPAS", DO, "+CPAS:" },
	{ "+CFUN", ASK | TEST, "+CFUN:" },
	{ "+CPIN", ASK, "+CPIN:" },
	{ "+CPINR", DO, "+CPINR:" },
	{ "+CMEE", ASK, "+CMEE:" },
	{ "+CSCS", ASK | TEST, "+CSCS:" },
	{ "+CBC", DO, "+CBC:" },
	{ "+CCLK", ASK, "+CCLK:" },
	{ "+CTZU", ASK, "+CTZU:" },
	{ "+CTZR", ASK, "+CTZR:" },
	{ "+CREG", ASK | TEST, "+CREG:" },
	{ "+CGREG", ASK | TEST, "+CGREG:" },
	{ "+CEREG", ASK | TEST, "+CEREG:" },
	{ "+COPS", ASK, "+COPS:" },
	{ "+CGATT", ASK, "+CGATT:" },
	{ "+CSQ", DO, "+CSQ:" },
	{ "+CESQ", DO, "+CESQ:" },
	{ "+CEER", DO, "+CEER:" },
	{ "+CLCC", DO, "+CLCC:" },
	{ "+CRC", ASK, "+CRC:" },
	{ "+CLIP", ASK, "+CLIP:" },
	{ "+COLP", ASK, "+COLP:" },
	{ "+CVHU", ASK, "+CVHU:" },
	/* messages: 27.005 3 */
	{ "+CSMS", ASK | TEST, "+CSMS:" },
	{ "+CPMS", ASK | TEST, "+CPMS:" },
	{ "+CMGF", ASK, "+CMGF:" },
	{ "+CSCA", ASK, "+CSCA:" },
	{ "+CNMI", ASK | TEST, "+CNMI:" },
	{ "+CGSMS", ASK | TEST, "+CGSMS:" },
	/* SIMCom */
	{ "+CPSI", ASK, "+CPSI:" },
	{ "+CNMP", ASK, "+CNMP:" },
	{ "+CNSMOD", ASK, "+CNSMOD:" },
	{ "+CPMUTEMP", DO, "+CPMUTEMP:" },
	{ "+CMTE", ASK, "+CMTE:" },
	{ "+SPIC", DO, "+SPIC:" },
	{ "+SIMCOMATI", DO, ANY },
	{ "+CPCMREG", ASK, "+CPCMREG:" },
	/* Quectel; a setting with the name alone reads it */
	{ "+QPINC", ASK, "+QPINC:" },
	{ "+QNWINFO", DO, "+QNWINFO:" },
	{ "+QCSQ", DO, "+QCSQ:" },
	{ "+QSPN", DO, "+QSPN:" },
	{ "+QLTS", DO, "+QLTS:" },
	{ "+QTEMP", DO, "+QTEMP:" },
	{ "+QENG=\"servingcell\"", DO, "+QENG:" },
	{ "+QCFG=\"ims\"", DO, "+QCFG:" },
	{ "+QCFG=\"nwscanmode\"", DO, "+QCFG:" },
	/* Huawei */
	{ "^SYSINFO", DO, "^SYSINFO:" },
	{ "^SYSINFOEX", DO, "^SYSINFOEX:" },
	{ "^HCSQ", ASK, "^HCSQ:" },
	{ "^CPIN", ASK, "^CPIN:" },
	{ "^CVOICE", ASK, "^CVOICE:" },
	{ "^CHIPTEMP", ASK, "^CHIPTEMP:" },
	/* u-blox, Telit, Sierra */
	{ "+UPINCNT", DO, "+UPINCNT:" },
	{ "+UTEMP", ASK, "+UTEMP:" },
	{ "+URAT", ASK, "+URAT:" },
	{ "#PCT", DO, "#PCT:" },
	{ "#RFSTS", DO, "#RFSTS:" },
	{ "#TEMPMON", ASK, "#TEMPMON:" },
	{ "!GSTATUS", ASK, ANY },
	{ "!PCTEMP", ASK, ANY },
};

static const struct {
	enum form form;
	const char *behind;
} forms[] = { { DO, "" }, { ASK, "?" }, { TEST, "=?" } };

static bool fits(const struct row *row, struct span asked, struct at_query *query)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if ((row->forms & forms[i].form) == 0)
			continue;
		snprintf(query->text, sizeof query->text, "AT%s%s", row->name, forms[i].behind);
		query->prefix = row->prefix;
		if (span_is_nocase(asked, query->text))
			return true;
	}
	return false;
}

static bool plain(struct span asked)
{
	for (size_t i = 0; i < asked.len; i++)
		if (asked.at[i] < ' ' || asked.at[i] > '~')
			return false;
	return true;
}

static bool has(struct span asked, char c)
{
	size_t len = asked.len;

	return span_cut(&asked, c).len < len;
}

int at_query_of(struct span asked, struct at_query *query, struct err *err)
{
	struct span shown;

	asked = span_trim(asked);
	if (!plain(asked) || asked.len == 0)
		return err_set(err, ERR_INVALID, "want one query of printable characters: AT+CSQ");
	if (span_is_nocase(asked, "A/"))
		return err_set(err, ERR_INVALID,
			       "A/ repeats what was said last, whatever that was: "
			       "say the query itself, such as AT+CSQ");
	if (has(asked, ';'))
		return err_set(err, ERR_INVALID, "\";\" joins several commands: ask one at a time");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (fits(&rows[i], asked, query))
			return 0;
	shown = asked;
	shown.len = shown.len < 40 ? shown.len : 40;
	return err_set(err, ERR_REFUSED,
		       "%.*s is not on the list of queries: only what tells and changes nothing "
		       "is asked, such as AT+CSQ, AT+CREG?, AT+COPS?, ATI",
		       (int)shown.len, shown.at);
}
