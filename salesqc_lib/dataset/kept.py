"""Prepared data kept from one command to the next: the tables as a DuckDB file, what is known of them as JSON beside it.

They lie in the project's `data/.cache/`, readable by their owner alone, and hold what the client's files hold. They are believed only where
the parameters, the inputs, this library and DuckDB are the same, the file is whole, and the note beside it bears this machine's seal: a folder
that a client has sent is none of ours. Anything else is read anew, in silence: it costs time, and nothing else.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from salesqc_lib import limits
from salesqc_lib.crm.intake import InputFile, Intake, fingerprint, literal, matching, quoted
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.log_span import LogSpan
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.dataset.vetting.precision import Days
from salesqc_lib.errors import InputError
from salesqc_lib.locations import address_of, beside, is_remote
from salesqc_lib.params import Parameters, project
from salesqc_lib.scratch import sweep
from salesqc_lib.version import contents
from salesqc_lib.warnings import Money, Share, Value, Warned
from salesqc_lib.witness import leave_out, stat_of
from salesqc_lib.words import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAYS_FROM = 3.0  # seconds of reading: what is read sooner is not worth the writing
OFF = "SALESQC_NO_CACHE"
FUTURE = "W109"  # a warning that rests on the day of the run
VERSION = 1
NOTE_BYTES = 50 << 20
GRAIN = 2_000_000_000  # nanoseconds: a file that was written so shortly before it was looked at may have changed within the clock's grain
_VALUES = {"Share": Share, "Money": Money, "Text": Text, "date": date}


@dataclass(frozen=True)
class Known:
    """What is known of prepared data beside their tables."""

    as_of: str
    zone: str  # of that moment, '' where it has an offset of its own
    as_of_origin: str
    have: dict[str, frozenset[str]]
    days: Days
    fates: Fates
    unlinked: str
    undated_share: float
    log: LogSpan
    unlogged: tuple[str, ...]
    shapes: dict[str, Shape]
    files: list[InputFile]
    rows_out: dict[str, int]
    extra: dict[str, list[str]]
    crm: str
    threads: int
    tables: list[tuple[str, str, str]]  # schema, name, and the file's name for them
    views: list[tuple[str, str]]  # their SQL, in the order in which they were made; whether they are of this session alone
    warned: list[dict[str, Any]] = field(default_factory=list)
    read_warned: list[dict[str, Any]] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        """The moment of the export."""
        moment = datetime.fromisoformat(self.as_of)
        return moment.astimezone(ZoneInfo(self.zone)) if self.zone else moment


_KNOWN = TypeAdapter(Known)


@dataclass(frozen=True)
class Entry:
    """Kept data as they lie there."""

    note: Path
    client: str
    file: str  # of its parameters
    bytes: int
    used: float

    @property
    def data(self) -> Path:
        """The tables."""
        return self.note.with_suffix(".duckdb")

    def remove(self) -> None:
        """Both files; one that is gone already is no fault."""
        for file in (self.note, self.data):
            file.unlink(missing_ok=True)


def folder() -> Path | None:
    """Where the project keeps them; None outside of a project, and where nothing is to be kept."""
    root = project()
    if os.environ.get(OFF) or not (root / "params").is_dir() or not (root / "data").is_dir():
        return None
    place = root / "data" / ".cache"
    try:
        str(place).encode("utf-8")  # DuckDB knows no other names
        state = _state()
    except (UnicodeEncodeError, RuntimeError):  # nor is there a seal without a home
        return None
    if place.is_symlink():
        return None
    for own in (place, state):
        leave_out(own)  # what is found there is no part of what a report was made from: the files behind it are
    sweep(place)
    return place


def entries() -> list[Entry]:
    """All that is kept, what was used last first."""
    place = folder()
    found = []
    for note in sorted(place.glob("*.json")) if place and place.is_dir() else []:
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = _read(note)
            size = sum(file.stat().st_size for file in (note, note.with_suffix(".duckdb")) if file.is_file())
            found.append(Entry(note, str(told["client"]), str(told["file"]), size, note.stat().st_mtime))
    return sorted(found, key=lambda one: -one.used)


def opened(parameters: Parameters, today: date, connect: "Callable[[], DuckDBPyConnection]") -> tuple[Intake, Known] | None:
    """The prepared data of these parameters in a new connection; None where none are kept that can be believed."""
    import duckdb

    place = folder()
    if place is None or not _may_be_kept(parameters):
        return None
    note, data = (place / f"{_key(parameters)}.{ending}" for ending in ("json", "duckdb"))
    try:
        told = _read(note)
        body = told["body"]
        if not hmac.compare_digest(told["seal"], _seal(body)) or not _is_ours(data):
            return None
        about = json.loads(body)
        if about["key"] != _key(parameters) or not _is_same(about, parameters, today, data):
            return None
        known = _KNOWN.validate_python(about["known"])
        intake = _attached(parameters, known, data, connect())
    except (OSError, ValueError, KeyError, TypeError, InputError, duckdb.Error):
        return None  # none, or one that was cut short, or of another version
    with suppress(OSError):
        os.utime(note)  # it was of use
    return intake, known


def keep(parameters: Parameters, today: date, intake: Intake, known: Known) -> None:
    """Write prepared data for the commands to come; where that fails (a full disk, no right to write), nothing is kept."""
    place = folder()
    is_seen = all(file.sha256 for file in intake.files) and bool(intake.asked)  # no data base
    if place is None or not _may_be_kept(parameters) or not is_seen or any(is_remote(text) for text, _ in intake.asked):
        return
    import duckdb

    name = _key(parameters)
    with suppress(OSError, ValueError, RuntimeError, duckdb.Error):
        files = _stamps(intake)
        if files is None:
            return
        place.mkdir(mode=0o700, exist_ok=True)
        place.chmod(0o700)
        with tempfile.TemporaryDirectory(dir=place, prefix=f"salesqc-{os.getpid()}-") as room:
            data = Path(room) / "data"
            known = _written(intake.con, data, known)
            data.chmod(0o600)
            body = json.dumps(
                {
                    "key": name, "known": _KNOWN.dump_python(known, mode="json"), "today": today.isoformat(), "rests_on_day": _rests_on_day(known, today),
                    "asked": [[text, [str(path) for path in paths]] for text, paths in intake.asked], "files": files, "size": data.stat().st_size,
                    "sha256": fingerprint(data),
                }, ensure_ascii=False, default=str,
            )  # fmt: skip
            note = Path(room) / "note"
            note.write_text(
                json.dumps({"client": parameters.client.id, "file": str(parameters.file.absolute()), "seal": _seal(body), "body": body}),
                encoding="utf-8",
            )
            note.chmod(0o600)
            (place / f"{name}.json").unlink(missing_ok=True)  # an old note must not vouch for the new tables
            data.replace(place / f"{name}.duckdb")
            note.replace(place / f"{name}.json")
        _bound(place, note=place / f"{name}.json")


def known_of(**told: Any) -> Known:
    """What is known, with the doubts in a form that can be written."""
    for name in ("warned", "read_warned"):
        told[name] = [_plain(one) for one in told[name]]
    return Known(tables=[], views=[], **told)


def doubts(told: list[dict[str, Any]]) -> list[Warned]:
    """The doubts as they were."""
    return [Warned(**(one | {"values": {name: _value(*value) for name, value in one["values"].items()}})) for one in told]


def _plain(warned: Warned) -> dict[str, Any]:
    values = {name: _tagged(value) for name, value in warned.values.items()}
    return {"code": warned.code, "values": values, "table": warned.table, "column": warned.column, "file": warned.file, "rows": warned.rows}


def _tagged(value: Value) -> tuple[str, Any]:
    match value:
        case Share() | Money():
            return type(value).__name__, value.value
        case Text():
            return "Text", [value.ru, value.en]
        case date():
            return "date", value.isoformat()
        case _:
            return "", value


def _value(kind: str, value: Any) -> Value:
    match kind:
        case "Text":
            return Text(*value)
        case "date":
            return date.fromisoformat(value)
        case "Share":
            return Share(value)
        case "Money":
            return Money(value)
        case _:
            plain: Value = value
            return plain


def _may_be_kept(parameters: Parameters) -> bool:
    """Names that are masked come of a secret; Spark's tables, and files at addresses, lie elsewhere."""
    return not parameters.report.mask_names and parameters.source.kind != "spark" and not address_of(parameters.file)


def _rests_on_day(known: Known, today: date) -> bool:
    """Whether the day of the run decided what is believed: events after it were left out, or most events lie after it."""
    return known.moment.date() > today or any(one["code"] == FUTURE for one in known.warned)


def _key(parameters: Parameters) -> str:
    """Of what the data were prepared from, beside the files: the parameters but for the language, this library, DuckDB, the limits."""
    import duckdb

    set_here = {name: text for name, text in sorted(os.environ.items()) if name.startswith("SALESQC_") and name != "SALESQC_KEY"}
    parts = [
        parameters.model_dump_json(exclude={"report": {"language"}}), str(parameters.file.absolute()), contents(), duckdb.__version__,
        json.dumps(set_here), str(VERSION),
    ]  # fmt: skip
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_same(about: dict[str, Any], parameters: Parameters, today: date, data: Path) -> bool:
    """Whether the inputs are what they were, and the tables are whole."""
    day = date.fromisoformat(about["today"])
    if today < day or (about["rests_on_day"] and today != day):
        return False
    for text, paths in about["asked"]:
        if [str(path) for path in matching(beside(parameters.file, text))] != paths:
            return False
    is_whole = data.stat().st_size == about["size"] and fingerprint(data) == about["sha256"]
    return is_whole and all(fingerprint(Path(path)) == sha for path, sha in about["files"].items())


def _stamps(intake: Intake) -> dict[str, str] | None:
    """The files that were read (of one in an archive, the archive) by their contents; None where one may have changed since it was asked for:
    it was not at rest then, or is another now."""
    found = {}
    for path, (stat, at) in intake.stats.items():
        if stat is None or max(stat[1], stat[2]) > at - GRAIN or stat_of(str(path)) != stat:
            return None
        found[str(path)] = fingerprint(path)
    return found


def _read(note: Path) -> dict[str, Any]:
    """A note of ours; a ValueError for whatever else lies there under such a name."""
    if not _is_ours(note) or note.stat().st_size > NOTE_BYTES:
        raise ValueError(note)
    try:
        told: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError(note) from None
    return told


def _is_ours(file: Path) -> bool:
    stat = file.lstat()
    return S_ISREG(stat.st_mode) and (not hasattr(os, "getuid") or (stat.st_uid == os.getuid() and not stat.st_mode & 0o077))


def _seal(body: str) -> str:
    """What only this account on this machine can write: a file in the project may be anybody's."""
    return hmac.new(_own_secret(), body.encode("utf-8"), hashlib.sha256).hexdigest()


def _state() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "salesqc"


def _own_secret() -> bytes:
    home = _state()
    file = home / "seal"
    with suppress(FileNotFoundError):
        return file.read_bytes()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=home)  # 0600
    with os.fdopen(handle, "wb") as new:
        new.write(secrets.token_bytes(32))
    with suppress(FileExistsError):
        os.link(made, file)  # whoever comes first
    Path(made).unlink()
    return file.read_bytes()


def _written(con: "DuckDBPyConnection", data: Path, known: Known) -> Known:
    """Copy every table of the connection into a file; its views are kept as their SQL."""
    tables = []
    con.execute(f"ATTACH {literal(str(data))} AS kept")
    try:
        listed = (
            "SELECT schema_name, table_name, temporary FROM duckdb_tables() WHERE database_name IN ('memory', 'temp') ORDER BY table_oid"
        )
        for place, (schema, name, is_own) in enumerate(con.execute(listed).fetchall()):
            whole = f"temp.{quoted(name)}" if is_own else f"memory.{quoted(schema)}.{quoted(name)}"
            con.execute(f"CREATE TABLE kept.t{place} AS SELECT * FROM {whole}")
            tables.append(("temp" if is_own else str(schema), str(name), f"t{place}"))
    finally:
        con.execute("DETACH kept")
    made = "SELECT sql, temporary FROM duckdb_views() WHERE NOT internal AND database_name IN ('memory', 'temp') ORDER BY view_oid"
    views = [(str(sql), "temp" if is_own else "") for sql, is_own in con.execute(made).fetchall()]
    return replace(known, tables=tables, views=views)


def _attached(parameters: Parameters, known: Known, data: Path, con: "DuckDBPyConnection") -> Intake:
    """The kept tables under their names, in a connection in which further ones can be made."""
    intake = Intake(parameters, con)
    intake.files, intake.rows_out, intake.extra, intake.crm = known.files, known.rows_out, known.extra, known.crm
    intake.warned = doubts(known.read_warned)
    con.execute("DROP TABLE rejected; CREATE SCHEMA facts")
    con.execute(f"SET threads = {known.threads}")
    con.execute(f"ATTACH {literal(str(data))} AS kept (READ_ONLY)")
    for schema, name, own in known.tables:
        whole = quoted(name) if schema == "temp" else f"memory.{quoted(schema)}.{quoted(name)}"
        con.execute(f"CREATE {'TEMP ' if schema == 'temp' else ''}VIEW {whole} AS SELECT * FROM kept.main.{own}")
    for sql, _ in known.views:
        con.execute(sql)
    return intake


def _bound(place: Path, note: Path) -> None:
    """What a new note replaces goes, and what was used longest ago, until the rest is within the limit."""
    total, found = 0, entries()
    own = next((entry.file for entry in found if entry.note == note), "")
    for entry in found:
        total += entry.bytes
        if total > limits.CACHE_BYTES or (entry.file == own and entry.note != note):
            entry.remove()
    for left in _left_over(place):
        left.unlink(missing_ok=True)


def _left_over(place: Path) -> Iterator[Path]:
    """Tables without a note: of a run that was killed in between."""
    return (file for file in place.glob("*.duckdb") if not file.with_suffix(".json").exists())
