"""How long each step of a run took: for the manifest and the benchmarks, never for a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._started = perf_counter()

    @property
    def elapsed(self) -> float:
        """Seconds since the watch was made."""
        return round(perf_counter() - self._started, 3)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside; the same name adds up."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + perf_counter() - start, 3)
