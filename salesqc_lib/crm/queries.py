"""`query:` of a parameter file: one SELECT over the tables that stand beside it, and nothing else.

A parameter file travels between people, so its SQL is a stranger's. It runs in a process of its own (`query_room`), which is given copies of
these tables and no environment. There it is parsed first, by DuckDB's own parser, and only what is known to read the named tables is let
through; then a data base runs it that can reach no file, no setting and no address. Time and memory are bounded from outside: a
single cell can take more of both than a data base notices.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from salesqc_lib import limits
from salesqc_lib.crm import archive, query_room
from salesqc_lib.crm.files.raw import FILE, ROW
from salesqc_lib.crm.intake import Intake, literal
from salesqc_lib.errors import DataError


def queried(intake: Intake, raw: str, query: str, tables: Mapping[str, str], where: str) -> str:
    """Make a raw table of the rows that `query` selects, and return its name. `raw` is called `file` there, the others as `tables` says.

    Raises
    ------
    DataError
        It is no single SELECT, names something else than these tables, fails, or takes too long.
    """
    if len(query) > limits.QUERY_LETTERS:
        raise DataError(f"the query has {len(query):,} letters", where=where, cure=f"{limits.QUERY_LETTERS:,} are enough for one SELECT")
    room = archive.room(intake.scratch)
    files = {}
    for number, (name, source) in enumerate({"file": raw, **tables}.items()):
        files[name] = f"table{number}.parquet"
        intake.con.execute(
            f"COPY (SELECT * FROM {source} ORDER BY {FILE}, {ROW}) TO {literal(str(room / files[name]))} (FORMAT parquet, COMPRESSION uncompressed)"
        )
    request = {
        "query": query, "tables": files, "zone": intake.parameters.report.timezone, "row": ROW, "file": FILE,
        "memory": limits.QUERY_MEMORY, "spill": limits.QUERY_SPILL, "bytes": limits.QUERY_BYTES,
    }  # fmt: skip
    (room / "request.json").write_text(json.dumps(request), encoding="utf-8")
    _answered(room, where)
    return _read(intake, room / "result.arrow", f"{raw}_query")


def _answered(room: Path, where: str) -> None:
    """Have the query run, for no longer than it may."""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by the interpreter that runs this
            [sys.executable, "-I", query_room.__file__, str(room)],
            env={"MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.QUERY_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DataError(
            f"the query takes longer than {limits.QUERY_SECONDS:g} s", where=where, cure="a join without a condition? Simplify it"
        ) from None
    if not done.returncode:
        return
    try:
        told = json.loads(done.stdout)
    except ValueError:  # it died without a word: what asks the system for too much is ended by it
        raise DataError(f"the query needs more memory than {limits.QUERY_MEMORY}", where=where, cure="select fewer rows") from None
    raise DataError(told["message"], where=where, cure=told["cure"])


def _read(intake: Intake, file: Path, name: str) -> str:
    import pyarrow as pa

    with pa.memory_map(str(file)) as source:
        intake.con.register("rows_of_query", pa.ipc.open_file(source).read_all())
        intake.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM rows_of_query")
        intake.con.unregister("rows_of_query")
    return name
