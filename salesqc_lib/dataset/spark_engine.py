"""The engine for clients who outgrow one machine: the facts lie in a Spark session, and only sums and needed rows come here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from salesqc_lib.crm.spark_sql import SparkSQL, flat
from salesqc_lib.dataset.engine import Arrays, folding, inside, where


class SparkEngine:
    """Spark, behind the same five questions as DuckDB."""

    def __init__(self, con: SparkSQL) -> None:
        self.con, self._made = con, 0

    def table(self, name: str) -> Any:
        """A table by its name, as a frame."""
        import narwhals as nw

        return nw.from_native(self.con.session.table(flat(name)))

    def small_table(self, texts: dict[str, list[str]], moments: dict[str, list[datetime]], numbers: dict[str, list[float]]) -> str:
        """Make a table of a few rows; returns its name."""
        name = self._new("small")
        columns = [*texts.values(), *([moment.timestamp() for moment in column] for column in moments.values()), *numbers.values()]
        names = [*texts, *moments, *numbers]
        frame = self.con.session.createDataFrame([tuple(row) for row in zip(*columns, strict=True)], names)
        picked = [
            f"timestamp_micros(CAST(round(`{column}` * 1000000) AS BIGINT)) AS `{column}`" if column in moments else f"`{column}`"
            for column in names
        ]
        frame.selectExpr(*picked).createOrReplaceTempView(name)
        return name

    def within(self, table: str, windows: str, clock: str, condition: str) -> Any:
        """Each row of a table beside each window that it lies in."""
        import narwhals as nw

        return nw.from_native(
            self.con.execute(f"SELECT * FROM {table} f, {windows} w{where(inside(clock) if clock else '', condition)}").frame
        )

    def fold(self, frame: Any, keys: Sequence[str], apart: Sequence[str], where: str, sums: Sequence[str]) -> Arrays:
        """Sums (as floats) by `keys`, and by the columns `apart` in the rows that satisfy `where`."""
        name = self._new("folded")
        frame.to_native().createOrReplaceTempView(name)
        picked, groups = folding(keys, apart, where, sums)
        return _arrays(self.con.execute(f"SELECT {picked} FROM {name} GROUP BY {groups}").df())

    def fetch(self, frame: Any) -> Arrays:
        """All rows."""
        return _arrays(frame.to_native().toPandas())

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"{kind}_{self._made}"


def _arrays(frame: Any) -> Arrays:
    return {name: frame[name].to_numpy() for name in frame.columns}
