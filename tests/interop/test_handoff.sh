#!/bin/sh
# The handoff document and the month's figures, from a real gateway's store.  Prints TAP.
#
#   B   the build with the programs
case ${B:-build/debug} in
/*) ;;
*) B=$PWD/${B:-build/debug} ;;
esac
work=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
export TOCSIN_SOCKET=$work/sock

result() { # name; the status of the command before says how it went
	if [ $? -eq 0 ]; then
		echo "ok - $1"
	else
		sed 's/^/# /' document report log 2>/dev/null
		echo "not ok - $1"
	fi
}

await() { # command: within 20 s
	for _ in $(seq 200); do
		if "$@"; then return 0; fi
		sleep 0.1
	done
	return 1
}

cat >cfg <<CFG
country = "1"; socket = "$TOCSIN_SOCKET"; database = "$work/db"; default_rotation = "r"; operators = [ "ada" ];
people = ( { name = "ada"; title = "Ada"; numbers = ( { number = "+15550100001"; } ); },
           { name = "bob"; title = "Bob"; numbers = ( { number = "+15550100002"; } ); } );
rotations = ( { name = "r"; members = [ "ada", "bob" ]; slots = [ "primary" ]; starts = "2026-01-05 10:00"; } );
policies = ( { name = "p"; steps = ( { to = [ "target" ]; } ); } );
modems = ( { name = "alpha"; port = "sim/alpha"; } );
CFG
printf 'modem alpha +15550100090 simcom\nphone ada +15550100001 ignores\nphone bob +15550100002 ignores\n' >world
"$B/tocsin-sim" --quiet world </dev/null >sim.log 2>&1 &
pids="$pids $!"
"$B/tocsind" --config cfg >log 2>&1 &
pids="$pids $!"
await "$B/tocsin" ping >/dev/null 2>&1

t() { "$B/tocsin" "$@" 2>/dev/null; }
t page --to ada --message 'a | b *c*' >/dev/null
t ack p1 --person ada >/dev/null
t page --to bob --message 'over' >/dev/null
t ack p2 --person bob >/dev/null
t resolve p2 >/dev/null
t page --test --to bob >/dev/null
t ack p3 --person bob >/dev/null
t handoff --watch 'replica lag' >/dev/null
t handoff --other 'dropped again' >/dev/null
t handoff --drop j3 >/dev/null || t handoff --drop j2 >/dev/null
t silence --alert 'disk*' --for 2h --reason 'disks are swapped' >/dev/null
t absent bob --for 3d >/dev/null
t handoff >document
grep -qF '| sev-2 | acked | ada | a \| b \*c\* |' document
result "an open incident stands in it, whatever its words are"
grep -q '^- p2 sev-2: over (bob, 20' document && ! grep -q 'p3' document
result "what was resolved stands in it, drills do not"
grep -q '^- replica lag' document && grep -q 'silenced: alert disk.* until 20.*disks are swapped' document
result "watchpoints and silences stand in it"
grep -q '^- bob from 20' document
result "who cannot be paged stands in it"
t handoff --last | cmp -s - document
result "it is archived as it was"
t report --json >report
python3 - report <<'PY'
import json, sys
people = {p["person"]: p for p in json.load(open(sys.argv[1]))["people"]}
held = sum(s["seconds"] for p in people.values() for s in p["shifts"])
sys.exit(not (people["ada"]["taken"] == 1 and people["bob"]["taken"] == 1 and held > 0
              and people["ada"]["worked_s"] >= people["bob"]["worked_s"]))
PY
result "the month's figures count shifts, pages and minutes, and no drill"
