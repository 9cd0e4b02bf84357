#!/bin/sh
# A rotation whose shifts come from a calendar: from a file and over HTTP, kept while the source is away and over a restart; and
# our own schedule as a calendar, read back.  Prints TAP; run from the top of the tree by make check.
#
#   B   the build with the programs
B=${B:-build/debug}
work=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT
TOCSIN_SOCKET=$work/sock
export TOCSIN_SOCKET

say() { # what, whether
	[ "$2" = 0 ] && echo "ok - $1" || echo "not ok - $1"
}

stamp() { date -u -d "@$1" +%Y%m%dT%H%M%SZ; }
now=$(date +%s)

calendar() { # e-mail, name
	printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:%s\r\nDTEND:%s\r\n' \
		"$(stamp $((now - 3600)))" "$(stamp $((now + 86400)))"
	printf 'ATTENDEE:mailto:%s\r\nSUMMARY:On Call - %s - x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' "$1" "$2"
}

config() { # place
	cat >"$work/t.cfg" <<CFG
country = "1"; default_rotation = "oncall"; operators = [ "ada" ];
socket = "$work/sock"; database = "$work/db/t.db";
modems = ( { name = "a"; port = "$work/none"; }, { name = "b"; port = "$work/none2"; } );
people = ( { name = "ada"; title = "Ada Ash"; numbers = ( { number = "+15550100001"; } ); },
  { name = "bob"; title = "Bob Birch"; email = "bob@example.com"; numbers = ( { number = "+15550100002"; } ); },
  { name = "cy"; title = "Cy Cedar"; numbers = ( { number = "+15550100003"; } ); } );
rotations = ( { name = "oncall"; members = [ "ada" ]; slots = [ "primary", "secondary" ]; calendar = "$1"; } );
CFG
}

start() {
	"$B/tocsind" --config "$work/t.cfg" 2>"$work/log" &
	pid=$!
	pids="$pids $pid"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$B/tocsin" ping >/dev/null 2>&1 && return
		sleep 0.1
	done
}

until_who() { # words of who --why
	for i in $(seq 1 100); do
		"$B/tocsin" who --why >"$work/who" 2>&1
		grep -q "$1" "$work/who" && return 0
		sleep 0.1
	done
	sed 's/^/# /' "$work/who"
	return 1
}

calendar bob@example.com Bob >"$work/feed.ics"
config "$work/feed.ics"
start
until_who 'oncall *primary *bob '
say "a shift of a file counts" $?
until_who 'oncall.primary: the calendar, read '
say "who --why says that it is the calendar's, and when that was read" $?
"$B/tocsin" status >"$work/status"
grep -q 'calendar.*oncall: 1 shifts, read .* ago' "$work/status"
say "status shows its age" $?

rm "$work/feed.ics"
kill -9 $pid
wait $pid 2>/dev/null
start
until_who 'oncall *primary *bob '
say "it counts over a restart without its source" $?
kill $pid
wait $pid 2>/dev/null

mkdir "$work/www"
calendar nobody@example.com 'Cy Cedar' >"$work/www/feed.ics"
/usr/bin/python3 -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
handler.log_message = lambda *a: None
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1], flush=True)
server.serve_forever()' "$work/www" >"$work/port" 2>/dev/null &
pids="$pids $!"
for i in $(seq 1 50); do
	[ -s "$work/port" ] && break
	sleep 0.1
done
config "http://127.0.0.1:$(cat "$work/port")/feed.ics"
start
until_who 'oncall *primary *cy '
say "a feed over HTTP counts, its people by the summary" $?

# our own, read back by libical
"$B/tocsin" schedule --days 20 --ics >"$work/ours.ics"
"$B/tocsin" schedule --from "$(date -u -d "@$((now - 86400 * 20))" +%Y-%m-%dT00:00:00Z)" --days 40 --json >"$work/ours.json"
"$B/tocsin-ics" $((now - 86400)) $((now + 86400)) <"$work/ours.ics" >"$work/back" 2>"$work/cried"
grep -q "	Cy Cedar on call: oncall primary$" "$work/back" && [ ! -s "$work/cried" ] &&
	grep -q "^$((now - 3600))	$((now + 86400))	" "$work/back" || sed 's/^/# /' "$work/back" "$work/cried"
grep -q "^$((now - 3600))	$((now + 86400))	.*Cy Cedar on call: oncall primary$" "$work/back"
say "our own calendar is read back with the same shift" $?
awk '{ sub(/\r$/, ""); if (length($0) > 75) bad = 1 } END { exit bad }' "$work/ours.ics" &&
	! grep -qv "$(printf '\r')\$" "$work/ours.ics"
say "its lines end and are folded as RFC 5545 wants" $?
"$B/tocsin" schedule --svg >"$work/ours.svg"
/usr/bin/python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/ours.svg"
say "the picture is well formed" $?

# the shipped example whose calendar lives elsewhere: its line, no longer a comment
kill $pid
wait $pid 2>/dev/null
calendar carol@plaza.example 'somebody' >"$work/www/plaza.ics"
{
	echo "socket = \"$work/sock\"; database = \"$work/db/plaza.db\";"
	sed -e "s#\# calendar = \".*\";#calendar = \"http://127.0.0.1:$(cat "$work/port")/plaza.ics\";#" \
		-e "s#/dev/serial/by-id#$work#" config/examples/plaza.cfg
} >"$work/t.cfg"
start
until_who 'oncall *primary *carol '
say "plaza's calendar decides who is primary" $?
rm "$work/www/plaza.ics"
kill -9 $pid
wait $pid 2>/dev/null
start
until_who 'oncall *primary *carol '
say "and still does with its source away" $?
