#!/bin/sh
# The demonstration (make demo): tocsin-sim with two modems and four phones, tocsind, and two pages that go all
# the way.  Ends with 0 only if both were acked by the right person by the right channel.
#
#   B     the build with the programs       DEMO  a directory to work in, made anew
#   KEEP  1: leaves everything running to play with
set -u
LIMIT_S=60
if [ -z "${DEMO_GUARDED:-}" ]; then
	DEMO_GUARDED=1 exec timeout --foreground -k 5 "$LIMIT_S" "$0"
fi
B=${B:-build/debug}
DEMO=${DEMO:-build/demo}
KEEP=${KEEP:-}
TOCSIN_SOCKET=$DEMO/tocsin.sock
export TOCSIN_SOCKET
sim='' daemon='' tail='' shown=''
bold='' plain=''
if [ -t 1 ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

# ---- coming and going ----

finish() { # ends a process that we started, and waits for it
	if [ -n "$1" ]; then
		kill "$1" 2>/dev/null
		wait "$1" 2>/dev/null
	fi
}

clean_up() {
	trap - EXIT INT TERM
	live_off
	finish "$daemon"
	finish "$sim"
	rm -f "$DEMO/tocsind.pid" "$DEMO/tocsin-sim.pid"
}

stopped() { # why
	printf '\n%s\n' "$1" >&2
	clean_up
	exit 1
}

fail() { # why
	stopped "FAILED: $1 (logs: $DEMO/tocsind.log, $DEMO/phones.log)"
}

# An earlier KEEP=1 may still run.  A process id alone proves nothing: its command line must name our directory.
end_earlier() {
	for file in "$DEMO/tocsind.pid" "$DEMO/tocsin-sim.pid"; do
		pid=$(cat "$file" 2>/dev/null) || continue
		if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF " $DEMO"; then
			echo "Ending what an earlier demonstration left running (process $pid)."
			kill "$pid" 2>/dev/null
			for _ in 1 2 3 4 5 6 7 8 9 10; do
				kill -0 "$pid" 2>/dev/null || break
				sleep 0.3
			done
		fi
	done
}

# ---- what is shown ----

heading() {
	printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

run() { # shows a command, and runs it
	printf '   $ tocsin %s\n' "$1"
	shift
	"$B/tocsin" "$@" | sed 's/^/   /'
}

show_transcript() { # long lines are folded behind the time
	while IFS= read -r line; do
		case $line in
		*' is sent, by '*) continue ;; # the phone's side of it follows
		esac
		printf '%s\n' "$line" | fold -s -w 92 | sed '1s/^/   /;2,$s/^/                /'
	done
}

live_on() {
	rm -f "$DEMO/live"
	mkfifo "$DEMO/live"
	tail -n "$1" -s 0.1 -f "$DEMO/phones.log" >"$DEMO/live" 2>/dev/null &
	tail=$!
	show_transcript <"$DEMO/live" &
	shown=$!
}

live_off() {
	finish "$tail"
	[ -z "$shown" ] || wait "$shown" 2>/dev/null
	tail='' shown=''
	rm -f "$DEMO/live"
}

show_waits() {
	"$B/tests/interop/print_keys" | awk -F '\t' -v config="$DEMO/demo.cfg" '
	BEGIN {
		while ((getline line < config) > 0) {
			sub(/#.*/, "", line)
			if (match(line, /wait *= *"[^"]*"/))
				here["policies.steps.wait"] = value(substr(line, RSTART, RLENGTH))
			else if (inside && match(line, /^ *[a-z_]+ *= *[^;]*/)) {
				key = substr(line, RSTART, RLENGTH)
				sub(/ *=.*/, "", key); sub(/^ */, "", key)
				here["times." key] = value(line)
			}
			if (line ~ /^times/) inside = 1
		}
		printf "   %-7s %-8s  %s\n", "here", "default", "what"
	}
	function value(text) {
		sub(/^[^=]*= */, "", text); gsub(/["\[\];]/, "", text)
		gsub(/^ +| +$/, "", text)
		return text
	}
	$1 in here && here[$1] !~ /,/ {
		sub(/[:;].*/, "", $3); printf "   %-7s %-8s  %s\n", here[$1], value("= " $2), $3 }'
}

# ---- what must be true ----

ready() {
	[ "$("$B/tocsin" modems --json 2>/dev/null | tr '{' '\n' | grep -c '"state":"ready"')" = 2 ]
}

acked() {
	"$B/tocsin" show "$1" --json 2>/dev/null | grep -q '"state":"acked"'
}

told() { # the people beside the owner have heard who has it
	grep -q "receives SMS: $code taken by" "$DEMO/phones.log"
}

await() { # seconds, why it failed, command
	tries=$(($1 * 5))
	why=$2
	shift 2
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "$why"
		kill -0 "$daemon" 2>/dev/null || fail "tocsind has ended"
		kill -0 "$sim" 2>/dev/null || fail "tocsin-sim has ended"
		sleep 0.2
	done
}

send_page() { # severity, message; sets id and code
	printf '   $ tocsin page --severity %s --message "%s"\n' "$1" "$2"
	answer=$("$B/tocsin" page --severity "$1" --message "$2" \
		--runbook https://wiki.example/db1) || fail "the page was not accepted"
	printf '   %s\n\n' "$answer"
	id=${answer%% *}
	code=$(printf '%s\n' "$answer" | sed -n 's/.*code \([0-9]*\).*/\1/p')
}

judge() { # id, person, the channel as the timeline words it
	events=$("$B/tocsin" timeline "$1" --json | tr '{' '\n' | grep '"name":"page.acked"')
	owner=$("$B/tocsin" show "$1" --json | grep -o '"owner":"[^"]*"' | head -n 1)
	[ "$(printf '%s\n' "$events" | grep -c .)" = 1 ] || fail "$1: not acked exactly once"
	printf '%s\n' "$events" | grep -q "\"person\":\"$2\"" || fail "$1: not acked by $2"
	printf '%s\n' "$events" | grep -q "$3\"" || fail "$1: not acked $3"
	[ "$owner" = "\"owner\":\"$2\"" ] || fail "$1: $2 does not own it"
}

# ---- the story ----

start_world() {
	end_earlier
	rm -rf "$DEMO"
	mkdir -p "$DEMO"
	# Only the paths change: the directory may be another one.
	sed -e "s|^socket *=.*|socket = \"$DEMO/tocsin.sock\";|" \
	    -e "s|^database *=.*|database = \"$DEMO/tocsin.db\";|" \
	    -e "s|port = \"[^\"]*/\([a-z]*\)\"|port = \"$DEMO/\1\"|" \
		config/examples/demo.cfg >"$DEMO/demo.cfg"
	mkfifo "$DEMO/orders"
	"$B/tocsin-sim" --dir "$DEMO" config/examples/demo.sim <>"$DEMO/orders" \
		>"$DEMO/phones.log" 2>&1 &
	sim=$!
	echo "$sim" >"$DEMO/tocsin-sim.pid"
	"$B/tocsind" --config "$DEMO/demo.cfg" </dev/null >"$DEMO/tocsind.log" 2>&1 &
	daemon=$!
	echo "$daemon" >"$DEMO/tocsind.pid"
	await 10 "the modems do not get ready" ready
}

tell_how_to_play() {
	heading "It is still running"
	cat <<TEXT
   Talk to it:           export TOCSIN_SOCKET=$TOCSIN_SOCKET
                         $B/tocsin page --message "disk full on db2"
                         $B/tocsin list      $B/tocsin status      $B/tocsin --help
   Watch the phones:     tail -f $DEMO/phones.log
   Change the world:     echo 'phone bob texts "STATUS"' >$DEMO/orders
                         echo 'modem alpha unplugged for 20s' >$DEMO/orders
   Stop it:              kill \$(cat $DEMO/tocsind.pid $DEMO/tocsin-sim.pid)
TEXT
}

trap clean_up EXIT
trap 'stopped "Interrupted."' INT
trap 'stopped "FAILED: not done after $LIMIT_S s."' TERM

printf '%sTocsin: a page goes all the way, and back%s\n' "$bold" "$plain"
cat <<'TEXT'

   Two simulated modems, alpha and beta.  Four phones: ada is on call, bob is her second,
   carol leads the team, dave is on nobody's list tonight.
TEXT
start_world

heading "Waits: short here, so that you need not wait"
show_waits

heading "1. The primary sleeps through texts and calls, the secondary takes it by key"
live_on 0
send_page sev-1 "db1 is down, writes fail"
await 30 "page 1 was not acked" acked "$id"
await 5 "nobody was told who has page 1" told
first=$id
sleep 1.5 # the call says thank you and ends
live_off

heading "2. The primary is awake now, and answers by text"
live_on 0
echo 'phone ada ignores calls replies "ACK" after 3s' >"$DEMO/orders"
send_page sev-2 "db1 is back, but its disk is 95 % full"
await 20 "page 2 was not acked" acked "$id"
sleep 1
live_off

heading "Timeline of page $first"
run "timeline $first" timeline "$first"
heading "Timeline of page $id"
run "timeline $id" timeline "$id"

judge "$first" bob "by key in a call"
judge "$id" ada "by text"
heading "Done: $first acked by bob by key, $id acked by ada by text."

if [ -n "$KEEP" ]; then
	tell_how_to_play
	trap - EXIT
fi
exit 0
