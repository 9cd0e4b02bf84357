#!/bin/sh
# What the policies want on paper, from a real gateway's store, with the shipped examples: the handoff document, the month's figures,
# how many pages went as far as somebody, a timeline for the post-mortem.  Prints TAP.
#
#   B   the build with the programs
case ${B:-build/debug} in
/*) ;;
*) B=$PWD/${B:-build/debug} ;;
esac
examples=$PWD/config/examples
work=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT

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

t() { "$B/tocsin" "$@" 2>/dev/null; }

start() { # example: with simulated modems, and phones that nobody answers
	kill $pids 2>/dev/null
	wait
	mkdir "$work/$1"
	cd "$work/$1" || exit 1
	TOCSIN_SOCKET=$PWD/sock
	export TOCSIN_SOCKET
	{
		echo "socket = \"$TOCSIN_SOCKET\"; database = \"$PWD/db\";"
		sed 's#"/dev/serial/by-id/usb-modem-\([a-z]*\)-if02"#"sim/\1"#' "$examples/$1.cfg"
	} >cfg
	awk -F'"' '/name = .*port = /   { print "modem " $2 " " $6 " simcom" }' cfg >world
	sed -n 's/^  { name = "\([a-z]*\)"; *title.*/\1/p' cfg >names
	sed -n 's/.*numbers = ( { number = "\([+0-9]*\)".*/\1/p' cfg >numbers
	paste -d' ' names numbers | sed 's/.*/phone & ignores/' >>world
	"$B/tocsin-sim" --quiet world </dev/null >sim.log 2>&1 &
	pids=$!
	"$B/tocsind" --config cfg >log 2>&1 &
	pids="$pids $!"
	await "$B/tocsin" ping >/dev/null 2>&1
}

start plaza
result "plaza runs"
hour_before=$(date -u +%H)
t page --to ada --severity sev-0 --message 'a | b *c*' >/dev/null
t ack p1 --person ada >/dev/null
hour_behind=$(date -u +%H)
t page --to bob --message 'over' >/dev/null
t ack p2 --person bob >/dev/null
t resolve p2 >/dev/null
t page --test --to bob >/dev/null
t ack p3 --person bob >/dev/null
t handoff --watch 'replica lag' >/dev/null
t handoff --change 'db1 moves to another rack' >/dev/null
t handoff --other 'the landline is back' >/dev/null
t handoff --other 'dropped again' --json >jot
t handoff --drop "$(sed -n 's/.*"\(j[0-9]*\)".*/\1/p' jot | tail -1)" >/dev/null
t silence --alert 'disk*' --for 2h --reason 'disks are swapped' >/dev/null
t absent carol --for 3d >/dev/null
t handoff >document
[ "$(grep '^## ' document | tr '\n' ' ')" = "## On call ## Open incidents ## Resolved in the last 7 days ## Active changes \
## Watchpoints ## Cannot be paged this week ## Anything else " ]
result "it has the sections of their shape"
grep -q '^- oncall primary: ' document && grep -q '^- oncall secondary: ' document
result "who is on call stands in it"
grep -qF '| sev-0 | acked | ada | a \| b \*c\* |' document
result "an open incident stands in it, whatever its words are"
grep -q '^- p2 sev-2: over (bob, 20' document && ! grep -q 'p3' document
result "what was resolved stands in it, drills do not"
grep -q '^- db1 moves to another rack' document && grep -q '^- the landline is back' document &&
	! grep -q 'dropped again' document
result "changes and what else there is stand in it, until they are dropped"
grep -q '^- replica lag' document && grep -q 'silenced: alert disk.* until 20.*disks are swapped (' document
result "watchpoints and silences, each with its author, stand in it"
grep -q '^- carol from 20' document
result "who cannot be paged stands in it"
t handoff --last | cmp -s - document
result "it is archived as it was"
t report --json >report
[ "$hour_before" = "$hour_behind" ] || hour_before=
python3 - report "$hour_before" <<'PY'
import json, sys
people = {p["person"]: p for p in json.load(open(sys.argv[1]))["people"]}
held = sum(s["seconds"] for p in people.values() for s in p["shifts"])
night = sys.argv[2] and int(not 6 <= int(sys.argv[2]) < 22)
sys.exit(not (people["ada"]["taken"] == 1 and people["bob"]["taken"] == 1 and held > 0
              and all(s["shifts"] > 0 for p in people.values() for s in p["shifts"])
              and people["ada"]["worked_s"] >= people["bob"]["worked_s"]
              and people["bob"]["nights"] == 0 and (night == "" or people["ada"]["nights"] == night)))
PY
result "the month's figures: shifts, pages, minutes, nights of the highest severity, and no drill"

start novalien
t page --to ada --message 'one' >/dev/null
t page --to cto --message 'two' >/dev/null
for step in secondary lead cto; do
	t escalate p1 --reason "as far as the $step" >/dev/null
	sleep 0.2
done
t page --to cto --test >/dev/null
t page --to bob --message 'three' >/dev/null
t report --reached cto >report
[ "$(cat report)" = "2 pages went as far as cto: p2, p1" ]
result "the pages that went as far as the CTO are counted, drills are not"
t resolve p1 >/dev/null && [ "$(t report --reached cto)" = "$(cat report)" ] &&
	[ "$(t report --reached erin)" = "0 pages went as far as erin" ] && ! t report --reached nobody
result "over all time; nobody else's, and no name that was never heard of"

start zephyr
t incident open --sev 2 --summary 'checkout is slow' --service checkout >/dev/null
t ack p1 --person ada >/dev/null
t role p1 ic --person ada >/dev/null
t update p1 --person ada 'still investigating' >/dev/null
t resolve p1 --person ada >/dev/null
t timeline p1 --format markdown >document
grep -q 'checkout is slow' document && grep -q '|.*still investigating' document &&
	grep -q 'incident commander' document && grep -q 'page.resolved' document
result "the whole timeline as Markdown: opened, roles, updates, end"
t timeline p1 --format json >report
python3 - report <<'PY'
import json, sys
text = open(sys.argv[1]).read()
names = [e.get("event", e.get("name")) for e in json.loads(text)["events"]]
wanted = ["page.opened", "page.acked", "role.taken", "page.updated", "page.resolved"]
sys.exit([n for n in names if n in wanted] != wanted)
PY
result "and as JSON, in order"
