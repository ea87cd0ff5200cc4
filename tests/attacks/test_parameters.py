"""A parameter file from a stranger: whatever stands in it is read as it is meant or refused in words, with its file and line, and reaches
nothing outside the client's own folders."""

import datetime
import os
from pathlib import Path

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError, ParameterError
from salesqc_lib.params import find, read
from salesqc_lib.period import Period

HEAD = "client: {id: acme, name: Acme}\nreport: {language: en, currency: EUR, timezone: UTC}\n"
SOURCE = "source: {kind: tables, folder: data, as_of: 2026-02-01}\n"
GOOD = HEAD + SOURCE
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

# what stands in the file, and a word of what is told
REFUSED: dict[str, tuple[str, str]] = {
    "billion laughs": (GOOD + LAUGHS, "unfold to too many values"),
    "laughs by merging": (GOOD + "a: &a {x: 1}\n" + "".join(f"m{i}: &m{i} {{<<: [{', '.join(['*' + ('a' if i == 0 else f'm{i - 1}')] * 9)}]}}\n" for i in range(8)), "unfold to too many"),
    "an alias of itself": (GOOD + "exclude: &a {x: *a}\n", "part of"),
    "a list of itself": (GOOD + "a: &a [*a]\n", "part of"),
    "an alias of nothing": (GOOD + "a: *b\n", "for none"),
    "deep lists": (GOOD + "a: " + "[" * 3000 + "]" * 3000, "one inside another"),
    "deep blocks": (GOOD + "a: " + "{a: " * 3000 + "1" + "}" * 3000, "one inside another"),
    "deep by indentation": (GOOD + "".join(" " * i + "a:\n" for i in range(200)), "one inside another"),
    "a million keys": (GOOD + "exclude:\n" + "".join(f" k{i}: v\n" for i in range(70_000)), "too many values"),
    "a huge file": (GOOD + "#" + "x" * 1_100_000, "bytes"),
    "Python in YAML": (GOOD + "a: !!python/object/apply:os.system ['touch pwned']\n", "could not determine a constructor"),
    "Python name": (GOOD + "a: !!python/name:os.system\n", "could not determine a constructor"),
    "a tag of one's own": (GOOD + "a: !x 1\n", "could not determine a constructor"),
    "binary": (GOOD + "a: !!binary '%%%'\n", "unknown key|cannot be read|failed to decode"),
    "a wrong integer": (GOOD + "a: !!int x\n", "cannot be read"),
    "a wrong moment": (GOOD + "a: !!timestamp x\n", "cannot be read"),
    "an impossible day": (HEAD + "source: {kind: tables, folder: data, as_of: 2026-13-45}\n", "cannot be read"),
    "a key that is a list": (GOOD + "? [a, b]\n: 1\n", "a key is a block"),
    "a key that is a block": (GOOD + "? {a: b}\n: 1\n", "a key is a block"),
    "NUL in the file": (GOOD + "a: \x00\n", "cannot be read"),
    "an escape in the file": (GOOD + "a: \x1b[31m\n", "cannot be read"),
    "NUL as an escape": (GOOD.replace("Acme", '"Ac\\0me"'), r"U\+0000"),
    "NUL in a path": (HEAD + 'source: {kind: tables, folder: "da\\0ta"}\n', r"U\+0000"),
    "half a letter": (GOOD.replace("Acme", '"\\ud83d"'), r"U\+D83D"),
    "a direction override": (GOOD.replace("Acme", '"\\u202egnp.exe"'), "RIGHT-TO-LEFT OVERRIDE"),
    "zero width in a name": (GOOD.replace("Acme", '"Ac\\u200bme"'), "ZERO WIDTH SPACE"),
    "a BOM in a key": (GOOD + '"excl\\ufeffude": {}\n', r"U\+FEFF"),
    "a non-character": (GOOD.replace("Acme", '"a\\ufdd0"'), r"U\+FDD0"),
    "a line separator": (GOOD.replace("Acme", '"a\\u2028b"'), "LINE SEPARATOR"),
    "the last day of time": (HEAD + "source: {kind: tables, folder: data, as_of: 9999-12-31}\n", "no CRM was exported in the year 9999"),
    "the last moment of time": (HEAD + "source: {kind: tables, folder: data, as_of: '9999-12-31T23:59:59'}\n", "year 9999"),
    "the first year": (HEAD + "source: {kind: tables, folder: data, as_of: 0001-01-01}\n", "no CRM was exported in the year 1"),
    "an id that climbs": (GOOD.replace("id: acme", "id: ../../etc"), "it names a folder"),
    "an id with a slash": (GOOD.replace("id: acme", "id: a/b"), "it names a folder"),
    "an absolute id": (GOOD.replace("id: acme", "id: /etc"), "it names a folder"),
    "an id with a backslash": (GOOD.replace("id: acme", "id: 'a\\b'"), "it names a folder"),
    "an id of dots": (GOOD.replace("id: acme", "id: '..'"), "it names a folder"),
    "a hidden id": (GOOD.replace("id: acme", "id: .acme"), "it names a folder"),
    "an option as an id": (GOOD.replace("id: acme", "id: '-rf'"), "it names a folder"),
    "an id with a line end": (GOOD.replace("id: acme", 'id: "acme\\n"'), "it names a folder"),
    "an empty id": (GOOD.replace("id: acme", "id: ''"), "it names a folder"),
    "an endless id": (GOOD.replace("id: acme", f"id: {'a' * 300}"), "it names a folder"),
    "the portfolio": (GOOD.replace("id: acme", "id: portfolio"), "this name is taken"),
    "the index": (GOOD.replace("id: acme", "id: index"), "this name is taken"),
    "a device of Windows": (GOOD.replace("id: acme", "id: con"), "this name is taken"),
    "a port of Windows": (GOOD.replace("id: acme", "id: com1"), "this name is taken"),
    "an endless name": (GOOD.replace("Acme", "A" * 5000), "at most 160"),
    "CSS in the accent": (GOOD.replace("name: Acme", "name: Acme, accent: 'red;} body{display:none'"), "colour"),
    "an accent with more lines": (GOOD.replace("name: Acme", 'name: Acme, accent: "#1f6f5c\\n}"'), "colour"),
    "infinity": (GOOD + "hygiene: {stage_age_factor: .inf}\n", "finite"),
    "no number": (GOOD + "assumptions: {gross_margin: .nan}\n", "hygiene|finite|less than|gross_margin"),
    "an infinite target": (GOOD + "targets: {lead_to_contract: .inf}\n", "no target|finite"),
    "endless days": (GOOD + "hygiene: {idle_days: 99999999999}\n", "less than or equal"),
    "an endless horizon": (GOOD + "funnel: {horizon_days: 99999999}\n", "less than or equal"),
    "an endless time": (GOOD + "targets: {first_response: 99999999999999d}\n", "longer than"),
    "a number of a thousand digits": (GOOD + f"hygiene: {{idle_days: {'9' * 5000}}}\n", "integer|less than|cannot be read|digits"),
    "a rate of nothing": (GOOD + "rates: {USD: 0}\n", "greater than 0"),
    "an unknown key": (GOOD + "extensions: [evil.py]\n", "unknown key"),
    "an unknown source": (HEAD + "source: {kind: http, url: 'http://x'}\n", "none of"),
    "a host in the file": (HEAD + "source: {kind: tables, tables: {deals: {connection: x, table: y, url: 'postgresql://u:p@h/d'}}}\n", "unknown key"),
    "a delimiter of letters": (HEAD + "source: {kind: tables, tables: {deals: {path: a.csv, delimiter: 'a'}}}\n", "has not the form"),
    "a quote as delimiter": (HEAD + "source: {kind: tables, tables: {deals: {path: a.csv, delimiter: '\"'}}}\n", "has not the form"),
    "a table name that is SQL": (HEAD + "source: {kind: tables, tables: {deals: {path: a.csv, query: SELECT 1, with: {'x; DROP TABLE y': b.csv}}}}\n", "form|pattern"),
    "an own column that is SQL": (GOOD + "extra: {'a\"; DROP TABLE x; --': City}\n", "form|pattern"),
    "an unknown table": (HEAD + "source: {kind: tables, folder: data, tables: {\"x'; --\": {path: a.csv}}}\n", "unknown table"),
    "another file's zone": (GOOD.replace("timezone: UTC", "timezone: ../../etc/passwd"), "no such time zone"),
    "a currency of SQL": (GOOD.replace("currency: EUR", "currency: \"E';\""), "form"),
    "only a list": ("- a\n- b\n", "no keys"),
    "only a word": ("hello", "no keys"),
    "nothing": ("", "no keys"),
    "several documents": (GOOD + "---\n" + GOOD, "cannot be read"),
    "an open quote": (GOOD + "a: 'b\n", "cannot be read"),
    "tabs": (GOOD + "exclude:\n\tstage: x\n", "cannot be read"),
}  # fmt: skip

# what a valid file says and the reading of the data refuses
UNREAD: dict[str, tuple[str, str]] = {
    "everything on the disk": (HEAD + "source: {kind: tables, tables: {deals: {path: '/**/*.csv'}}}\n", "stands for any folders"),
    "a file elsewhere": (HEAD + "source: {kind: tables, tables: {deals: {path: '../../../nowhere.csv'}}}\n", "no such file"),
    "a folder for a file": (HEAD + "source: {kind: tables, tables: {deals: {path: data}}}\n", "is a folder"),
    "a device": (HEAD + "source: {kind: tables, tables: {deals: {path: /dev/zero}}}\n", "no file but"),
    "the kernel's own": (HEAD + "source: {kind: tables, tables: {deals: {path: /proc/self/environ}}}\n", "empty|no table|binary|header"),
    "an encoding that is code": (HEAD + "source: {kind: tables, tables: {deals: {path: data/deals.csv, encoding: rot13}}}\n", "cannot be read as rot13"),
    "an encoding that unpacks": (HEAD + "source: {kind: tables, tables: {deals: {path: data/deals.csv, encoding: zlib}}}\n", "cannot be read as zlib"),
    "no encoding": (HEAD + "source: {kind: tables, tables: {deals: {path: data/deals.csv, encoding: '../x'}}}\n", "cannot be read as"),
    "a query that writes": (HEAD + "source: {kind: tables, tables: {deals: {path: data/deals.csv, query: \"COPY file TO 'pwned'\"}}}\n", "no SELECT"),
    "a query that reads": (HEAD + "source: {kind: tables, tables: {deals: {path: data/deals.csv, query: \"SELECT * FROM '/etc/passwd'\"}}}\n", "the query reads"),
    "a connection that is not there": (HEAD + "source: {kind: tables, tables: {deals: {connection: other, table: x}}}\n", "there is no salesqc.toml|has no connection"),
    "a column that is SQL": (HEAD + "source: {kind: tables, folder: data, tables: {deals: {path: data/deals.csv, columns: {manager: \"x\\\") FROM y; --\"}}}}\n", "has no column"),
    "a sheet that is a path": (HEAD + "source: {kind: tables, tables: {deals: {path: data.zip/../../x.csv}}}\n", "no such file"),
    "Spark elsewhere": (HEAD + "source: {kind: spark, folder: data, master: 'spark://elsewhere:7077'}\n", "another machine"),
    "Spark by another way": (HEAD + "source: {kind: spark, folder: data, master: 'local[*] --conf x=y'}\n", "another machine"),
    "a table at an address": (HEAD + "source: {kind: spark, tables: {deals: {path: 's3a://bucket/x'}}}\n", "is an address"),
    "a table at a web address": (HEAD + "source: {kind: spark, tables: {deals: {path: 'http://127.0.0.1:9/x'}}}\n", "is an address"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "deals.csv").write_text("deal_id,created_at,manager\n1,2026-01-05,Ann\n2,2026-01-06,Bob\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_in_words(name: str, folder: Path) -> None:
    text, told = REFUSED[name]
    path = folder / "acme.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ParameterError, match=told) as refused:
        read(path)
    assert str(refused.value).startswith(str(path))
    assert "Traceback" not in str(refused.value)
    assert len(str(refused.value)) < 2500
    assert sorted(file.name for file in folder.iterdir()) == ["acme.yaml", "data"]


@pytest.mark.parametrize("name", UNREAD)
def test_what_it_reaches_for_is_refused_in_words(name: str, folder: Path) -> None:
    text, told = UNREAD[name]
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        Dataset.read(read(folder / "acme.yaml"), datetime.date(2026, 2, 1))
    assert sorted(file.name for file in folder.iterdir()) == ["acme.yaml", "data"]


def test_there_are_attacks_enough() -> None:
    assert len(REFUSED) + len(UNREAD) >= 80


def test_laughs_are_refused_at_once(folder: Path) -> None:
    """Not by a clock: the file is never unfolded, so the work is that of its letters."""
    import yaml

    unfolded = []
    construct = yaml.SafeLoader.construct_document
    try:
        yaml.SafeLoader.construct_document = lambda *given: unfolded.append(1) or construct(*given)  # type: ignore[method-assign, func-returns-value]
        (folder / "acme.yaml").write_text(GOOD + LAUGHS, encoding="utf-8")
        with pytest.raises(ParameterError):
            read(folder / "acme.yaml")
    finally:
        yaml.SafeLoader.construct_document = construct  # type: ignore[method-assign]
    assert not unfolded


@pytest.mark.parametrize(
    "client", ["\x00", "a\x00.yaml", "x" * 5000, "\u202eacme", "../../../etc/passwd", "nobody", "/dev/null.yaml", "", "."]
)
def test_a_client_that_is_none(client: str, folder: Path) -> None:
    with pytest.raises(ParameterError):
        find(client)


@pytest.mark.parametrize(
    "period",
    [
        "0001",
        "9999",
        "9999-12",
        "0000-01",
        "2026-W99",
        "1969",
        "2026-01-01..9999-12-31",
        "2026-Q5",
        "..",
        "../..",
        "2026-01\n",
        "\x00",
        "２０２６",
        "2026/01",
        "",
        "-1",
        "1e9",
    ],
)
def test_a_period_that_is_none(period: str) -> None:
    if period in ("２０２６",):
        assert Period.parse(period).label == "2026", "digits of any script are digits; the folder's name is ours"
        return
    if period == "2026-01\n":
        assert Period.parse(period).label == "2026-01"
        return
    with pytest.raises(InputError, match="no such period"):
        Period.parse(period)


def test_a_pipe_is_no_parameter_file(folder: Path) -> None:
    os.mkfifo(folder / "acme.yaml")
    with pytest.raises(ParameterError):
        find(str(folder / "acme.yaml"))
    with pytest.raises(ParameterError, match="no file"):
        read(folder / "acme.yaml")


def test_good_files_with_aliases_are_read(folder: Path) -> None:
    text = GOOD + "stages: {New: &lead lead, Fresh: *lead}\nassumptions: {gross_margin: 0.3}\n"
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    assert read(folder / "acme.yaml").stages == {"New": "lead", "Fresh": "lead"}
