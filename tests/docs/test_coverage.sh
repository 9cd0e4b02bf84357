#!/bin/sh
# tests/COVERAGE.md names a test, or a reason, for every row, and every test that it names is there.  Prints TAP.
map=tests/COVERAGE.md

# The lines on standard input are what is wrong; none is good.
verdict() { # name
	wrong=$(cat)
	if [ -z "$wrong" ]; then
		echo "ok - $1"
	else
		printf '%s\n' "$wrong" | sed 's/^/# /'
		echo "not ok - $1"
	fi
}

rows() { # prefix first last, without those after
	for n in $(seq "$2" "$3"); do
		case " $4 " in
		*" $n "*) ;;
		*) echo "$1$n" ;;
		esac
	done
}

{
	rows M 1 45 "31 41 42"
	rows A 1 14
	rows B 1 11
	rows C 1 13
	rows D 1 8
	rows E 1 11
	rows F 1 11
	rows G 1 6
	rows H 1 9
	rows I 1 5
	rows J 1 5
	rows K 1 5
} | while read -r row; do
	line=$(grep "^| $row |" $map)
	case $line in
	*'`'* | *'left out'*) ;;
	*) echo "$row: no test and no reason" ;;
	esac
done | verdict "every row has a test or a reason"

functions=$(mktemp) || exit 1
trap 'rm -f "$functions"' EXIT
grep -rhoE '\btest_[a-z0-9_]+\(' tests --include='*.c' --include='*.h' | tr -d '(' | sort -u >"$functions"

grep '^| [MABCDEK][0-9]' $map | sed 's/left out.*//' | grep -o '`[^`]*`' | tr -d '`' | sort -u | while read -r name; do
	case $name in
	tests/*) [ -e "$name" ] ;;
	*.c | *.sh) ls tests/*/"$name" ;;
	*/*) [ -e "tests/scenarios/$name.page" ] ;;
	test_*) grep -qx "$name" "$functions" ;;
	*) true ;;
	esac >/dev/null 2>&1 || echo "no test $name"
done | verdict "every test that the map names is there"
