#!/bin/sh
# The rota on the command line: times in zones, changes and their lists, and what needs no gateway.  Prints TAP; run from the
# top of the tree by make check.
#
#   B   the build with the programs
B=${B:-build/debug}
work=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT
TOCSIN_SOCKET=$work/sock
export TOCSIN_SOCKET

cat >"$work/t.cfg" <<CFG
country = "1"; default_rotation = "platform"; operators = [ "dee" ]; zone = "Europe/Berlin";
socket = "$work/sock"; database = "$work/db/t.db";
modems = ( { name = "a"; port = "$work/none"; }, { name = "b"; port = "$work/none2"; } );
people = ( { name = "ada"; title = "Ada Ash"; numbers = ( { number = "+15550100001"; } ); },
  { name = "bob"; title = "Bob Birch"; numbers = ( { number = "+15550100002"; } ); },
  { name = "dee"; title = "Dee Dogwood"; numbers = ( { number = "+15550100004"; } ); } );
rotations = ( { name = "platform"; members = [ "ada", "bob" ]; starts = "2026-01-05 10:00"; } );
CFG
sed 's/starts = .*/starts = "2026-01-05 10:00"; hours = "08:00-20:00"; } );/' "$work/t.cfg" >"$work/hole.cfg"

"$B/tocsind" --config "$work/t.cfg" 2>"$work/log" &
pids=$!
for i in $(seq 1 50); do
	"$B/tocsin" ping >/dev/null 2>&1 && break
	sleep 0.1
done

# name, exit status, words, command
try() {
	name=$1 want=$2 words=$3
	shift 3
	"$B/tocsin" "$@" >"$work/said" 2>&1
	got=$?
	if [ $got -eq "$want" ] && grep -qF -- "$words" "$work/said"; then
		echo "ok - $name"
	else
		sed 's/^/# /' "$work/said"
		echo "not ok - $name (exit $got)"
	fi
}

try "who tells local time" 0 " 10:00 CE" who --why
try "who at a time in a zone" 0 'bob' who --at "2030-03-18 10:30" --zone Europe/Berlin
try "the same in UTC" 0 'until":"2030-03-25T09:00:00Z"' who --at 2030-03-18T09:30:00Z --json
try "the configuration's zone is meant when none is said" 0 '"at":"2030-03-18T09:30:00Z"' who --at "2030-03-18 10:30" --json
try "an offset of its own" 0 '"at":"2030-03-18T09:30:00Z"' who --at 2030-03-18T11:30:00+02:00 --json
try "a misspelt zone" 2 "did you mean Europe/Berlin?" who --zone Europe/Berlni
try "no time" 2 "--at: want a time" who --at soon
try "an override in a zone" 0 '"from":"2030-01-01T01:00:00Z"' override --person dee \
	--from "2030-01-01 10:00" --until "2030-01-01 12:00" --zone Asia/Tokyo --reason "a day trip" --json
try "its list in a zone" 0 "Tue 2030-01-01 10:00 JST" override --zone Asia/Tokyo
try "who then" 0 "Dee Dogwood" who --at "2030-01-01 11:00" --zone Asia/Tokyo
try "and why" 0 "override r1 by" who --at "2030-01-01 11:00" --zone Asia/Tokyo --why
try "an absence with a cover" 0 "dee" absent bob --from "2030-03-18 10:00" --for 2d --cover dee
try "nothing goes to somebody absent" 1 "bob is absent from" override --person bob --from "2030-03-18 12:00" --for 1h
try "nobody goes when nobody would be left" 1 "nobody would be left for the operators" absent dee --for 1d
try "the schedule says by what" 0 "override" schedule --from "2029-12-31 00:00" --days 3
try "and tells when clocks change" 0 "the clocks change: Europe/Berlin at 2030-03-31T01:00:00Z, to CEST" \
	schedule --from "2030-03-18 00:00" --days 20
try "of one person" 0 "Mon 2030-03-25 10:00 CET" schedule --person ada --from "2030-03-18 00:00" --days 14
try "a picture or a calendar" 2 "either --svg or --ics" schedule --svg --ics
try "taken back" 0 "r1 is ended" override --end r1
try "only once" 2 'no override "r1"' override --end r1

try "check proves" 0 "Somebody is on call at every minute of the next 400 days:" check "$work/t.cfg"
"$B/tocsin" override --person dee --from "$(date -u -d '+2 days' +%Y-%m-%dT00:00:00Z)" --for 6d >/dev/null
try "check counts what is in the database" 0 "dee 1 %" check "$work/t.cfg"
try "a hole is an error with its line" 1 "hole.cfg:7: rotation \"platform\": nobody from" check "$work/hole.cfg"
try "as JSON" 1 '"ok":false' check "$work/hole.cfg" --json
try "explain tells the chain" 0 "step 2: bob (target.secondary), wait 5 min" explain --config "$work/t.cfg" \
	--at "2030-03-11 12:00" --severity sev-1
try "with masked numbers" 0 "ada  +155******01  by" explain --config "$work/t.cfg" --at "2030-03-11 12:00"
try "and the changes by hand" 0 "step 1: dee (target), wait 5 min" explain --config "$work/t.cfg" --at "2030-03-18 12:00"
try "not for a severity that there is not" 2 "sev-9" explain --config "$work/t.cfg" --severity sev-9
try "nor without a configuration" 1 "No such file" explain --config "$work/none.cfg"
grep -q '+155501000' "$work/said" && echo "not ok - a number is shown" || echo "ok - no number is shown"
