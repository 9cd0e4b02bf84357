#!/bin/sh
# Handovers in every zone of the machine, as Python's zoneinfo counts them: another implementation of civil time.
# Prints TAP; run from the top of the tree by make check.
#
#   B       the build with print_shifts
#   EVERY   1: every zone; otherwise every 31st, each rule in others
B=${B:-build/debug}
/usr/bin/python3 - "$B/tests/interop/print_shifts" "${EVERY:-31}" <<'PYTHON'
import datetime, subprocess, sys, zoneinfo

program, every = sys.argv[1], int(sys.argv[2])
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
DAY = datetime.timedelta(days=1)


def seconds(naive):
    return int((naive - EPOCH).total_seconds())


def instant(zone, naive):
    """The first instant at which the wall shows it; of a gap, its end."""
    first = naive.replace(tzinfo=zone, fold=0)
    utc = first.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None, fold=0) == naive:
        return int(utc.timestamp())
    low, high = seconds(naive) - 90000, seconds(naive) + 90000
    while low + 1 < high:
        middle = (low + high) // 2
        shown = datetime.datetime.fromtimestamp(middle, zone).replace(tzinfo=None, fold=0)
        low, high = (low, middle) if shown > naive else (middle, high)
    return high


def month(start, n):
    total = start.year * 12 + start.month - 1 + n
    year, index = divmod(total, 12)
    last = (datetime.datetime(year + (index == 11), (index + 1) % 12 + 1, 1) - DAY).day
    return start.replace(year=year, month=index + 1, day=min(start.day, last))


def handovers(zone, start, step, begin, end):
    n = 0
    found = []
    while True:
        at = instant(zone, step(start, n))
        if at >= end:
            return found
        found.append((at, "m%d" % (n % 3)))
        n += 1


def holder(found, at):
    low, high = 0, len(found)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if found[middle][0] <= at else (low, middle)
    return found[low][1]


def windows(zone, opens, shuts, begin, end):
    day = datetime.datetime(2019, 12, 30)
    while day < datetime.datetime(2040, 1, 3):
        first = instant(zone, day + opens)
        last = instant(zone, day + shuts + (DAY if shuts < opens else 0 * DAY))
        if last > begin and first < end and last > first:
            yield first, last
        day += DAY


def merged(rows):
    out = []
    for at, who in rows:
        if out and out[-1][0] == at:
            out.pop()
        if not out or out[-1][1] != who:
            out.append((at, who))
    return out


def with_hours(found, zone, opens, shuts, begin, end):
    edges = {begin}
    spans = list(windows(zone, opens, shuts, begin, end))
    for first, last in spans:
        edges.update((first, last))
    edges.update(at for at, _ in found)
    rows, index = [], 0
    for at in sorted(e for e in edges if begin <= e < end):
        while index + 1 < len(spans) and spans[index][1] <= at:
            index += 1
        inside = spans[index][0] <= at < spans[index][1]
        rows.append((at, holder(found, at) if inside else "-"))
    return merged(rows)


hour = datetime.timedelta(hours=1)
rules = [
    ("2019-12-02 10:00", "7 days", "", lambda s, n: s + 7 * n * DAY),
    ("2019-12-02 02:30", "1 day", "", lambda s, n: s + n * DAY),
    ("2019-11-30 00:15", "1 month", "", month),
    ("2019-12-29 23:45", "12 h", "", lambda s, n: s + 12 * n * hour),
    ("2019-12-02 09:00", "7 days", "22:00-02:15", lambda s, n: s + 7 * n * DAY),
]
begin, end = seconds(datetime.datetime(2020, 1, 1)), seconds(datetime.datetime(2040, 1, 1))
names = sorted(n for n in zoneinfo.available_timezones() if n[0].isupper() and n != "Factory")
checked = wrong = 0
for number, name in enumerate(names):
    zone = zoneinfo.ZoneInfo(name)
    for rule, (start, shift, hours, step) in enumerate(rules):
        # EVERY=1: all rules in all zones, for twenty years.
        if every > 1 and (number + rule) % every != 0:
            continue
        starts = datetime.datetime.strptime(start, "%Y-%m-%d %H:%M")
        said = subprocess.run([program, name, start, shift, hours, "2020-01-01 00:00",
                               "2040-01-01 00:00"], capture_output=True, text=True)
        got = [(int(a), b) for a, b in (line.split() for line in said.stdout.splitlines())]
        found = handovers(zone, starts, step, begin, end)
        if hours:
            opens, shuts = (datetime.timedelta(hours=int(t[:2]), minutes=int(t[3:]))
                            for t in hours.split("-"))
            want = with_hours(found, zone, opens, shuts, begin, end)
        else:
            want = merged([(begin, holder(found, begin))] + [f for f in found if f[0] > begin])
        checked += len(want)
        if got != want:
            wrong += 1
            differ = next((p for p in zip(got, want) if p[0] != p[1]), (len(got), len(want)))
            print("# %s %s %s %s: ours and theirs %s %s" % (name, start, shift, hours, differ,
                                                            said.stderr))
print("# figures: %d shifts" % checked)
print("%s - handovers are where another implementation of civil time puts them" %
      ("ok" if wrong == 0 and checked > 10000 else "not ok"))
PYTHON
