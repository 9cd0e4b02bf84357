#!/bin/sh
# Every fuzz target takes its seeds and what the transcripts give: `make check` so runs all that ever crashed.
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
made=1
"$B/tests/fuzz/transcript_seeds" "$seeds" tests/transcripts/*.at || made=0
for target in lexer line pdu call device; do
	test -n "$(find "$seeds/$target" -type f 2>/dev/null | head -n 1)" || made=0
done
test $made = 1 && echo "ok 1 transcripts make seeds" || echo "not ok 1 transcripts make seeds"
n=1
for source in tests/fuzz/fuzz_*.c; do
	target=${source#tests/fuzz/fuzz_}
	target=${target%.c}
	n=$((n + 1))
	if out=$(find tests/fuzz/seeds/"$target" "$seeds/$target" -type f 2>/dev/null |
		xargs "$B/tests/fuzz/replay_$target" 2>&1); then
		echo "ok $n $target: $(printf '%s\n' "$out" | wc -l) inputs"
	else
		printf '%s\n' "$out" | tail -n 30
		echo "not ok $n $target"
	fi
done
echo "1..$n"
