"""Fuzzing of whatever reads what strangers wrote, guided by coverage: an hour of it found what the tests in `tests/attacks/` hold now.

    pip install atheris && python benchmarks/fuzz.py TARGET [-max_total_time=3600] [CORPUS]

A target may raise an error of the input, in words. Anything else is a fault.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["salesqc_lib"]):
    from salesqc_lib import contacts, letters, lists
    from salesqc_lib.crm import files, query_room
    from salesqc_lib.crm.intake import Intake
    from salesqc_lib.dataset.pseudonyms import Pseudonyms
    from salesqc_lib.errors import InputError
    from salesqc_lib.params import Parameters, read
    from salesqc_lib.period import Period
    from salesqc_lib.report import glyphs, markdown

HEAD = b"client: {id: acme, name: Acme}\nreport: {language: en, currency: EUR, timezone: UTC}\nsource: {kind: tables, folder: data}\n"
ROOM = Path(tempfile.mkdtemp(prefix="salesqc-fuzz-"))
SCRATCH = {
    "client": {"id": "x", "name": "X"},
    "report": {"language": "en", "currency": "EUR", "timezone": "UTC"},
    "source": {"kind": "tables"},
}
PEOPLE = Pseudonyms(b"k" * 32, "acme", ["Anna Smith", "Пётр Орлов", "Xu Li"])


def parameters(data: bytes) -> None:
    for text in (data, HEAD + data):
        (ROOM / "acme.yaml").write_bytes(text)
        try:
            read(ROOM / "acme.yaml")
        except InputError:
            continue


def table(ending: str) -> Callable[[bytes], None]:
    import duckdb

    def read_it(data: bytes) -> None:
        path = ROOM / f"deals.{ending}"
        path.write_bytes(data)
        with duckdb.connect() as con:
            try:
                intake = Intake(Parameters.model_validate(SCRATCH), con)
                for part in files.sheets_of(path, intake.scratch):
                    files.open_file(intake, part.path, "deals", sheet=part.sheet)
            except InputError:
                return

    return read_it


def query(data: bytes) -> None:
    try:
        query_room.checked(data.decode("utf-8", "ignore"), {"file"})
    except query_room.RefusedError:
        return


def text(data: bytes) -> None:
    given = data.decode("utf-8", "surrogateescape")
    shown = letters.readable(given)
    assert letters.unreadable_in(shown) is None
    for country in ("RU", "US", None):
        once = contacts.without_contacts(shown, country)
        contacts.without_contacts(once, country, is_person=True)
    PEOPLE.text(shown)
    lists._as_text(shown)
    glyphs.drawable(shown)
    markdown.to_typst(shown)
    markdown.to_html(shown, [], set())
    try:
        Period.parse(shown[:40])
    except InputError:
        return


TARGETS = {"parameters": parameters, "query": query, "text": text} | {
    name: table(name) for name in ("csv", "json", "html", "xlsx", "gz", "zip", "db", "parquet")
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
