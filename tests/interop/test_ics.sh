#!/bin/sh
# Calendars as PagerDuty, Google and Outlook write them, and what is wrong with others; then our own, read back by
# another implementation.  Prints TAP; run from the top of the tree by make check.
#
#   B   the build with tocsin-ics
B=${B:-build/debug}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
from=$(date -u -d 2026-01-01 +%s)
until=$(date -u -d 2026-12-31 +%s)

# "2026-01-05T10:00Z 2026-01-12T10:00Z ada@example.com On Call", in order
readable() {
	while IFS='	' read -r a b rest; do
		printf '%s %s %s\n' "$(date -u -d "@$a" +%Y-%m-%dT%H:%MZ)" \
			"$(date -u -d "@$b" +%Y-%m-%dT%H:%MZ)" "$rest"
	done | sort
}

shifts() { # file: the address, or -, and the summary
	"$B/tocsin-ics" "$from" "$until" Europe/Berlin <"$1" 2>"$work/cried" |
		sed 's/^\([^	]*	[^	]*	\)	/\1-	/; s/	\([^	]*\)$/ \1/' | readable
}

for name in pagerduty google outlook hostile; do
	shifts tests/ics/$name.ics >"$work/got"
	if sort tests/ics/$name.txt | cmp -s - "$work/got"; then
		echo "ok - $name.ics"
	else
		sort tests/ics/$name.txt | diff - "$work/got" | sed 's/^/# /'
		echo "not ok - $name.ics"
	fi
	cp "$work/cried" "$work/$name.cried"
done

grep -q '"Lost in time" is left out: its time zone is not known' "$work/outlook.cried" &&
	echo "ok - a time zone that is not known is told" || echo "not ok - a time zone that is not known is told"
grep -q '"for ever" is left out: it repeats more often than daily' "$work/hostile.cried" &&
	echo "ok - a rule without an end is told" || echo "not ok - a rule without an end is told"

refused() { # what it is, on standard input
	"$B/tocsin-ics" "$from" "$until" >"$work/got" 2>"$work/cried"
	[ $? -eq 1 ] && [ ! -s "$work/got" ] && grep -q '^tocsin-ics: ' "$work/cried" &&
		echo "ok - refused: $1" || echo "not ok - refused: $1"
}
printf 'hello' | refused "no calendar"
printf '' | refused "nothing"
printf 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n\0BEGIN:VCALENDAR' | refused "a NUL"
head -c 9000000 /dev/zero | tr '\0' 'x' | refused "too much"
yes 'BEGIN:VEVENT' | head -n 100000 | refused "events without an end"
"$B/tocsin-ics" now then </dev/null >/dev/null 2>&1
[ $? -eq 2 ] && echo "ok - usage" || echo "not ok - usage"
