#include "base/civil.h"
#include "modem/at_line.h"
#include "modem/device_int.h"

#define QUARTER_S 900
#define OLD_S     INT64_C(1767225600) /* 2026-01-01: a clock that nobody has set says less */

/* Six numbers with anything but digits between them: "26/01/13,03:40:48", 2026,1,13,3,40,48. */
static bool take_civil(struct span *text, struct civil *civil)
{
	int part[6] = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < COUNT_OF(part); i++) {
		size_t digits = 0;

		while (at < text->len && (text->at[at] < '0' || text->at[at] > '9'))
			at++;
		while (at < text->len && text->at[at] >= '0' && text->at[at] <= '9' && digits < 4) {
			part[i] = part[i] * 10 + (text->at[at++] - '0');
			digits++;
		}
		if (digits == 0)
			return false;
	}
	*text = span_skip(*text, at);
	if (part[0] < 100) /* 80 is what a clock says that nobody has set: 1980 */
		part[0] += part[0] < 70 ? 2000 : 1900;
	*civil = (struct civil){ .year = part[0],
				 .month = part[1],
				 .day = part[2],
				 .hour = part[3],
				 .minute = part[4],
				 .second = part[5] };
	return civil->month >= 1 && civil->month <= 12 && civil->day >= 1 && civil->day <= 31 &&
	       civil->hour < 24 && civil->minute < 60 && civil->second < 61;
}

/* "+32", in quarters of an hour; false: none. */
static bool take_zone(struct span text, int64_t *quarters)
{
	size_t at = 0;
	int64_t value = 0;
	size_t digits = 0;

	while (at < text.len && text.at[at] != '+' && text.at[at] != '-')
		at++;
	if (at == text.len)
		return false;
	for (size_t i = at + 1; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
		value = digits < 2 ? value * 10 + (text.at[i] - '0') : value;
		digits++;
	}
	if (digits == 0 || digits > 2 || value > 56)
		return false;
	*quarters = text.at[at] == '-' ? -value : value;
	return true;
}

/* Whether the time is that of the zone or of Greenwich is told apart by family, firmware and manual, not by the line: both
 * are kept, and the owner compares. */
static void heard(struct device *device, const struct civil *civil, int64_t quarters,
		  struct when now)
{
	struct device_status *status = &device->status;
	int64_t utc_s = civil_utc(civil);

	if (utc_s < OLD_S)
		return;
	status->network_utc_s[0] = utc_s;
	status->network_utc_s[1] = utc_s - quarters * QUARTER_S;
	status->network_heard_ms = now.mono_ms;
}

/*	+CCLK: "26/01/13,03:40:48+04"             27.007 8.15
 *	+CTZV: +04,"26/01/13,03:40:48"            27.007 8.41; some say the zone alone
 *	+CTZE: "+04",0,"2026/01/13,03:40:48"
 *	*PSUTTZ: 2026,1,13,3,40,48,"+4",0         SIMCom
 *	+QLTS: "2026/01/13,03:40:48+04,0"         Quectel
 *	^NWTIME: 26/01/13,03:40:48+04,00          Huawei */
bool device_clock_line(struct device *device, struct span text, struct when now)
{
	static const struct {
		const char *prefix;
		int before; /* fields before the time, the zone being the first; 0: it stands behind */
	} forms[] = { { "+CCLK:", 0 },   { "+CTZV:", 1 }, { "+CTZE:", 2 },
		      { "*PSUTTZ:", 0 }, { "+QLTS:", 0 }, { "^NWTIME:", 0 } };
	struct at_line line = at_line_of(text);

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct span rest;
		struct civil civil;
		int64_t quarters = 0;

		if (!at_line_prefix(&line, forms[i].prefix))
			continue;
		rest = at_line_rest(&line);
		if (forms[i].before > 0 && !take_zone(rest, &quarters))
			return true;
		for (int k = 0; k < forms[i].before; k++)
			span_cut(&rest, ',');
		if (take_civil(&rest, &civil)) {
			if (forms[i].before == 0)
				take_zone(rest, &quarters);
			heard(device, &civil, quarters, now);
		}
		return true;
	}
	return false;
}
