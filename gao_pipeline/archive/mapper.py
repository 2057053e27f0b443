"""How documents are fanned out: one function over many documents, on any `concurrent.futures.Executor`.

In this process, in a pool of processes (default), or on a Dask cluster. A document that crashes its worker
or takes too long is lost alone; the others are done.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from enum import StrEnum
from importlib import import_module
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

T = TypeVar("T")


class Loss(StrEnum):
    """Why a document gave no result; the values are quarantine reasons."""

    CRASHED = "reader_crashed"
    TIMED_OUT = "reader_timeout"


class Lost(NamedTuple):
    """A document that was lost, with what is known about it."""

    reason: Loss
    detail: str


class Mapper(Protocol):
    """Where documents are read. `in_flight` is how many are handed out at a time."""

    @property
    def in_flight(self) -> int: ...

    def executor(self) -> Executor: ...


class InProcessMapper(NamedTuple):
    """Reads documents one after the other in this process: for tests and debugging."""

    in_flight: int = 1

    def executor(self) -> Executor:
        return _InProcessExecutor()


class ProcessMapper(NamedTuple):
    """Reads documents in worker processes of their own.

    A worker that dies or exceeds `timeout` (seconds a document) is replaced.
    """

    workers: int = 2
    timeout: float = 300.0

    @property
    def in_flight(self) -> int:
        return 4 * self.workers

    def executor(self) -> Executor:
        return _WorkerExecutor(self.workers, self.timeout)


class DaskMapper(NamedTuple):
    """Reads documents on the Dask cluster whose scheduler is at `address` (extra `dask`)."""

    address: str
    in_flight: int = 256

    def executor(self) -> Executor:
        return _DaskExecutor(self.address)


class _InProcessExecutor(Executor):
    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _DaskExecutor(Executor):
    """The executor of a Dask client, which is closed with it."""

    def __init__(self, address: str) -> None:
        self._client = import_module("distributed").Client(address, set_as_default=False)
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


class _WorkerExecutor(Executor):
    """The process pool of Pebble, which replaces a worker that crashed or is late, as an `Executor`."""

    def __init__(self, workers: int, timeout: float) -> None:
        from pebble import ProcessPool

        self._timeout = timeout
        self._pool: Any = ProcessPool(max_workers=workers, context=multiprocessing.get_context("spawn"))

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = self._pool.schedule(fn, args=args, kwargs=kwargs, timeout=self._timeout)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        if wait:
            self._pool.join()


def map_documents(
    mapper: Mapper,
    function: Callable[..., T],
    documents: Iterable[tuple[str, tuple[Any, ...]]],
) -> Iterator[tuple[str, T | Lost]]:
    """`function(*arguments)` for every `(key, arguments)`, in the order in which they are done.

    Not more than `mapper.in_flight` documents are taken from the iterable before one is done. `function`
    must be importable by name. An exception of it is a loss of that document only.
    """
    waiting = iter(documents)
    if not (first := list(islice(waiting, mapper.in_flight))):
        return
    executor = mapper.executor()
    try:
        handed_out = {executor.submit(function, *arguments): key for key, arguments in first}
        while handed_out:
            done = wait(handed_out, return_when=FIRST_COMPLETED).done
            for future in done:
                yield handed_out.pop(future), _result(future)
            for key, arguments in islice(waiting, len(done)):
                handed_out[executor.submit(function, *arguments)] = key
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown()


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except TimeoutError as error:
        return Lost(Loss.TIMED_OUT, str(error))
    except Exception as error:
        return Lost(Loss.CRASHED, f"{type(error).__name__}: {error}")
