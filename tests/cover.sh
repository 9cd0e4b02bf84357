#!/bin/sh
# cover.sh DIR: the line coverage of the objects in DIR after a run of the tests, a line for each folder, then the files that
# are below 90 %.  gcov alone is enough.
find "$1" -name '*.gcda' ! -path '*/tests/*' | while read -r data; do
	gcov -n -o "$data" "$data" 2>/dev/null
done | awk '
	/^File / { file = substr($2, 2, length($2) - 2) }
	/^Lines executed/ && file ~ /^[a-z].*\.c$/ && !(file in seen) {
		split($2, part, "[:%]")
		seen[file] = 1
		folder = file
		sub("/[^/]*$", "", folder)
		lines[folder] += $4
		run[folder] += part[2] * $4 / 100
		all += $4
		done += part[2] * $4 / 100
		if (part[2] < 90)
			low[file] = part[2]
		file = ""
	}
	END {
		if (all == 0)
			exit 1
		for (folder in lines)
			printf "%6.2f %%  %6d lines  %s\n", 100 * run[folder] / lines[folder], lines[folder], folder | "sort -k5"
		close("sort -k5")
		printf "%6.2f %%  %6d lines  all\n", 100 * done / all, all
		for (file in low)
			printf "%6.2f %%  %s\n", low[file], file | "sort -n"
	}'
