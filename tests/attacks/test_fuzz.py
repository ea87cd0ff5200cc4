"""Whatever a generator thinks of: readers, parameters, queries and texts answer in words or do their work. The same examples each time;
`benchmarks/fuzz.py` goes on for hours, guided by coverage."""

import os
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesqc_lib import lists
from salesqc_lib.contacts import without_contacts
from salesqc_lib.crm import files, query_room
from salesqc_lib.crm.intake import Intake
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.errors import InputError
from salesqc_lib.letters import readable, unreadable_in
from salesqc_lib.params import read
from salesqc_lib.params.model import Parameters
from salesqc_lib.report.glyphs import drawable
from salesqc_lib.report.markdown import to_html, to_typst
from tests.crm.test_readers import SCRATCH

FEW = settings(
    max_examples=2000 if os.environ.get("SALESQC_ALL") else 120,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXTS = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    ["+7 916 123-45-67", "anna@firm.ru", "=1+1;@x", "<img src=x onerror=alert(1)>", "+ " * 20, "Анна Смирнова", "$x$", "\ud83d", "\u202e"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS.map(readable) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.map(readable), inner, max_size=4),
    max_leaves=12,
)
KEYS = ("client", "report", "source", "stages", "calendar", "targets", "funnel", "hygiene", "activity", "clients", "clv", "reviews", "loss_reasons", "assumptions", "exclude", "duplicates", "extra", "rates", "control", "dates")  # fmt: skip


@FEW
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5), st.booleans())
def test_parameters_of_any_shape(tmp_path: Path, found: dict[str, object], is_whole: bool) -> None:
    whole: dict[str, object] = dict(SCRATCH) if is_whole else {}
    path = tmp_path / "acme.yaml"
    path.write_text(yaml.safe_dump({**whole, **found}, allow_unicode=True), encoding="utf-8", errors="surrogatepass")
    told = ""
    try:
        read(path)
    except InputError as error:
        told = error.text
    assert not told or str(path) in told


@FEW
@given(st.binary(max_size=300))
def test_parameters_of_any_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "acme.yaml").write_bytes(content)
    with pytest.raises(InputError):
        read(tmp_path / "acme.yaml")


BEGINNINGS = st.sampled_from(
    [
        b"",
        b"ID;Sum\n1;2\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"PAR1",
        b"SQLite format 3\x00",
        b"[{",
        b'{"a":',
        b"<table><tr>",
        b"\xff\xfe",
        b"\xd0\xcf\x11\xe0",
        b'ID,"a',
        b"\xef\xbb\xbfID,x\n",
        b"<?xml",
    ]
)


@FEW
@given(
    BEGINNINGS, st.binary(max_size=400), st.sampled_from(["csv", "xlsx", "json", "xls", "gz", "zip", "db", "parquet", "html", "ods", "txt"])
)
def test_files_of_any_bytes(tmp_path: Path, beginning: bytes, rest: bytes, ending: str) -> None:
    path = tmp_path / f"deals.{ending}"
    path.write_bytes(beginning + rest)
    told = ""
    with duckdb.connect() as con:
        intake = Intake(Parameters.model_validate(SCRATCH), con)
        try:
            for part in files.sheets_of(path, intake.scratch):
                files.open_file(intake, part.path, "deals", sheet=part.sheet)
        except InputError as error:
            told = error.text
        assert not told or path.name in told


@FEW
@given(TEXTS)
def test_queries_of_any_text(text: str) -> None:
    told = ""
    for query in (text, f"SELECT {text} FROM file", f"SELECT * FROM {text}"):
        try:
            query_room.checked(query.encode("utf-8", "ignore").decode(), {"file"})
        except query_room.RefusedError as error:
            told = error.message
    assert not told or "the query" in told


@FEW
@given(TEXTS)
def test_texts_of_any_letters(text: str) -> None:
    shown = readable(text)
    assert unreadable_in(shown) is None
    assert readable(shown) == shown
    for country in ("RU", "DE", None):
        without = without_contacts(shown, country)
        assert without_contacts(without, country) == without
    assert "Смирнова" not in Pseudonyms(b"k" * 32, "acme", ["Анна Смирнова"]).text(shown)
    assert drawable(drawable(shown)) == drawable(shown)
    lists._as_text(shown)
    assert "<script" not in to_html(shown, [], set())
    to_typst(shown)
