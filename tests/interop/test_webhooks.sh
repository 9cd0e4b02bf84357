#!/bin/sh
# News of a page reaches a real web server, signed, over a server that is broken at first and gone for a while; the page waits
# for none of it.  Prints TAP.
#
#   B   the build with the programs
case ${B:-build/debug} in
/*) ;;
*) B=$PWD/${B:-build/debug} ;;
esac
web=$PWD/tests/support/web.py
work=$(mktemp -d) || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
export TOCSIN_SOCKET=$work/sock

result() { # name; the status of the command before says how it went
	if [ $? -eq 0 ]; then
		echo "ok - $1"
	else
		sed 's/^/# /' posts log 2>/dev/null
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

has() { grep -q "$1" "$2"; }

python3 "$web" >posts 2>&1 &
pids="$pids $!"
await has . posts 2>/dev/null
port=$(head -n 1 posts)
cat >cfg <<CFG
country = "1"; socket = "$TOCSIN_SOCKET"; database = "$work/db"; default_rotation = "r"; operators = [ "ada" ];
people = ( { name = "ada"; numbers = ( { number = "+15550100001"; } ); } );
rotations = ( { name = "r"; members = [ "ada" ]; slots = [ "primary" ]; starts = "2026-01-05 10:00"; } );
policies = ( { name = "p"; steps = ( { to = [ "target" ]; } ); } );
severities = ( { name = "sev-2"; }, { name = "sev-3"; pages = false; ticket = "tickets"; } );
webhooks = ( { name = "tickets"; url = "http://127.0.0.1:$port/created"; secret = "hush"; },
  { name = "status"; url = "http://127.0.0.1:$port/fail/1"; on = [ "opened", "acked" ]; },
  { name = "gone"; url = "http://127.0.0.1:1/"; on = [ "opened" ]; } );
modems = ( { name = "alpha"; port = "sim/alpha"; } );
CFG
printf 'modem alpha +15550100090 simcom\nphone ada +15550100001 ignores\n' >world
"$B/tocsin-sim" --quiet world </dev/null >sim.log 2>&1 &
pids="$pids $!"
"$B/tocsind" --config cfg >log 2>&1 &
pids="$pids $!"
await "$B/tocsin" ping >/dev/null 2>&1

"$B/tocsin" page --severity sev-3 --message 'disk "full"' >/dev/null 2>&1
await has '^POST /created application/json sha256=' posts
result "a ticket is posted, as JSON and signed"

python3 - posts <<'PY'
import hashlib, hmac, json, sys
line = next(l for l in open(sys.argv[1]) if l.startswith("POST /created"))
_, _, _, signature, body = line.rstrip("\n").split(" ", 4)
want = "sha256=" + hmac.new(b"hush", body.encode(), hashlib.sha256).hexdigest()
news = json.loads(body)
sys.exit(not (signature == want and news["event"] == "ticket" and news["page"]["message"] == 'disk "full"'))
PY
result "its signature is the HMAC of its body, which says what is wrong"

"$B/tocsin" page --severity sev-2 --message "db1 down" >/dev/null 2>&1
await has 'POST /fail/1 .*"event":"opened"' posts
code=$("$B/tocsin" list --json | sed -n 's/.*"code":"\([0-9]*\)".*/\1/p' | head -n 1)
"$B/tocsin" ack "$code" >/dev/null 2>&1
result "a page is acked while its webhooks fail"

await has 'POST /fail/1 .*"event":"acked"' posts
result "what failed is posted again, what came behind it after that"

[ "$(grep -c 'POST /fail/1 .*"event":"opened"' posts)" = 2 ] && [ "$(grep -c 'POST /fail/1 .*"event":"acked"' posts)" = 1 ]
result "nothing is posted more often than it must"

"$B/tocsin" timeline p2 | grep -q 'webhook.waiting .*gone opened: .*onnect'
result "the timeline says what waits, and why"

cat >>cfg <<CFG
watches = ( { name = "site"; url = "http://127.0.0.1:$port/fail/2"; every = "5 s"; for = "0 s"; },
  { name = "nowhere"; url = "http://127.0.0.1:1/"; every = "5 s"; for = "0 s"; },
  { name = "job"; beat = "10 s"; } );
CFG
"$B/tocsin" reload >/dev/null
page_of() { "$B/tocsin" list --state all --json | tr '{' '\n' | grep "\"message\":\"$1"; }

await page_of 'nowhere: no answer: .*onnect' >/dev/null && await page_of 'job: no heartbeat for 10 s' >/dev/null
result "an address that does not answer and a beat that stays away are paged"

"$B/tocsin" beat job && page_of 'job: no heartbeat' | grep -q '"state":"resolved"'
result "a beat ends its page"

is_over() { page_of 'site: answers 500' | grep -q '"state":"resolved"'; }
await is_over
result "an address that answers 500 is paged, and that page ends when it answers well"

"$B/tocsin" beat jobs 2>err; [ $? -eq 2 ] && grep -q 'tocsin watches' err
result "a beat that nobody waits for is refused"
