"""What phone_count has to count by event time, from the records of a topic alone; times in milliseconds."""
import json
from collections import defaultdict
from typing import Callable, NamedTuple

NEVER = float("-inf")


class Record(NamedTuple):
    partition: int
    offset: int
    time: int
    phone: str
    watermark: float  # of its partition when it came


def records(listed: bytes, bound: int) -> list[Record]:
    """Of what `phone_count --list --format json` printed, by partition and offset."""
    highest = defaultdict(lambda: NEVER)
    found = []
    for m in sorted(map(json.loads, listed.splitlines()), key=lambda m: (m["partition"], m["offset"])):
        partition, time = m["partition"], m["time_ms"]
        found.append(Record(partition, m["offset"], time, m["phone"], highest[partition] - bound))
        highest[partition] = max(highest[partition], time)
    return found


def tumbling(size: int):
    return hopping(size, size)


def hopping(size: int, hop: int):
    def windows(time: int):
        last = time // hop * hop
        return [(begin, begin + size) for begin in range(last, time - size, -hop)]
    return windows


def cumulative(step: int, size: int):
    def windows(time: int):
        begin = time // size * size
        return [(begin, end) for end in range(begin + step, begin + size + 1, step) if end > time]
    return windows


def count(all_records: list[Record], windows: Callable, allowed: int = 0) -> tuple[list, list[Record]]:
    """The windows as (begin, end, [(phone, count)...]) in order, and the records that are late for all of theirs."""
    counted, late = defaultdict(lambda: defaultdict(int)), []
    for r in all_records:
        on_time = [w for w in windows(r.time) if w[1] + allowed > r.watermark]
        for window in on_time:
            counted[window][r.phone] += 1
        if not on_time:
            late.append(r)
    return in_order(counted), late


def count_sessions(all_records: list[Record], gap: int) -> list:
    """The same of sessions, if none of the records is late for good."""
    counted = defaultdict(lambda: defaultdict(int))
    of_phone = defaultdict(list)
    for r in all_records:
        of_phone[r.phone].append(r)
    first_seen = {}
    for phone, theirs in of_phone.items():
        by_time = sorted(theirs, key=lambda r: r.time)
        runs = [[by_time[0]]]
        for r in by_time[1:]:
            if r.time < runs[-1][-1].time + gap:
                runs[-1].append(r)
            else:
                runs.append([r])
        for run in runs:
            window = (run[0].time, run[-1].time + gap)
            counted[window][phone] = len(run)
            first_seen[window, phone] = min((r.partition, r.offset) for r in run)
    return [(begin, end, sorted(rows, key=lambda row: first_seen[(begin, end), row[0]]))
            for begin, end, rows in in_order(counted)]


def in_order(counted: dict) -> list:
    return [(*window, list(counted[window].items())) for window in sorted(counted, key=lambda w: (w[1], w[0]))]


def printed(output: bytes) -> tuple[list, list[dict]]:
    """What `phone_count --format json` printed: the windows as `count` has them, and the late records."""
    lines = [json.loads(line) for line in output.splitlines()]
    windows = [(w["begin_ms"], w["end_ms"], [(row["phone"], row["count"]) for row in w["counts"]])
               for w in lines if "late" not in w]
    return windows, [line for line in lines if "late" in line]
