#!/bin/sh
# The documents and the programs say the same.  Prints TAP; run from the top of the tree by make check.
#
#   B   the build with the programs
B=${B:-build/debug}

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

# Lines of the second file that the first has not.
missing() {
	sort -u "$1" >"$work/have"
	sort -u "$2" | comm -13 "$work/have" -
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

code() {
	find firmware-host modem dialplan config tests -name '*.[ch]'
}

commands() { # of the program, by their first word
	"$B/tocsin" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'
}

# ---- ARCHITECTURE.md ----

map=docs/ARCHITECTURE.md

files_of_the_map() {
	grep -oE '[a-zA-Z0-9_/<>.-]+\.([ch]|sh|md|[158])\b' $map | grep -v '[<>]' | sort -u |
		while read -r name; do
			find . -path ./build -prune -o -path "*/$name" -print | grep -q . ||
				echo "no file $name"
		done
}

functions_of_the_map() {
	code | xargs cat >"$work/code"
	grep -oE '\b[a-z][a-z0-9_]*\(\)' $map | tr -d '()' | sort -u | while read -r name; do
		grep -qE "(^|[ *])$name\(" "$work/code" || echo "no function $name"
	done
	grep -oE '\b(HELD|EFFECT|DEVICE_EVENT|ATTEMPT)_[A-Z_]+' $map | sort -u | while read -r name; do
		grep -qw "$name" "$work/code" || echo "no constant $name"
	done
}

files_of_the_map | verdict "every file that the map names exists"
functions_of_the_map | verdict "every function that the map names exists"

# ---- the manual pages ----

commands | sort -u >"$work/commands"
sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' docs/tocsin.1 | sort -u >"$work/manual"
{
	missing "$work/manual" "$work/commands" | sed 's/$/: not in tocsin.1/'
	missing "$work/commands" "$work/manual" | sed 's/$/: in tocsin.1, not in tocsin --help/'
} | verdict "tocsin.1 has the commands of tocsin --help"

# Other tools are written against these names.
for name in page incident ack resolve pass escalate update note list show timeline who status modems \
	at events reload check rehearse pdu; do
	grep -qx "$name" "$work/commands" || echo "$name: not in tocsin --help"
done | verdict "the promised commands are there"

options_in_the_manual() {
	for name in $(commands | sort -u); do
		[ "$name" = incident ] && name='incident open'
		"$B/tocsin" $name --help | sed -n 's/^  --\([a-z-]*\).*/\1/p'
	done | sort -u | while read -r option; do
		grep -qE "(^|[^a-z])Fl -$option( |$)" docs/tocsin.1 || echo "--$option: not in tocsin.1"
	done
}
options_in_the_manual | verdict "tocsin.1 has every option"

for page in tocsind.8 tocsin-sim.1; do
	for option in $("$B/${page%.*}" --help | sed -n 's/^  --\([a-z]*\).*/\1/p'); do
		grep -q "It Fl -$option" docs/$page || echo "--$option: not in $page"
	done
done | verdict "tocsind.8 and tocsin-sim.1 have every option"

# One place says which version this is.
version=$(sed -n 's/.*TOCSIN_VERSION "\(.*\)"/\1/p' firmware-host/base/version.h)
for program in tocsin tocsind tocsin-sim tocsin-ics; do
	said=$("$B/$program" --version 2>&1)
	[ "$said" = "$program $version" ] || echo "$program --version: $said"
	grep -q 'Fl -version' docs/$program.[18] || echo "--version: not in the manual page of $program"
done | verdict "every program says the version"

if command -v mandoc >/dev/null; then
	mandoc -Tlint -W warning docs/*.[1-8] | verdict "the manual pages are well formed"
fi

# ---- the faults ----

"$B/tests/docs/print_faults" | diff docs/faults.md - | verdict "docs/faults.md is what make faults writes"

# ---- what people copy ----

accepted() { # file
	"$B/tocsin" check "$1" >"$work/answer" 2>&1
	head -n 1 "$work/answer" | grep -qxF "$1: good" || cat "$work/answer"
	grep 'nobody is reached' "$work/answer"
}

sed -n '/^```cfg$/,/^```$/p' README.md | grep -v '^```' >"$work/readme.cfg"
accepted "$work/readme.cfg" | verdict "the README's configuration is accepted"

sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' docs/tocsin.cfg.5 | grep -v '^[.A-Z]' >"$work/manual.cfg"
accepted "$work/manual.cfg" | verdict "the example of tocsin.cfg.5 is accepted"

while read -r name; do
	grep -qE "^\|.*\`$name( |\`)" README.md || echo "$name: not in the README's table"
done <"$work/commands" | verdict "the README's table has every command"

unknown_commands() {
	grep -ohE '`tocsin [a-z]+' README.md docs/*.md | sed 's/^`tocsin //' | sort -u |
		while read -r name; do
			grep -qx "$name" "$work/commands" || echo "tocsin $name: no such command"
		done
}
unknown_commands | verdict "the guides name no command that is not there"

# A decision keeps its number, and whoever points to one finds it.
decisions() {
	ls docs/decisions | cut -c1-4 | uniq -d | sed 's/$/: two decisions/'
	{
		find firmware-host modem dialplan config tests docs -name '*.[ch158]' -o -name '*.md' -o -name '*.page'
	} | xargs grep -ohE 'decisions?[ /][0-9]{4}' | grep -oE '[0-9]{4}$' | sort -u | while read -r number; do
		ls docs/decisions/"$number"-*.md >/dev/null 2>&1 || echo "no decision $number"
	done
}
decisions | verdict "decisions have one number each, and are there"

broken_links() {
	for page in README.md docs/*.md docs/decisions/*.md; do
		grep -oE '\]\([^)#]+' "$page" | sed 's/^](//' | grep -v '^http' | while read -r link; do
			[ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
		done
	done
}
broken_links | verdict "links lead somewhere"

# ---- POLICIES.md ----

# Of each policy's section: its folder, and what stands between ` in the rows of its table.
scenarios_of_the_map() {
	awk '/^\| line .*tests\/scenarios\// { split($0, part, "`"); dir = part[2] }
		/^\| [0-9]+ \|/ { count = split($0, part, "`")
			for (i = 2; i <= count; i += 2) if (part[i] ~ /^[0-9]+-/) print dir part[i] ".page" }' tests/POLICIES.md
}

policies() {
	scenarios_of_the_map | sort -u >"$work/named"
	find tests/scenarios/plaza tests/scenarios/novalien tests/scenarios/novalien-platform tests/scenarios/tensorwasm \
		tests/scenarios/zephyr -name '*.page' | sort >"$work/there"
	comm -23 "$work/named" "$work/there" | sed 's/^/no file /'
	comm -13 "$work/named" "$work/there" | sed 's/$/: not in the map/'
	grep -oE '`tests/[a-z_/]+\.(sh|c)' tests/POLICIES.md | tr -d '`' | while read -r name; do
		[ -e "$name" ] || echo "no file $name"
	done
	for lines in plaza:9 novalien:9 tensorwasm:10 zephyr:7 novalien-platform:4; do
		for line in $(seq "${lines#*:}"); do
			awk -v dir="tests/scenarios/${lines%:*}/" -v line="$line" \
				'/^\| line / { here = index($0, "`" dir "`") } here && $2 == line && /`/ { found = 1 }
				END { exit !found }' tests/POLICIES.md || echo "${lines%:*} $line: nothing proves it"
		done
	done
}
policies | verdict "every line of a policy is proved by what the map names, and every story stands in it"
