#include "modem/call_words.h"

#include <string.h>

#include "modem/at_line.h"

#define FIELDS       8
#define ABSENT       (-1)
#define STATS(table) table, COUNT_OF(table)

struct stat {
	int64_t stat;
	enum call_news news;
};

/* 27.007 <stat>; 6 is SIMCom's end, -1 Quectel's.  4 and 5 are incoming calls.  A held call is a live one. */
static const struct stat clcc_stats[] = {
	{ 0, CALL_NEWS_ACTIVE },   { 1, CALL_NEWS_ACTIVE }, { 2, CALL_NEWS_DIALLING },
	{ 3, CALL_NEWS_ALERTING }, { 6, CALL_NEWS_ENDED },  { -1, CALL_NEWS_ENDED },
};
static const struct stat dsci_stats[] = {
	{ 1, CALL_NEWS_ACTIVE }, { 2, CALL_NEWS_DIALLING }, { 3, CALL_NEWS_ACTIVE },
	{ 6, CALL_NEWS_ENDED },  { 7, CALL_NEWS_ALERTING },
};
static const struct stat ublox_stats[] = {
	{ 0, CALL_NEWS_ACTIVE },   { 1, CALL_NEWS_ACTIVE }, { 2, CALL_NEWS_DIALLING },
	{ 3, CALL_NEWS_ALERTING }, { 6, CALL_NEWS_ENDED },  { 7, CALL_NEWS_ACTIVE },
};
/* 2, "connecting", covers network set-up and alerting: no proof that it rings. */
static const struct stat ecam_stats[] = {
	{ 0, CALL_NEWS_ENDED },     { 1, CALL_NEWS_DIALLING }, { 2, CALL_NEWS_DIALLING },
	{ 3, CALL_NEWS_CONNECTED }, { 4, CALL_NEWS_ACTIVE },   { 7, CALL_NEWS_BUSY },
	{ 8, CALL_NEWS_ACTIVE },
};

/* Where each dialect has its fields, counted from 0.  `voice` is what the type field must be: on LTE +CLCC and its kin
 * list data contexts as active calls too.  A dialect without stats has one meaning for all its lines. */
static const struct dialect {
	const char *prefix;
	int id, dir, stat, type, number, cause;
	int64_t voice;
	const struct stat *stats;
	size_t stats_count;
	enum call_news news;
	bool row;
} dialects[CALL_DIALECTS] = {
	{ "+CLCC:", 0, 1, 2, 3, 5, ABSENT, 0, STATS(clcc_stats), CALL_NEWS_NONE, true },
	{ "+QIND: \"ccinfo\",", 0, 1, 2, 3, 5, ABSENT, 0, STATS(clcc_stats), CALL_NEWS_NONE,
	  false },
	{ "^DSCI:", 0, 1, 2, 3, 4, ABSENT, 0, STATS(dsci_stats), CALL_NEWS_NONE, false },
	{ "+UCALLSTAT:", 0, ABSENT, 1, ABSENT, ABSENT, ABSENT, 0, STATS(ublox_stats),
	  CALL_NEWS_NONE, false },
	{ "#ECAM:", 0, ABSENT, 1, 2, 5, ABSENT, 1, STATS(ecam_stats), CALL_NEWS_NONE, false },
	{ "^SLCC:", 0, 1, 2, 3, 6, ABSENT, 0, STATS(clcc_stats), CALL_NEWS_NONE, false },
	{ "^ORIG:", 0, ABSENT, ABSENT, 1, ABSENT, ABSENT, 0, NULL, 0, CALL_NEWS_DIALLING, false },
	{ "^CONF:", 0, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, 0, NULL, 0, CALL_NEWS_ALERTING,
	  false },
	{ "^CONN:", 0, ABSENT, ABSENT, 1, ABSENT, ABSENT, 0, NULL, 0, CALL_NEWS_CONNECTED, false },
	{ "^CEND:", 0, ABSENT, ABSENT, ABSENT, ABSENT, 3, 0, NULL, 0, CALL_NEWS_ENDED, false },
};

/* Lines without fields.  VOICE CALL: BEGIN may come with early media, so it counts as a status, not as an answer; +COLP
 * is the connected number, 27.007 7.8, and is sent only then. */
static const struct word {
	const char *text;
	enum call_news news;
	bool whole;
} words[] = {
	{ "NO CARRIER", CALL_NEWS_NO_CARRIER, true },
	{ "BUSY", CALL_NEWS_BUSY, true },
	{ "NO ANSWER", CALL_NEWS_NO_ANSWER, true },
	{ "NO DIALTONE", CALL_NEWS_NO_DIALTONE, true },
	{ "NO DIAL TONE", CALL_NEWS_NO_DIALTONE, true },
	{ "VOICE CALL: BEGIN", CALL_NEWS_ACTIVE, false },
	{ "VOICE CALL: END", CALL_NEWS_ENDED, false },
	{ "MO RING", CALL_NEWS_ALERTING, true },
	{ "MO CONNECTED", CALL_NEWS_CONNECTED, true },
	{ "+COLP:", CALL_NEWS_CONNECTED, false },
};

static const struct tone {
	const char *prefix;
	bool ascii; /* Quectel gives the character's code */
} tones[] = {
	{ "+DTMF:", false },    { "+RXDTMF:", false }, { "+QTONEDET:", true },
	{ "+UUDTMFD:", false }, { "#DTMFEV:", false }, { "^DDTMF:", false },
};

/* 24.008 causes (table 10.5.123) as modems write them out, with and without commas. */
static const struct phrase {
	const char *text;
	int cause;
} phrases[] = {
	{ "Unassigned number", 1 },
	{ "Unassigned (unallocated) number", 1 },
	{ "No route to destination", 3 },
	{ "Channel unacceptable", 6 },
	{ "Operator determined barring", 8 },
	{ "Normal call clearing", 16 },
	{ "Normal clearing", 16 },
	{ "User busy", 17 },
	{ "No user responding", 18 },
	{ "User alerting, no answer", 19 },
	{ "User alerting no answer", 19 },
	{ "Call rejected", 21 },
	{ "Number changed", 22 },
	{ "Pre-emption", 25 },
	{ "Preemption", 25 },
	{ "Non selected user clearing", 26 },
	{ "Destination out of order", 27 },
	{ "Invalid/incomplete number", 28 },
	{ "Invalid number format", 28 },
	{ "Facility rejected", 29 },
	{ "Normal, unspecified", 31 },
	{ "Normal unspecified", 31 },
	{ "No circuit/channel available", 34 },
	{ "Network out of order", 38 },
	{ "Temporary failure", 41 },
	{ "Switching equipment congestion", 42 },
	{ "Access information discarded", 43 },
	{ "Requested circuit/channel not available", 44 },
	{ "Resources unavailable, unspecified", 47 },
	{ "Resources unavailable unspecified", 47 },
	{ "Quality of service unavailable", 49 },
	{ "Requested facility not subscribed", 50 },
	{ "Incoming calls barred within the CUG", 55 },
	{ "Bearer capability not authorized", 57 },
	{ "Bearer capability not presently available", 58 },
	{ "Service or option not available, unspecified", 63 },
	{ "Service or option not available", 63 },
	{ "Bearer service not implemented", 65 },
	{ "ACM equal to or greater than ACMmax", 68 },
	{ "Requested facility not implemented", 69 },
	{ "Service or option not implemented, unspecified", 79 },
	{ "Service or option not implemented", 79 },
	{ "Incompatible destination", 88 },
	{ "Recovery on timer expiry", 102 },
	{ "Protocol error, unspecified", 111 },
	{ "Protocol error unspecified", 111 },
	{ "Interworking, unspecified", 127 },
	{ "Interworking unspecified", 127 },
};

/* Quectel's own causes (location 0, the modem's circuit side; EC2x manual 15.8) and what 24.008 calls them.  Those that
 * tell only that it ended are not here. */
static const struct {
	int own, cause;
} quectel_causes[] = {
	{ 0, 38 },   /* offline */
	{ 21, 38 },  /* no service */
	{ 34, 50 },  /* no SIM */
	{ 36, 41 },  /* access failed */
	{ 100, 41 }, /* lower layer */
	{ 101, 41 }, /* origination failed */
	{ 105, 50 }, /* no funds */
	{ 106, 38 }, /* no service */
	{ 108, 38 }, /* no service */
};

struct fields {
	struct span at[FIELDS];
	size_t count;
};

static bool field_int(const struct fields *fields, int index, int64_t *value)
{
	return index >= 0 && (size_t)index < fields->count &&
	       span_int(span_trim(fields->at[index]), value);
}

static enum call_news news_of_stat(const struct dialect *dialect, const struct fields *fields)
{
	int64_t stat = 0;

	if (dialect->stats == NULL)
		return dialect->news;
	if (!field_int(fields, dialect->stat, &stat))
		return CALL_NEWS_NONE;
	for (size_t i = 0; i < dialect->stats_count; i++)
		if (dialect->stats[i].stat == stat)
			return dialect->stats[i].news;
	return CALL_NEWS_NONE;
}

static void read_dialect(size_t index, struct at_line line, struct call_notice *notice)
{
	const struct dialect *dialect = &dialects[index];
	struct fields fields = { 0 };
	int64_t dir = -1;
	int64_t type = dialect->voice;
	int64_t cause = -1;

	while (fields.count < FIELDS && at_line_string(&line, &fields.at[fields.count]))
		fields.count++;
	field_int(&fields, dialect->dir, &dir);
	field_int(&fields, dialect->type, &type);
	if (dir > 1 || type != dialect->voice)
		return;
	notice->dir = (int)dir;
	notice->news = news_of_stat(dialect, &fields);
	notice->dialect = index;
	field_int(&fields, dialect->id, &notice->id);
	if (dialect->number >= 0 && (size_t)dialect->number < fields.count)
		notice->number = span_trim(fields.at[dialect->number]);
	if (field_int(&fields, dialect->cause, &cause) && cause > 0 && cause <= 127)
		notice->cause = (int)cause;
	notice->row = dialect->row;
}

/* The key with this character code; NUL if there is none. */
static char key_of(int64_t code)
{
	static const char keys[] = "0123456789*#ABCD";

	for (size_t i = 0; keys[i] != '\0'; i++)
		if (keys[i] == code)
			return keys[i];
	return '\0';
}

static void read_key(const struct tone *tone, struct at_line line, struct call_notice *notice)
{
	struct span field;
	int64_t code = 0;

	if (!at_line_string(&line, &field))
		return;
	if (!tone->ascii && field.len == 1)
		code = (unsigned char)field.at[0];
	else if (!tone->ascii || !span_int(field, &code))
		return;
	notice->key = key_of(code);
	if (notice->key != '\0')
		notice->news = CALL_NEWS_KEY;
}

/* "31 Normal unspecified", "Cause:17", "17", "User busy". */
static int cause_of_text(struct span text)
{
	struct span rest = text;
	struct span word;
	int64_t cause = -1;

	for (size_t i = 0; i < COUNT_OF(phrases); i++)
		if (span_is_nocase(text, phrases[i].text))
			return phrases[i].cause;
	if (span_starts(rest, "Cause:"))
		span_cut(&rest, ':');
	word = span_word(&rest);
	return span_int(word, &cause) && cause > 0 && cause <= 127 ? (int)cause : -1;
}

/* -1: says nothing of why. */
static int quectel_cause(int64_t location, int64_t cause)
{
	for (size_t i = 0; location == 0 && i < COUNT_OF(quectel_causes); i++)
		if (quectel_causes[i].own == cause)
			return quectel_causes[i].cause;
	return (location == 1 || location == 2) && cause > 0 && cause <= 127 ? (int)cause : -1;
}

/* Quectel: <location>,<cause>, of which 1 and 2 (network, CS) have 24.008 causes; u-blox: "words",<cause>,"words"; all
 * others one number or text, in which a comma may stand. */
static void read_cause(struct at_line line, struct call_notice *notice)
{
	struct span all = at_line_rest(&line);
	bool quoted = all.len > 0 && all.at[0] == '"';
	struct span first;
	int64_t location = -1;
	int64_t cause = -1;

	notice->news = CALL_NEWS_CAUSE;
	at_line_string(&line, &first);
	if (!at_line_int(&line, &cause))
		notice->cause = cause_of_text(quoted ? first : all);
	else if (!quoted && span_int(first, &location))
		notice->cause = quectel_cause(location, cause);
	else if (quoted && cause > 0 && cause <= 127)
		notice->cause = (int)cause;
}

struct call_notice call_words_read(struct span text)
{
	struct call_notice notice = { .news = CALL_NEWS_NONE, .id = -1, .dir = -1, .cause = -1 };
	struct at_line line = at_line_of(text);

	for (size_t i = 0; i < COUNT_OF(dialects); i++)
		if (at_line_prefix(&line, dialects[i].prefix)) {
			read_dialect(i, line, &notice);
			return notice;
		}
	for (size_t i = 0; i < COUNT_OF(tones); i++)
		if (at_line_prefix(&line, tones[i].prefix)) {
			read_key(&tones[i], line, &notice);
			return notice;
		}
	if (at_line_prefix(&line, "+CEER:") || at_line_prefix(&line, "#CEER:")) {
		read_cause(line, &notice);
		return notice;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i].whole ? span_is(text, words[i].text)
				   : span_starts(text, words[i].text)) {
			notice.news = words[i].news;
			notice.dialect = CALL_DIALECTS;
			return notice;
		}
	return notice;
}

bool call_words_same(const char *ours, struct span theirs)
{
	size_t a = strlen(ours);
	size_t b = theirs.len;

	for (size_t n = 0; n < 8 && a > 1 && b > 0; n++) {
		a--;
		b--;
		if (theirs.at[b] == '+')
			return true;
		if (ours[a] != theirs.at[b])
			return false;
	}
	return true;
}

bool call_words_stray(const char *ours, struct span line, const struct call_notice *notice)
{
	const char *end;

	if (notice->dir != 0 || notice->number.len == 0)
		return false;
	/* Without its closing quotation mark it is not whole: another line came in between. */
	end = notice->number.at + notice->number.len;
	if (end >= line.at + line.len || *end != '"')
		return false;
	if (notice->number.at[0] == '+')
		return !span_is(notice->number, ours);
	return notice->number.len >= 7 && !call_words_same(ours, notice->number);
}
