"""Changing a canonical table in place, whichever engine holds it and however large it is."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def rewrite(con: "DuckDBPyConnection", table: str, columns: Iterable[str], changed: Mapping[str, str], keep: str = "") -> None:
    """Give columns of `canonical.<table>` another expression (over the old columns), add new ones, keep only the rows that satisfy `keep`."""
    names = list(dict.fromkeys([*columns, *changed]))
    listed = ", ".join(f'{changed[name]} AS "{name}"' if name in changed else f'"{name}"' for name in names)
    where = f" WHERE {keep}" if keep else ""
    if not hasattr(con, "fetchnumpy"):  # Spark: a view, cut off from its old self
        con.execute(f"CREATE TABLE canonical.{table} AS SELECT {listed} FROM canonical.{table}{where}")
        return
    kind = con.execute("SELECT table_type FROM information_schema.tables WHERE table_schema = 'canonical' AND table_name = ?", [table])
    if kind.fetchall()[0][0] != "VIEW":
        con.execute(f"CREATE OR REPLACE TABLE canonical.{table} AS SELECT {listed} FROM canonical.{table}{where} ORDER BY rowid")
        return
    views = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'canonical' AND starts_with(table_name, ?)"
    older = f"{table}_{con.execute(views, [table]).fetchall()[0][0]}"  # of a file that is too large to be copied
    con.execute(f"ALTER VIEW canonical.{table} RENAME TO {older}")
    con.execute(f"CREATE VIEW canonical.{table} AS SELECT {listed} FROM canonical.{older}{where}")
