"""The job that the project grew from: real processes, a real Kafka, real time, exact windows."""
import re
import subprocess
import time
import unittest

from own_kafka import OwnKafka
from programs import PHONE_COUNT, PHONE_PRODUCER, Program, TestCase

SIZE = 4.0
# seconds after the begin of the first window, as in tests/support/phone_job.hpp
MESSAGES = [(0.5, "Huwai P30"), (2.2, "Samsung galaxy 9"),
            (4.5, "Samsung galaxy 9"), (5.0, "Apple iphone 11"), (6.1, "Samsung galaxy 9"), (7.4, "Apple iphone 11"),
            (8.6, "Apple iphone 11"), (9.0, "Huwai P30"), (9.0, "Huwai P30"), (11.0, "Samsung galaxy 9"),
            (16.6, "Nokia 3310"), (17.0, "Apple iphone 11"), (17.5, "Nokia 3310"), (19.0, "Nokia 3310"),
            (21.5, "Huwai P30")]
WINDOWS = [(0, ["(Huwai P30, 1)", "(Samsung galaxy 9, 1)"]),
           (4, ["(Samsung galaxy 9, 2)", "(Apple iphone 11, 2)"]),
           (8, ["(Apple iphone 11, 1)", "(Huwai P30, 2)", "(Samsung galaxy 9, 1)"]),
           (16, ["(Nokia 3310, 3)", "(Apple iphone 11, 1)"]),
           (20, ["(Huwai P30, 1)"])]


def stamp(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


class PhoneJob(TestCase):
    def test_fifteen_messages_in_windows_of_four_seconds(self):
        # one partition: rows come as first seen in (partition, offset), which is then the order of sending
        with OwnKafka("num.partitions=1") as kafka, \
                Program(PHONE_PRODUCER, "--brokers", kafka.address, "--topic", "Test", "--rate", "0", "--stdin",
                        stdin=subprocess.PIPE) as producer, \
                Program(PHONE_COUNT, "--brokers", kafka.address, "--topic", "Test", "--wait-topic", "--format", "table",
                        "--windows", str(1 + len(WINDOWS))) as counter:

            def send(phone: str):
                producer.process.stdin.write(phone.encode() + b"\n")
                producer.process.stdin.flush()

            send("warm up")  # its window shows that all are there
            counter.out.wait_for(r"^\(warm up, 1\)\n")
            begin = (time.time() // SIZE + 1) * SIZE
            if begin - time.time() < 0.2:
                begin += SIZE
            for at, phone in MESSAGES:
                until = begin + at
                while (left := until - time.time()) > 0:
                    time.sleep(left)
                send(phone)
            producer.process.stdin.close()
            self.assertEqual(0, producer.wait(), producer.err.text)
            self.assertEqual(0, counter.wait(), counter.err.text)

        expected = []
        for offset, rows in WINDOWS:
            expected.append(f"[{stamp(begin + offset)}, {stamp(begin + offset + SIZE)})")
            expected.extend(rows)
        self.assertEqual(expected, counter.out.lines[2:])
        sent = re.findall(r"^Test \[0\] at offset (\d+): (.+)\n", producer.out.text, re.M)
        self.assertEqual([(str(i), phone) for i, (_, phone) in enumerate([(0, "warm up"), *MESSAGES])], sent)
        self.assertRegex(producer.err.text, r"\Aphone_producer: sent 16, delivered 16, failed 0, .*\n\Z")


if __name__ == "__main__":
    unittest.main()
