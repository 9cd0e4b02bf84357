/* picture.c - the schedule as a picture (SVG 1.1): a panel a week, a lane a slot, a colour a person.
 *
 * It stands alone: no script, no style sheet, no font to fetch; any browser shows and prints it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/print.h"
#include "zoneinfo.h"

#define DAY_S      INT64_C(86400)
#define WEEK_S     (7 * DAY_S)
#define LEFT       176 /* names of the lanes */
#define DAY_W      134
#define RIGHT      (LEFT + 7 * DAY_W)
#define WIDTH      (RIGHT + 24)
#define TOP        78
#define LANE_H     28
#define HEAD_H     28 /* of a panel: its days */
#define PANEL_GAP  18
#define LEGEND_H   26
#define LANES_MAX  60
#define PEOPLE_MAX 60
#define CHAR_W     7 /* about, of 12 px sans-serif */

static const struct {
	const char *fill, *text;
} colours[] = {
	{ "#3b6ea5", "#ffffff" }, { "#e08a2e", "#1f1300" }, { "#4f9a4f", "#ffffff" },
	{ "#8e6bb0", "#ffffff" }, { "#c8504f", "#ffffff" }, { "#3d9c99", "#ffffff" },
	{ "#8a6d4b", "#ffffff" }, { "#d9b92f", "#241d00" }, { "#d77fa1", "#2b0614" },
	{ "#6b7280", "#ffffff" }, { "#7fb2d9", "#061a2b" }, { "#a3c45a", "#16200a" },
};

struct lane {
	const char *rotation, *slot;
};

struct picture {
	const json_t *shifts;
	const struct zone *zone;
	int64_t from, until, made; /* UTC */
	int64_t monday;            /* local: of the first panel */
	int weeks;
	struct lane lanes[LANES_MAX];
	size_t lane_count;
	const json_t *people[PEOPLE_MAX]; /* a shift of each, for the name */
	size_t people_count;
};

static const char *member(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text == NULL ? "" : text;
}

static int64_t stamp(const json_t *row, const char *key)
{
	int64_t utc_s = 0;

	civil_read(span_of(member(row, key)), &utc_s);
	return utc_s;
}

static void put_xml(const char *text)
{
	struct buf safe = { 0 };

	print_safe(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.at[i] == '<')
			fputs("&lt;", stdout);
		else if (safe.at[i] == '&')
			fputs("&amp;", stdout);
		else if (safe.at[i] == '"')
			fputs("&quot;", stdout);
		else
			putchar(safe.at[i]);
	}
	buf_free(&safe);
}

static void put_words(double x, double y, const char *style, const char *text)
{
	printf("<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
	put_xml(text);
	puts("</text>");
}

/* ---- what there is to draw ---- */

static void gather_lane(struct picture *picture, const json_t *shift)
{
	const struct lane lane = { member(shift, "rotation"), member(shift, "slot") };

	for (size_t i = 0; i < picture->lane_count; i++)
		if (strcmp(picture->lanes[i].rotation, lane.rotation) == 0 &&
		    strcmp(picture->lanes[i].slot, lane.slot) == 0)
			return;
	if (picture->lane_count < LANES_MAX)
		picture->lanes[picture->lane_count++] = lane;
}

static size_t person_of(struct picture *picture, const json_t *shift)
{
	for (size_t i = 0; i < picture->people_count; i++)
		if (strcmp(member(picture->people[i], "person"), member(shift, "person")) == 0)
			return i;
	if (picture->people_count < PEOPLE_MAX)
		picture->people[picture->people_count++] = shift;
	return picture->people_count - 1;
}

/* Whole weeks; a rest of less than a day at either end is not worth a panel of its own. */
static void lay_out(struct picture *picture)
{
	int64_t from = zone_local(picture->zone, picture->from + DAY_S - 1);
	int64_t until = zone_local(picture->zone, picture->until - DAY_S);
	int64_t day = from / DAY_S;

	picture->monday = (day - civil_of(day * DAY_S).weekday) * DAY_S;
	picture->weeks = (int)((until - picture->monday) / WEEK_S) + 1;
}

static void gather(struct picture *picture, const json_t *answer)
{
	const json_t *shift;
	size_t i;

	picture->shifts = json_object_get(answer, "shifts");
	picture->from = stamp(answer, "from");
	picture->until = stamp(answer, "until");
	picture->made = stamp(answer, "made");
	json_array_foreach(picture->shifts, i, shift)
	{
		gather_lane(picture, shift);
		if (member(shift, "person")[0] != '\0')
			person_of(picture, shift);
	}
	lay_out(picture);
}

/* ---- panels ---- */

static double panel_height(const struct picture *picture)
{
	return HEAD_H + (double)picture->lane_count * LANE_H + PANEL_GAP;
}

static double panel_top(const struct picture *picture, int week)
{
	return TOP + week * panel_height(picture);
}

static double x_of(int64_t since_monday_s)
{
	return LEFT + (double)since_monday_s * DAY_W / (double)DAY_S;
}

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void put_date(int64_t local_s, struct buf *out)
{
	struct civil c = civil_of(local_s);

	buf_addf(out, "%d %s %lld", c.day, months[c.month - 1], (long long)c.year);
}

static void put_days(const struct picture *picture, int week)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	double top = panel_top(picture, week);
	double bottom = top + HEAD_H + (double)picture->lane_count * LANE_H;

	for (int day = 0; day < 7; day++) {
		struct civil c = civil_of(picture->monday + week * WEEK_S + day * DAY_S);
		double x = x_of(day * DAY_S);
		char label[40];

		snprintf(label, sizeof label, "%s %d %s", days[day], c.day, months[c.month - 1]);
		printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"/>\n",
		       x, top + HEAD_H, DAY_W, bottom - top - HEAD_H,
		       day >= 5 ? "#eef0f4" : "#f7f8fa");
		printf("<path d=\"M%.1f %.1fV%.1f\" stroke=\"#c9ced6\"/>\n", x, top + 8, bottom);
		put_words(x + 6, top + 20, "class=\"day\"", label);
	}
	printf("<path d=\"M%d %.1fV%.1f\" stroke=\"#c9ced6\"/>\n", RIGHT, top + 8, bottom);
}

static void put_lanes(const struct picture *picture, int week)
{
	const char *last = "";

	for (size_t i = 0; i < picture->lane_count; i++) {
		double y = panel_top(picture, week) + HEAD_H + (double)i * LANE_H;
		bool first = strcmp(picture->lanes[i].rotation, last) != 0;

		last = picture->lanes[i].rotation;
		if (first)
			put_words(16, y + 18, "class=\"rotation\"", last);
		put_words(LEFT - 10, y + 18, "class=\"slot\"", picture->lanes[i].slot);
		printf("<path d=\"M%d %.1fH%d\" stroke=\"%s\"/>\n", first ? 16 : LEFT, y, RIGHT,
		       first ? "#9aa3b0" : "#e1e4ea");
	}
}

/* Characters, not octets. */
static size_t length_of(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

static void put_name(const json_t *shift, double x, double y, double width, const char *colour)
{
	const char *names[] = { member(shift, "title"), member(shift, "person") };
	char style[80];

	snprintf(style, sizeof style, "class=\"name\" fill=\"%s\"", colour);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i][0] != '\0' && (double)length_of(names[i]) * CHAR_W + 10 <= width) {
			put_words(x + width / 2, y, style, names[i]);
			return;
		}
	if (names[1][0] != '\0' && width >= CHAR_W + 6) {
		struct span rest = span_of(names[1]);
		char initial[8];

		utf8_next(&rest);
		span_copy((struct span){ names[1], (size_t)(rest.at - names[1]) }, initial,
			  sizeof initial);
		put_words(x + width / 2, y, style, initial);
	}
}

static void put_bar(struct picture *picture, const json_t *shift, double x, double y, double width)
{
	bool nobody = member(shift, "person")[0] == '\0';
	size_t colour = nobody ? 0 : person_of(picture, shift) % COUNT_OF(colours);
	bool changed = strcmp(member(shift, "by"), "override") == 0;

	printf("<g><title>");
	put_xml(nobody ? "nobody" : member(shift, "title"));
	printf(", ");
	put_xml(member(shift, "from_local"));
	printf(" to ");
	put_xml(member(shift, "until_local"));
	printf(" (%s)</title>", nobody ? "a hole" : member(shift, "by"));
	printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"4\" fill=\"%s\"%s/>",
	       x + 0.8, y + 3, width > 2.6 ? width - 1.6 : 1, LANE_H - 6,
	       nobody ? "url(#hole)" : colours[colour].fill,
	       nobody    ? " stroke=\"#b3261e\""
	       : changed ? " stroke=\"#111827\" stroke-width=\"1.6\" stroke-dasharray=\"4 2\""
			 : "");
	if (nobody && width > 60)
		put_words(x + width / 2, y + 18,
			  "class=\"name\" fill=\"#8c1d18\" font-weight=\"bold\"", "nobody");
	else if (!nobody)
		put_name(shift, x, y + 18, width, colours[colour].text);
	puts("</g>");
}

static void put_shifts(struct picture *picture, int week)
{
	int64_t begin = picture->monday + week * WEEK_S;
	const json_t *shift;
	size_t i;

	json_array_foreach(picture->shifts, i, shift)
	{
		int64_t from = zone_local(picture->zone, stamp(shift, "from"));
		int64_t until = zone_local(picture->zone, stamp(shift, "until"));
		size_t lane = 0;

		if (until <= begin || from >= begin + WEEK_S)
			continue;
		while (lane < picture->lane_count &&
		       (strcmp(picture->lanes[lane].rotation, member(shift, "rotation")) != 0 ||
			strcmp(picture->lanes[lane].slot, member(shift, "slot")) != 0))
			lane++;
		if (lane == picture->lane_count)
			continue;
		from = from < begin ? begin : from;
		until = until > begin + WEEK_S ? begin + WEEK_S : until;
		put_bar(picture, shift, x_of(from - begin),
			panel_top(picture, week) + HEAD_H + (double)lane * LANE_H,
			x_of(until - begin) - x_of(from - begin));
	}
}

/* A thin line with a word on top, where something is at that instant. */
static void put_mark(const struct picture *picture, int64_t utc_s, const char *colour,
		     const char *word)
{
	int64_t since = zone_local(picture->zone, utc_s) - picture->monday;
	int week = (int)(since / WEEK_S);
	double x = x_of(since % WEEK_S);
	double top = panel_top(picture, week);
	double bottom;
	char style[80];

	if (since < 0 || week >= picture->weeks)
		return;
	snprintf(style, sizeof style, "class=\"mark\" fill=\"%s\"", colour);
	bottom = top + HEAD_H + (double)picture->lane_count * LANE_H;
	printf("<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" stroke-width=\"1.5\" "
	       "stroke-dasharray=\"3 3\"/>\n",
	       x, top + HEAD_H, bottom + 2, colour);
	put_words(x, bottom + 12, style, word);
}

static void put_marks(const struct picture *picture)
{
	const struct zone_change *change = zone_next(picture->zone, picture->from);

	for (; change != NULL && change->utc_s < picture->until;
	     change = zone_next(picture->zone, change->utc_s)) {
		char word[32];

		snprintf(word, sizeof word, "clocks: %s", change->abbrev);
		put_mark(picture, change->utc_s, "#7a4b00", word);
	}
	put_mark(picture, picture->made, "#b3261e", "now");
}

static double put_legend(struct picture *picture, double y)
{
	double x = 16;

	for (size_t i = 0; i < picture->people_count; i++) {
		const char *name = member(picture->people[i], "title");
		double width = (double)length_of(name) * CHAR_W + 40;

		if (x + width > WIDTH - 16) {
			x = 16;
			y += LEGEND_H;
		}
		printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"14\" rx=\"3\" "
		       "fill=\"%s\"/>\n",
		       x, y, colours[i % COUNT_OF(colours)].fill);
		put_words(x + 20, y + 12, "class=\"key\"", name);
		x += width;
	}
	return y + LEGEND_H;
}

static double legend_height(const struct picture *picture)
{
	double x = 16;
	double y = LEGEND_H;

	for (size_t i = 0; i < picture->people_count; i++) {
		double width = (double)length_of(member(picture->people[i], "title")) * CHAR_W + 40;

		if (x + width > WIDTH - 16) {
			x = 16;
			y += LEGEND_H;
		}
		x += width;
	}
	return y;
}

static void put_head(const struct picture *picture, const json_t *answer, double height)
{
	struct buf from = { 0 };
	struct buf until = { 0 };
	char line[200];

	printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
	       "viewBox=\"0 0 %d %.0f\" font-family=\"Helvetica, Arial, sans-serif\">\n",
	       WIDTH, height, WIDTH, height);
	puts("<style>.day{font-size:12px;fill:#4b5563}.rotation{font-size:13px;font-weight:bold;"
	     "fill:#111827}.slot{font-size:11px;fill:#6b7280;text-anchor:end}"
	     ".name{font-size:12px;text-anchor:middle}.mark{font-size:10px;text-anchor:middle}"
	     ".key{font-size:12px;fill:#374151}</style>");
	puts("<defs><pattern id=\"hole\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
	     "patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" fill=\"#fde8e6\"/>"
	     "<rect width=\"3\" height=\"8\" fill=\"#f2b8b5\"/></pattern></defs>");
	printf("<rect width=\"%d\" height=\"%.0f\" fill=\"#ffffff\"/>\n", WIDTH, height);
	snprintf(line, sizeof line, "On call: %.60s", member(answer, "gateway"));
	put_words(16, 32, "font-size=\"20\" font-weight=\"bold\" fill=\"#111827\"", line);
	put_date(picture->monday, &from);
	put_date(picture->monday + picture->weeks * WEEK_S - DAY_S, &until);
	snprintf(line, sizeof line, "%.40s to %.40s, times of %.40s", buf_text(&from),
		 buf_text(&until), zone_name(picture->zone));
	put_words(16, 54, "font-size=\"13\" fill=\"#4b5563\"", line);
	buf_free(&from);
	buf_free(&until);
}

static void draw(struct picture *picture, const json_t *answer)
{
	double legend = panel_top(picture, picture->weeks);

	put_head(picture, answer, legend + legend_height(picture) + 10);
	for (int week = 0; week < picture->weeks; week++) {
		put_days(picture, week);
		put_lanes(picture, week);
		put_shifts(picture, week);
	}
	put_marks(picture);
	put_legend(picture, legend);
	puts("</svg>");
}

void print_schedule_svg(const json_t *answer)
{
	struct picture *picture = calloc(1, sizeof *picture);
	const json_t *first = json_array_get(json_object_get(answer, "shifts"), 0);
	struct zone *zone = NULL;
	struct err ignored = { 0 };

	if (picture == NULL)
		return;
	if (zoneinfo_load(&zone, member(first, "zone"), &ignored) == 0)
		picture->zone = zone;
	gather(picture, answer);
	draw(picture, answer);
	zone_free(zone);
	free(picture);
}
