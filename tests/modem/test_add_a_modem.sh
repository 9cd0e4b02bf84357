#!/bin/sh
# A family of modems is added by one file, one transcript, one udev line and one row of docs/hardware.md: a made-up one is, in a
# copy of the tree's data, and until all four are there a test names what is missing.
unset CMOCKA_MESSAGE_OUTPUT
n=0
check() { # check WORDS COMMAND...: one test
	words=$1
	shift
	n=$((n + 1))
	if "$@" >/dev/null 2>&1; then
		echo "ok $n $words"
	else
		cat "$dir/out" 2>/dev/null
		echo "not ok $n $words"
	fi
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
case $VARIANT in
asan) flags="-fsanitize=address,undefined" ;;
cover) flags="--coverage" ;;
esac
case $B in
/*) ;;
*) B=$PWD/$B ;;
esac
mkdir "$dir/docs" "$dir/udev" "$dir/tests"
cp docs/hardware.md "$dir/docs"
cp udev/60-tocsin.rules "$dir/udev"
cp -r tests/transcripts "$dir/tests"

cat >"$dir/acme.c" <<'END'
#include "modem/profile.h"

static const struct profile_step init[] = {
	{ "AT*KEYS=1", 2000 },
};

static const struct profile acme[] = {
	{
		.name = "acme",
		.makers = PROFILE_LIST("Acme Radio"),
		.init = init,
		.init_count = COUNT_OF(init),
		.notices = PROFILE_LIST("AT+CNMI=3,1,0,1,0", "AT+CNMI=3,1,0,0,0"),
		.dtmf = "AT*KEYS=1",
	},
};

const struct profile_list profile_acme = { acme, COUNT_OF(acme) };
END
files="PROFILE(acme)"
for file in modem/profiles/*.c; do
	maker=${file#modem/profiles/}
	test "$maker" = generic.c || files="$files PROFILE(${maker%.c})"
done
built=1
for source in "$dir/acme.c" modem/profile.c; do
	${CC:-cc} -std=c17 -D_DEFAULT_SOURCE -I. -Ifirmware-host $flags "-DPROFILES=$files" -c -o \
		"$dir/$(basename "$source" .c).o" "$source" || built=0
done
for test in test_profile test_transcript; do
	${CC:-cc} $flags -o "$dir/$test" "$B/tests/modem/$test.o" "$dir/acme.o" "$dir/profile.o" \
		"$B/tests/support/rig.o" "$B/tests/support/far_end.o" "$B/libtocsin.a" -lcmocka || built=0
done
check "a file in modem/profiles is all the code" test $built = 1

cd "$dir" || exit 1
lacks() { # lacks PROGRAM TEST: that test fails, and names acme
	./$1 >out 2>&1 && return 1
	grep -q "FAILED.* $2\$" out && grep -q acme out
}
check "the guide's row is missed" lacks test_profile test_profiles_have_a_row_in_the_guide
check "the udev line is missed" lacks test_profile test_profiles_stand_in_the_udev_rules
check "the transcript is missed" lacks test_transcript test_every_profile_has_a_whole_transcript

echo "| \`acme\` | Acme Radio X1 | yes | yes | no | yes | ffff:0001 |" >>docs/hardware.md
printf '# acme\nATTRS{idVendor}=="ffff", ATTRS{idProduct}=="0001", ENV{.TOCSIN}="at00"\n' >>udev/60-tocsin.rules
cat >tests/transcripts/acme-x1-day.at <<'END'
@ start
> AT+CGMI
< Acme Radio
< OK
> AT+CGMM
< X1
< OK
> AT+CNMI=3,1,0,1,0
< OK
> AT*KEYS=1
< OK
@ started
@ is acme voice
@ send Page 4711
> AT+CMGS=*
<> 
> 0001*^Z
< +CMGS: 1
< OK
= sent accepted
< +CMTI: "ME",1
> AT+CMGR=1
< +CMGR: 0,,26
< 0791447758100650040C9144770009103200006211027103504008C1E11244BBC562
< OK
= received ACK 4711
@ delete ME 1
> AT+CMGD=1
< OK
@ call
> AT*KEYS=1
< OK
> ATD+447700900123;
< OK
= dialled
+ 500ms
> AT+CLCC
< +CLCC: 1,0,0,0,0,"+447700900123",145
< OK
+ 500ms
> AT+CLCC
< +CLCC: 1,0,0,0,0,"+447700900123",145
< OK
+ 500ms
= answered
< +DTMF: 4
= key 4
< NO CARRIER
> AT+CLCC
< OK
= ended hung up
@ forgets
@ run 400000ms
? AT*KEYS=1
END
passes() {
	./$1 >out 2>&1
}
check "with all four it is a profile like the others" passes test_profile
check "and its conversation runs on the whole device" passes test_transcript
echo "1..$n"
