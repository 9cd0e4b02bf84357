#!/bin/sh
# tocsin vcard and tocsin pin, as people type them.
B=${B:-build/debug}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

check() { # name, then a command that must succeed
	name=$1
	shift
	if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}

"$B/tocsin" vcard --config tests/scenarios/trio.cfg >"$work/card" 2>"$work/steps"
check "a card has both SIMs" test "$(grep -c '^TEL;TYPE=CELL,VOICE,MSG:+1555000900[12].$' "$work/card")" = 2
check "lines end in CR LF" test "$(grep -c "$(printf '\r')\$" "$work/card")" = "$(wc -l <"$work/card")"
check "and are 75 octets long at most" test "$(awk '{ if (length($0) > 76) n++ } END { print n + 0 }' "$work/card")" = 0
check "the steps stand beside it" test "$(grep -cE '^(iPhone|Android):' "$work/steps")" = 2

sed '/number = "+15550009001"/s/number = "+15550009001";//; s/^gateway.*/gateway = "Nacht; Ost, eins";/' \
	tests/scenarios/one.cfg >"$work/bare.cfg"
"$B/tocsin" vcard --config "$work/bare.cfg" >"$work/card" 2>"$work/err"
check "no number at all is an error" test $? = 1
check "that says what to add" grep -q 'no modem in .* has a number: add modems.number' "$work/err"

sed 's/^gateway.*/gateway = "Nacht; Ost, eins";/' tests/scenarios/one.cfg >"$work/odd.cfg"
"$B/tocsin" vcard --config "$work/odd.cfg" 2>/dev/null | tr -d '\r' >"$work/card"
check "a name's marks are escaped" grep -qxF 'FN:Nacht\; Ost\, eins' "$work/card"
"$B/tocsin" vcard --config "$work/none.cfg" >"$work/card" 2>"$work/err"
check "a file that is not there is one line" test "$(wc -l <"$work/err")" = 1

hash=$(echo 2468 | "$B/tocsin" pin)
printf "%s\n" "$hash" >"$work/hash"
check "a PIN becomes a line of the configuration" grep -q "^pin_hash = \"[$]argon2id[$]v=19[$]m=1024,t=2,p=1[$].*\";$" "$work/hash"
awk -v hash="$hash" '/name = "ada"/ { sub(/numbers/, hash " numbers") } { print }' \
	tests/scenarios/one.cfg >"$work/pin.cfg"
check "which check takes" sh -c "'$B/tocsin' check '$work/pin.cfg' >/dev/null 2>&1"
echo 2446 | "$B/tocsin" pin >/dev/null 2>"$work/err"
check "one with a digit twice in a row is refused" test $? = 2
