"""Tables of databases: named in the consultancy's own file, read-only, and nothing else is reached."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.params import load
from tests.crm import postgres

HEAD = "client: {id: acme, name: Acme}\nreport: {language: en, currency: EUR, timezone: Europe/Berlin}\nsource:\n  kind: tables\n  tables:\n    deals:\n"
COLUMNS = "      columns: {deal_id: id, created_at: created, amount: amount, manager: seller, outcome: state}\n"
ROWS = [
    (1, "2026-09-01 10:00:00+02", "100.50", "Ann", "won"),
    (2, "2026-09-02 11:00:00+02", "200", "Bob", "lost"),
    (9007199254740993, "2026-09-03 12:00:00+02", "300.25", "Ann", "open"),
]


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL here: the tests of the database are left out")
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    with postgres.server() as url:
        from urllib.parse import quote

        with dbapi.connect(url.replace("reader@", f"reader:{quote(postgres.PASSWORD, safe='')}@")) as con, con.cursor() as cursor:
            cursor.execute("CREATE SCHEMA crm")
            cursor.execute("CREATE TYPE crm.state AS ENUM ('won', 'lost', 'open')")
            cursor.execute(
                "CREATE TABLE crm.deals (id BIGINT, created TIMESTAMPTZ, amount NUMERIC(12, 2), seller TEXT, state crm.state, key UUID DEFAULT gen_random_uuid())"
            )
            for row in ROWS:
                cursor.execute("INSERT INTO crm.deals VALUES ({}, '{}', {}, '{}', '{}')".format(*row))
            con.commit()
        yield url


def named(firm: Path, kind: str, url: str, more: str = "") -> None:
    (firm / "salesqc.toml").write_text(f'[connections.crm]\nkind = "{kind}"\nurl = "{url}"\n{more}', encoding="utf-8")


def read(firm: Path, table: str, columns: str = COLUMNS) -> list[tuple[object, ...]]:
    (firm / "params" / "acme.yaml").write_text(HEAD + f"      connection: crm\n{table}" + columns, encoding="utf-8")
    rows = (
        Dataset.read(load("acme"))
        .con.execute("SELECT deal_id, epoch(created_at)::BIGINT, amount, manager, outcome FROM canonical.deals ORDER BY created_at")
        .fetchall()
    )
    return list(rows)


EXPECTED = [
    ("1", 1788249600, 100.5, "Ann", "won"),
    ("2", 1788339600, 200.0, "Bob", "lost"),
    ("9007199254740993", 1788429600, 300.25, "Ann", "open"),
]


def test_a_table_of_postgresql(firm: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named(firm, "postgresql", address, 'password_env = "CRM_PASSWORD"\n')
    monkeypatch.setenv("CRM_PASSWORD", postgres.PASSWORD)
    assert read(firm, "      table: crm.deals\n") == EXPECTED
    assert read(firm, "      query: SELECT * FROM crm.deals WHERE amount > 150\n") == EXPECTED[1:]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("DELETE FROM crm.deals RETURNING *", "no SELECT"),
        ("WITH gone AS (DELETE FROM crm.deals RETURNING *) SELECT * FROM gone", "read-only"),
        ("SELECT 1; SELECT 2", "multiple commands"),
        ("SELECT * FROM nowhere", "does not exist"),
        ("SELECT set_config('transaction_read_only', 'off', false); DELETE FROM crm.deals", "calls set_config()"),
        ("SELECT pg_read_file('/etc/passwd')", "calls pg_read_file()"),
        ("SELECT * FROM dblink('host=elsewhere', 'SELECT 1') AS t(a int)", "calls dblink()"),
        ("SELECT pg_sleep(900)", "calls pg_sleep()"),
        ("COPY crm.deals TO PROGRAM 'cat'", "no SELECT"),
        ("/* SELECT */ COPY crm.deals TO '/tmp/x'", "no SELECT"),
    ],
)
def test_a_query_that_is_not_one_select_is_refused(
    firm: Path, address: str, monkeypatch: pytest.MonkeyPatch, query: str, told: str
) -> None:
    named(firm, "postgresql", address, 'password_env = "CRM_PASSWORD"\n')
    monkeypatch.setenv("CRM_PASSWORD", postgres.PASSWORD)
    with pytest.raises(InputError) as caught:
        read(firm, f'      query: "{query}"\n')
    assert told in caught.value.text
    assert postgres.PASSWORD not in caught.value.text
    assert "127.0.0.1" not in caught.value.text
    assert read(firm, "      table: crm.deals\n") == EXPECTED


def test_a_server_that_is_not_there_is_told_without_its_address(firm: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "wrong")
    named(firm, "postgresql", address, 'password_env = "CRM_PASSWORD"\n')
    with pytest.raises(InputError, match=r"the connection «crm» fails"):
        read(firm, "      table: crm.deals\n")
    monkeypatch.delenv("CRM_PASSWORD")
    with pytest.raises(InputError, match="the environment variable CRM_PASSWORD is not set"):
        read(firm, "      table: crm.deals\n")


def test_a_table_of_sqlite(firm: Path) -> None:
    con = sqlite3.connect(firm / "crm.sqlite")
    con.execute("CREATE TABLE deals (id INTEGER, created TEXT, amount REAL, seller TEXT, state TEXT)")
    con.executemany("INSERT INTO deals VALUES (?, ?, ?, ?, ?)", ROWS)
    con.commit()
    con.close()
    named(firm, "sqlite", "crm.sqlite")
    assert read(firm, "      table: deals\n") == EXPECTED
    assert read(firm, "      query: SELECT * FROM deals WHERE id < 3\n") == EXPECTED[:2]


@pytest.mark.parametrize(
    ("toml", "text", "told"),
    [
        (None, "      connection: crm\n      table: deals\n", "there is no salesqc.toml beside params/"),
        (
            '[connections.other]\nkind = "sqlite"\nurl = "x"\n',
            "      connection: crm\n      table: deals\n",
            "salesqc.toml has no connection «crm»",
        ),
        ('[connections.crm]\nkind = "oracle"\nurl = "x"\n', "      connection: crm\n      table: deals\n", "connections.crm.kind"),
        ("[connections.crm", "      connection: crm\n      table: deals\n", "the file cannot be read"),
        (None, "      connection: crm\n", "a connection needs either «table» or «query»"),
        (None, "      connection: crm\n      table: deals\n      path: deals.csv\n", "no «path»"),
        (None, "      path: deals.csv\n      url: postgresql://evil.example/db\n", "unknown key «source.tables.deals.url»"),
    ],
)
def test_what_is_wrong_with_a_connection_is_told(firm: Path, toml: str | None, text: str, told: str) -> None:
    if toml is not None:
        (firm / "salesqc.toml").write_text(toml, encoding="utf-8")
    (firm / "params" / "acme.yaml").write_text(HEAD + text + COLUMNS, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Dataset.read(load("acme"))
    assert told in caught.value.text


def test_a_parameter_file_from_elsewhere_brings_no_hosts(firm: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hosts are paired with secrets in the consultancy's own folder alone: a stranger's folder could name both."""
    stranger = tmp_path_factory.mktemp("stranger")
    (stranger / "params").mkdir()
    (stranger / "salesqc.toml").write_text('[connections.crm]\nkind = "sqlite"\nurl = "x"\npassword_env = "HOME"\n', encoding="utf-8")
    (stranger / "params" / "acme.yaml").write_text(HEAD + "      connection: crm\n      table: deals\n" + COLUMNS, encoding="utf-8")
    with pytest.raises(InputError, match=r"there is no salesqc\.toml beside params/"):
        Dataset.read(load(str(stranger / "params" / "acme.yaml")))
