"""Readers of a release, each a process of its own: `readers.py KIND ADDRESS FOLDER COUNT`.

`KIND` is `duckdb` (`ADDRESS`: the path of `current`) or `postgresql` (`ADDRESS`: the URL). Every reader makes
a file in `FOLDER/ready` after its first look, looks again and again until `FOLDER/stop` is there, and then
once more. Printed is, a line per reader, the list of the generations it saw, one entry per look.
A look that sees two generations at once, or that fails, ends everything with an error.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb
import psycopg

_MARKS = """
SELECT caveat_en AS generation FROM {0}dim_indicator UNION SELECT title FROM {0}dim_report
UNION SELECT source FROM {0}dim_rule UNION SELECT message_en FROM {0}findings
"""
_PAUSE = 0.2


def look_at_duckdb(current: str) -> Iterator[list[str]]:
    """Opens the database anew for every look; every second one reads the Parquet files instead."""
    while True:
        with duckdb.connect(f"{current}/gao.duckdb", read_only=True, config={"threads": 1}) as connection:
            yield [mark for (mark,) in connection.execute(_MARKS.format("")).fetchall()]
        folder = Path(current).resolve() / "parquet"
        with duckdb.connect(config={"threads": 1}) as connection:
            for table in ("dim_indicator", "dim_report", "dim_rule", "findings"):
                connection.read_parquet(f"{folder}/{table}/*.parquet").create_view(table)
            yield [mark for (mark,) in connection.execute(_MARKS.format("")).fetchall()]


def look_at_postgresql(url: str) -> Iterator[list[str]]:
    """One session, one statement a look."""
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            yield [mark for (mark,) in connection.execute(_MARKS.format("gao.").encode()).fetchall()]


LOOKS: dict[str, Callable[[str], Iterator[list[str]]]] = {
    "duckdb": look_at_duckdb,
    "postgresql": look_at_postgresql,
}


def read(kind: str, address: str, folder: Path) -> list[int]:
    """The generation that each look saw."""
    os.nice(19)
    seen: list[int] = []
    stopping = False
    for marks in LOOKS[kind](address):
        (mark,) = marks
        seen.append(int(mark))
        if stopping:
            break
        (folder / "ready" / str(os.getpid())).touch()
        stopping = (folder / "stop").exists()
        time.sleep(_PAUSE)
    return seen


def main() -> None:
    kind, address, folder, count = sys.argv[1:]
    with ProcessPoolExecutor(int(count), multiprocessing.get_context("fork")) as pool:
        readers = [pool.submit(read, kind, address, Path(folder)) for _ in range(int(count))]
        for reader in readers:
            print(json.dumps(reader.result()))


if __name__ == "__main__":
    main()
