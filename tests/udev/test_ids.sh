#!/bin/sh
# The USB ids of docs/hardware.md and of the udev rules are the same, under the same profiles.
guide() { # the seven columns of "| `sim7600` | … | 1e0e:9001, 9011; 05c6:9000 |"
	awk -F '|' 'NF == 9 && $2 ~ /^ `.*` $/ { gsub("[` ]", "", $2); print $2, $8 }' docs/hardware.md | awk '{
		vendor = ""
		for (f = 2; f <= NF; f++) {
			id = $f
			gsub("[,;]", "", id)
			if (id ~ /:/) {
				vendor = substr(id, 1, 4)
				id = substr(id, 6)
			}
			if (vendor != "")
				print $1, vendor ":" id
		}
	}' | sort
}

rules() {
	awk '
		/^# [a-z0-9-]+( |$)/ { profile = $2 }
		/^ATTRS\{idVendor\}/ {
			split($0, part, "\"")
			count = split(part[4], product, "|")
			for (i = 1; i <= count; i++)
				print profile, part[2] ":" product[i]
		}' udev/60-tocsin.rules | sort
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
guide | grep -v '^a7670-lase ' >"$temporary/guide" # the same device as a7670: its line stands there
rules >"$temporary/rules"
if test "$(wc -l <"$temporary/rules")" -gt 60 && diff "$temporary/guide" "$temporary/rules" >"$temporary/out"; then
	echo "ok 1 the guide and the rules have the same ids"
else
	head -n 20 "$temporary/out"
	echo "not ok 1 the guide and the rules have the same ids"
fi
echo "1..1"
