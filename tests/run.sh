#!/bin/sh
# Runs test programs and counts their TAP lines.  Each argument is a program or a script; the last line
# printed is "N passed, N failed".  A program that dies counts as one more failure.
passed=0
failed=0
for test in "$@"; do
	out=$(CMOCKA_MESSAGE_OUTPUT=TAP "$test" 2>&1)
	status=$?
	ok=$(printf '%s\n' "$out" | grep -c '^ok ')
	bad=$(printf '%s\n' "$out" | grep -c '^not ok ')
	if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	if [ "$bad" -ne 0 ]; then
		printf '%s\n' "$out"
		printf 'FAILED %s (status %d)\n' "$test" $status
	else
		printf '  %-6s %s: %d\n' ok "${test##*/}" "$ok"
		printf '%s\n' "$out" | sed -n 's/^# figures: /         /p'
	fi
done
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
