"""Fan-out: the same results wherever documents are read, and a lost document is lost alone."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator

import pytest

from gao_pipeline.archive.mapper import (
    DaskMapper,
    InProcessMapper,
    Loss,
    Lost,
    Mapper,
    ProcessMapper,
    map_documents,
)


def square_or_die(number: int) -> int:
    """Module level, because workers import it."""
    match number:
        case -1:
            os._exit(3)
        case -2:
            time.sleep(60)
        case -3:
            raise ValueError("no square")
    return number * number


@pytest.fixture(params=["in_process", "processes", "dask"])
def mapper(request: pytest.FixtureRequest) -> Iterator[Mapper]:
    match request.param:
        case "in_process":
            yield InProcessMapper()
        case "processes":
            yield ProcessMapper(workers=2)
        case "dask":
            if importlib.util.find_spec("distributed") is None:
                pytest.skip("the extra dask is not installed")
            from distributed import LocalCluster

            with LocalCluster(
                n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
            ) as cluster:
                yield DaskMapper(cluster.scheduler_address)


def test_every_mapper_gives_every_result(mapper: Mapper) -> None:
    documents = [(str(number), (number,)) for number in range(30)]
    assert dict(map_documents(mapper, square_or_die, documents)) == {str(n): n * n for n in range(30)}


def test_an_exception_is_the_loss_of_one_document(mapper: Mapper) -> None:
    results = dict(map_documents(mapper, square_or_die, [("good", (2,)), ("bad", (-3,))]))
    assert results["good"] == 4
    assert results["bad"] == Lost(Loss.CRASHED, "ValueError: no square")


def test_a_crashed_or_late_worker_loses_only_its_document() -> None:
    documents = [("crash", (-1,)), ("late", (-2,)), *((str(number), (number,)) for number in range(20))]
    results = dict(map_documents(ProcessMapper(workers=2, timeout=5), square_or_die, documents))
    lost = {key: result.reason for key, result in results.items() if isinstance(result, Lost)}
    assert lost == {"crash": Loss.CRASHED, "late": Loss.TIMED_OUT}
    assert {key: result for key, result in results.items() if key not in lost} == {
        str(n): n * n for n in range(20)
    }


def test_not_more_documents_are_taken_than_are_handed_out() -> None:
    taken = 0

    def documents() -> Iterator[tuple[str, tuple[int]]]:
        nonlocal taken
        for number in range(10):
            taken += 1
            yield str(number), (number,)

    results = map_documents(InProcessMapper(in_flight=2), square_or_die, documents())
    next(results)
    assert taken == 2


def test_nothing_to_do_starts_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProcessMapper, "executor", lambda _: pytest.fail("a pool was started"))
    assert list(map_documents(ProcessMapper(), square_or_die, [])) == []
