#!/bin/sh
# `make demo` tells the truth: both pages acked by the right person by the right channel.  Prints TAP.
#
#   B   the build with the programs
B=${B:-build/debug}
DEMO=$(mktemp -d) || exit 1
trap 'rm -rf "$DEMO"' EXIT

if B=$B DEMO=$DEMO/run KEEP='' tests/interop/demo.sh >"$DEMO/out" 2>&1; then
	echo "ok - the demonstration ends with both pages acked"
else
	sed 's/^/# /' "$DEMO/out"
	echo "not ok - the demonstration ends with both pages acked"
fi
