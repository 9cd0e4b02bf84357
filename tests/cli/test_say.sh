#!/bin/sh
# tocsin say: its voices, a voice of one's own, and what it does when that fails.  Prints TAP.
B=${B:-build/debug}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

check() { # name, then a command that must succeed
	name=$1
	shift
	if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}

say() { # arguments of tocsin say; what it told is in $work/out and $work/err
	"$B/tocsin" say --out "$work/say.wav" "$@" >"$work/out" 2>"$work/err"
}

seconds() { # least and most, in tenths
	tenths=$(sed -n 's/.*: \([0-9]*\)\.\([0-9]\) s at .*/\1\2/p' "$work/out")
	test -n "$tenths" && test "$tenths" -ge "$1" && test "$tenths" -le "$2"
}

told() { grep -q "$1" "$work/err"; }
level() { grep -q 'at -1[56]\.[0-9] dBm0' "$work/out"; }

for voice in kal slt; do
	say --voice $voice "This is Tocsin, the pager. To take it, press 4, then 7."
	check "$voice speaks as long as a person" seconds 30 70
	check "$voice has the level of a telephone" level
done

"$B/tocsin" say --out "$work/words.wav" node7: 5xx at the API >/dev/null
echo "node 7: 5 X X at the A P I" | "$B/tocsin" say --out - >"$work/stdin.wav"
check "words and standard input, written and spoken out, are one" cmp -s "$work/words.wav" "$work/stdin.wav"

say --command "cat >$work/text; cat $work/words.wav" "to your own voice"
check "a voice of one's own is heard" test "$(wc -c <"$work/words.wav")" = "$(wc -c <"$work/say.wav")"
check "and was given the text as it stands" grep -qx "to your own voice" "$work/text"
say --command "head -c 16000 /dev/urandom" "raw"
check "raw sound is 8 kHz, 16 bit" seconds 10 10

for bad in "exit 3" "true" "yes" "echo RIFFxxxxWAVE" "exec /nonexistent/voice"; do
	say --command "$bad" --limit 2s "fall back"
	check "the built-in voice speaks instead of: $bad" seconds 5 20
	check "and that is told of: $bad" told "the built-in voice speaks"
done
say --command "sleep 60" --limit 1s "fall back"
check "the built-in voice speaks instead of one that hangs" told "it took too long"

say "привет" && failed=no || failed=yes
check "what cannot be spoken is an error in words" test $failed = yes -a -s "$work/err"
head -c 20000 /dev/zero | tr '\0' x | "$B/tocsin" say --out "$work/say.wav" >"$work/out"
check "an endless word has an end" seconds 1 900
head -c 60000 /dev/zero | sed 's/\x00/ab cd /g' | head -c 60000 | "$B/tocsin" say --out "$work/say.wav" >"$work/out"
check "an endless text is cut" seconds 300 900
