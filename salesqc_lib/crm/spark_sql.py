"""A Spark session that understands the SQL of the preparations: the same statements, translated, make the same facts.

`sqlglot` translates DuckDB's SQL; what Spark names otherwise, or has no schema for, is rewritten here. Tables become persisted views.
"""

from collections.abc import Sequence
from typing import Any

from salesqc_lib.errors import InputError

SCHEMAS = ("canonical", "facts")


class Rows:
    """What a query gives, as far as the preparations ask for it."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return [tuple(row) for row in self.frame.collect()]

    def df(self) -> Any:
        """All rows as a pandas frame."""
        return self.frame.toPandas()


class SparkSQL:
    """Stands where a DuckDB connection stands."""

    def __init__(self, session: Any, timezone: str) -> None:
        self.session = session
        session.conf.set("spark.sql.session.timeZone", timezone)
        session.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")

    @classmethod
    def connect(cls, master: str, timezone: str) -> "SparkSQL":
        """The active session, or a new one at `master`.

        Raises
        ------
        InputError
            PySpark or sqlglot is not installed.
        """
        try:
            import sqlglot  # noqa: F401 - asked for here, where the cure can be told
            from pyspark.sql import SparkSession
        except ImportError:
            raise InputError(
                "the source «spark» needs PySpark and sqlglot", cure="pip install salesqc[spark]; Spark itself needs Java 17"
            ) from None
        builder = (
            SparkSession.builder.appName("salesqc").config("spark.ui.enabled", "false").config("spark.sql.maxPlanStringLength", "20000")
        )
        if master.startswith("local"):  # one machine: as many parts as it can work on, not two hundred
            builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.memory", "2g")
        return cls(SparkSession.getActiveSession() or builder.master(master).getOrCreate(), timezone)

    def sql(self, text: str) -> Rows:
        """A query."""
        return self.execute(text)

    def execute(self, text: str, values: Sequence[Any] | None = None) -> Rows:
        """Run a statement: a query, or the making of a table or view out of one."""
        from sqlglot import exp, parse_one

        if text.startswith("DESCRIBE "):
            return Rows(
                self.session.createDataFrame(self.session.table(flat(text.removeprefix("DESCRIBE "))).dtypes, "name string, type string")
            )
        tree = parse_one(text, read="duckdb")
        if isinstance(tree, exp.Create):
            name = flat(tree.this.sql(dialect="duckdb"))
            query = tree.expression
            frame = self._of_lists(query, values) if values and isinstance(values[0], list) else self.session.sql(translated(query, values))
            if tree.kind == "TABLE":
                frame = frame.localCheckpoint()  # a plan that grew with every step would outgrow the driver
            frame.createOrReplaceTempView(name)
            return Rows(frame)
        return Rows(self.session.sql(translated(tree, values)))

    def _of_lists(self, query: Any, values: Sequence[Any]) -> Any:
        """Rows that were given as one list for each column."""
        rows = [tuple(row) for row in zip(*values, strict=True)]
        return self.session.createDataFrame(rows, [projection.alias for projection in query.expressions])


def flat(name: str) -> str:
    """A table's name without a schema: views of a session have none."""
    parts = name.replace('"', "").split(".")
    return "_".join(parts) if parts[0] in SCHEMAS else parts[-1]


def translated(tree: Any, values: Sequence[Any] | None = None) -> str:
    """A statement of DuckDB as one of Spark; `?` become the given numbers."""
    from sqlglot import exp

    for placeholder, value in zip(list(tree.find_all(exp.Placeholder, bfs=False)), values or (), strict=True):
        placeholder.replace(exp.Literal.number(repr(float(value))))

    def rewrite(node: Any) -> Any:
        if isinstance(node, exp.Table) and node.args.get("db"):
            return exp.to_table(flat(f"{node.db}.{node.name}"), alias=node.alias or None)
        if isinstance(node, exp.Column) and node.name == "rowid":
            return exp.Anonymous(this="monotonically_increasing_id")
        if isinstance(node, exp.Anonymous | exp.TimeToUnix | exp.UnixToTime | exp.AtTimeZone):
            return _function(node)
        return node

    for node in list(tree.walk(bfs=False))[::-1]:  # from the inside out
        if (other := rewrite(node)) is not node:
            node.replace(other)
    return str(tree.sql(dialect="spark"))


def _function(node: Any) -> Any:
    from sqlglot import exp

    name = node.name.lower() if isinstance(node, exp.Anonymous) else type(node).__name__.lower()
    arguments = node.expressions if isinstance(node, exp.Anonymous) else [node.this]
    if name in ("epoch", "timetounix"):  # with its fraction of a second
        return exp.cast(arguments[0], "double")
    if name == "epoch_us":
        return exp.Anonymous(this="unix_micros", expressions=[exp.cast(arguments[0], "timestamptz")])
    if name in ("to_timestamp", "unixtotime"):
        micros = exp.cast(exp.func("round", exp.Mul(this=exp.paren(arguments[0]), expression=exp.Literal.number(1_000_000))), "bigint")
        return exp.Anonymous(this="timestamp_micros", expressions=[micros])
    if name == "timezone":  # the session speaks the client's time zone
        return exp.cast(arguments[1], "timestamptz")
    return node
