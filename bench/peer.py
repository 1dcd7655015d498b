"""`eventsourcing`, as a process in its own environment: for each line of sizes on stdin, it saves as many aggregates at once.

Each has a text of that size. It answers with the seconds that saving took: of processor time, and of wall time.
"""

import os
import sys
import time
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Noted(Aggregate):
    @event("Recorded")
    def __init__(self, said: str) -> None:
        self.said = said


def main() -> None:
    os.environ |= {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": sys.argv[1]}
    app: Application[Any] = Application()
    for line in sys.stdin:
        texts = ["x" * int(size) for size in line.split()]
        processor, wall = time.process_time(), time.perf_counter()
        app.save(*[Noted(text) for text in texts])
        print(time.process_time() - processor, time.perf_counter() - wall, flush=True)


if __name__ == "__main__":
    main()
