"""A `query:` of a parameter file selects rows of the named files; whatever else it tries is refused in words, and leaves no trace."""

import sys
from pathlib import Path

import duckdb
import pytest

from salesqc_lib import limits
from salesqc_lib.crm import queries, query_room
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import Parameters
from tests.crm.test_readers import SCRATCH

# {x} is a file that must not appear, {secret} one that must not be read, {folder} their folder
ATTACKS = [
    # writing
    "COPY (SELECT 1) TO '{x}'",
    "COPY file TO '{x}' (FORMAT parquet)",
    "EXPORT DATABASE '{x}'",
    "SELECT 1; COPY file TO '{x}'",
    "SELECT 1) ; COPY (SELECT 2) TO '{x}' --",
    "SELECT 1) TO '{x}' --",
    "SELECT * FROM file; ATTACH '{x}'; CREATE TABLE x.a AS SELECT 1",
    "ATTACH '{x}' AS a",
    "ATTACH '{x}' AS a (TYPE sqlite)",
    "CREATE TABLE a AS SELECT 1",
    "CREATE VIEW a AS SELECT * FROM read_text('{secret}')",
    "CREATE MACRO a() AS TABLE SELECT * FROM read_text('{secret}')",
    "INSERT INTO file SELECT * FROM file",
    "UPDATE file SET id = '0'",
    "DELETE FROM file",
    "DROP TABLE file",
    "WITH d AS (DELETE FROM file RETURNING *) SELECT * FROM d",
    "VACUUM; SELECT 1",
    "CHECKPOINT",
    "IMPORT DATABASE '{folder}'",
    # reading
    "SELECT * FROM '{secret}'",
    'SELECT * FROM "{secret}"',
    "FROM '{secret}'",
    "TABLE '{secret}'",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_csv('{secret}', auto_detect=true)",
    "SELECT * FROM read_csv_auto('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_json_auto('{secret}')",
    "SELECT * FROM read_ndjson_objects('{secret}')",
    "SELECT * FROM read_parquet('{secret}')",
    "SELECT * FROM parquet_scan('{secret}')",
    "SELECT * FROM parquet_metadata('{secret}')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT (SELECT content FROM read_text('{secret}')) AS id, 'x' AS amount FROM file",
    "SELECT id FROM file WHERE EXISTS (SELECT 1 FROM read_text('{secret}'))",
    "SELECT id FROM file UNION ALL SELECT content FROM read_text('{secret}')",
    "WITH file AS (SELECT * FROM read_text('{secret}')) SELECT * FROM file",
    'SELECT * FROM (WITH "{secret}" AS (SELECT 1 AS a) SELECT * FROM "{secret}") x, \'{secret}\' y',
    "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
    "SELECT * FROM query_table('{secret}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{secret}'')'))",
    "SELECT * FROM sqlite_scan('{secret}', 't')",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 't')",
    "SELECT * FROM st_read('{secret}')",
    "SELECT * FROM read_duckdb('{secret}')",
    # the network and extensions
    "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
    "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/x.duckdb_extension'",
    "CREATE SECRET a (TYPE s3)",
    # the machine
    "SELECT getenv('SALESQC_CANARY') AS id, '1' AS amount",
    "SELECT current_setting('home_directory') AS id",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_functions()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM pragma_database_size()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT * FROM sqlite_master",
    "SELECT pg_postmaster_start_time()::VARCHAR AS id",
    "SELECT version() AS id FROM pragma_version()",
    "SELECT getvariable('x') AS id",
    "SELECT now()::VARCHAR AS id",
    "SELECT random()::VARCHAR AS id",
    "SELECT nextval('s') AS id",
    "SELECT sleep_ms(100000) AS id",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "SET enable_external_access = true",
    "SET VARIABLE x = 1",
    "RESET memory_limit",
    "CALL pragma_version()",
    "PREPARE a AS SELECT 1",
    "EXECUTE a",
    "EXPLAIN ANALYZE SELECT * FROM read_text('{secret}')",
    "DESCRIBE file",
    "SUMMARIZE file",
    "SHOW ALL TABLES",
    "USE memory",
    "BEGIN; SELECT 1",
    # Python around it
    "SELECT * FROM hidden",
    "SELECT * FROM intake",
    "SELECT * FROM python_map_function()",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    # other tables of the reading
    "SELECT * FROM raw_1",
    "SELECT * FROM canonical.deals",
    "SELECT * FROM main.raw_1",
    "SELECT * FROM memory.main.raw_1",
    "SELECT * FROM rejected",
    # no statement at all
    "",
    ";;",
    "-- nothing",
    "SELECT",
    "SELECT * FROM",
    "\x00",
    "SELECT $1",
    "SELECT " + "+".join(["1"] * 900) + " AS x, * FROM file",
    "SELECT * FROM file" + ", file" * 1500,
    "SELECT * FROM (" * 900 + "file" + ")" * 900,
    "SELECT ?",
    "SELECT '" + "x" * 60_000 + "'",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
]


@pytest.fixture
def intake() -> Intake:
    made = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    made.con.execute(
        "CREATE TEMP TABLE raw_1 AS SELECT 1 AS __row, 'a.csv' AS __file, '7' AS id, '10' AS amount UNION ALL SELECT 2, 'a.csv', '8', '20'"
    )
    made.con.execute("CREATE TEMP TABLE raw_2 AS SELECT 1 AS __row, 'b.csv' AS __file, '8' AS id, 'Anna' AS seller")
    return made


def rows(intake: Intake, query: str) -> list[tuple[object, ...]]:
    name = queries.queried(intake, "raw_1", query, {"sellers": "raw_2"}, "acme.yaml:9")
    found = intake.con.execute(f"SELECT * EXCLUDE (__row, __file) FROM {name} ORDER BY __row").fetchall()
    intake.con.execute(f"DROP TABLE {name}")
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_words(attack: str, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, target = tmp_path / "secret.csv", tmp_path / "written"
    secret.write_text("id,amount\ncanary-of-a-file,1\n", encoding="utf-8")
    monkeypatch.setenv("SALESQC_CANARY", "canary-of-the-environment")
    monkeypatch.setattr(limits, "QUERY_SECONDS", 20)
    hidden = ["canary of Python"]  # noqa: F841 - DuckDB would find it by its name
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataError) as refused:
        rows(intake, attack.replace("{x}", str(target)).replace("{secret}", str(secret)).replace("{folder}", str(tmp_path)))
    told = str(refused.value)
    assert told.startswith("acme.yaml:9: the query ")
    assert "→" in told
    assert "canary-of" not in told.replace("secret.csv", "")
    assert sorted(tmp_path.iterdir()) == before


def test_even_a_query_that_was_let_through_reaches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall: the data base itself, should the first one have a hole."""
    secret = tmp_path / "secret.csv"
    secret.write_text("id,amount\ncanary,1\n", encoding="utf-8")
    duckdb.sql(f"COPY (SELECT '7' AS id) TO '{tmp_path}/table0.parquet'")
    monkeypatch.setattr(query_room, "refuse_others", lambda *_: None)
    request = {"tables": {"file": "table0.parquet"}, "zone": "UTC", "row": "__row", "file": "__file", "memory": "500MB", "spill": "100MB"}
    query_room.answer(tmp_path, {**request, "query": "SELECT * FROM file"})
    for attack in ("SELECT * FROM '{secret}'", "SELECT * FROM read_text('{secret}')", "SELECT * FROM glob('{folder}/*')", "SELECT * FROM '{folder}/table0.parquet'",
                   "SELECT * FROM 'http://127.0.0.1:9/x.csv'", "SELECT * FROM read_parquet('{secret}')", "SELECT * FROM hidden"):  # fmt: skip
        hidden = tmp_path  # noqa: F841
        query = attack.replace("{secret}", str(secret)).replace("{folder}", str(tmp_path))
        with pytest.raises(query_room.RefusedError, match="the query fails"):
            query_room.answer(tmp_path, {**request, "query": query})


def test_the_process_has_no_secret(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third: whatever a query might come to read there, the environment is not in it."""
    import subprocess

    seen = {}
    run = subprocess.run
    monkeypatch.setenv("CRM_PASSWORD", "canary")
    monkeypatch.setattr(subprocess, "run", lambda *given, **more: (seen.update(more["env"]), run(*given, **more))[1])
    assert rows(intake, "SELECT id FROM file") == [("7",), ("8",)]
    assert set(seen) == {"MALLOC_ARENA_MAX"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT id, amount FROM file", [("7", "10"), ("8", "20")]),
        ("SELECT id, amount FROM file -- the deals", [("7", "10"), ("8", "20")]),
        ("SELECT id FROM file;", [("7",), ("8",)]),
        ("SELECT f.id, s.seller FROM file f LEFT JOIN sellers s ON s.id = f.id ORDER BY 1", [("7", None), ("8", "Anna")]),
        ("WITH big AS (SELECT * FROM file WHERE amount::INT > 10) SELECT id FROM big", [("8",)]),
        ("SELECT id, row_number() OVER (ORDER BY id DESC)::VARCHAR AS n FROM file ORDER BY id", [("7", "2"), ("8", "1")]),
        ("SELECT regexp_replace(id, '7', 'x') AS id, split_part('a/b', '/', 2) AS p FROM file WHERE id = '7'", [("x", "b")]),
        ("SELECT id FROM FILE WHERE id IN (SELECT id FROM SELLERS)", [("8",)]),
        ("SELECT max(strptime('01.02.2026', '%d.%m.%Y'))::DATE::VARCHAR AS day FROM file", [("2026-02-01",)]),
        ("SELECT id, unnest(string_split('a,b', ',')) AS part FROM file WHERE id = '7'", [("7", "a"), ("7", "b")]),
        ("SELECT * EXCLUDE (__row, __file) FROM file LIMIT 1", [("7", "10")]),
        ("FROM file SELECT id WHERE id = '8'", [("8",)]),
        ("SELECT sum(amount::INT)::INT AS total FROM file", [(30,)]),
        (
            "SELECT CASE WHEN id = '7' THEN 'won' ELSE 'lost' END AS o, coalesce(NULL, amount) AS a FROM file",
            [("won", "10"), ("lost", "20")],
        ),
    ],
)
def test_what_a_query_is_for_still_works(query: str, expected: list[tuple[object, ...]], intake: Intake) -> None:
    assert rows(intake, query) == expected


GREEDY = {
    "a long text": "SELECT length(repeat(repeat('x', 1000000), 9000)) AS a FROM file",
    "a wide number": "SELECT printf('%2000000000d', 1) || printf('%2000000000d', 2) || printf('%2000000000d', 3) AS a FROM file",
    "a long list": "SELECT list_sum(range(3000000000)) AS a FROM file",
    "a list of texts": "SELECT len(list_transform(range(900000000), lambda x: repeat('x', 20))) AS a FROM file",
    "a large map": "SELECT map_from_entries(list_transform(range(200000000), lambda x: (x, x))) AS m FROM file",
    "a padded text": "SELECT lpad('x', 2000000000, 'y') || lpad('x', 2000000000, 'z') || lpad('x', 2000000000, 'a') AS a FROM file",
    "doubling": "WITH RECURSIVE t AS (SELECT 'x' AS s UNION ALL SELECT s || s FROM t) SELECT * FROM t",
    "doubling by name": "WITH a0 AS (SELECT * FROM file), " + ", ".join(f"a{i} AS (SELECT * FROM a{i - 1} UNION ALL SELECT * FROM a{i - 1})" for i in range(1, 24)) + " SELECT * FROM a23 LIMIT 5",
    "many rows": "SELECT list(r) FROM (SELECT repeat('x', 1000) || a.range || b.range AS r FROM range(30000) a, range(30000) b)",
    "no end": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t",
    "every pair": "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7",
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the memory of children so")
@pytest.mark.parametrize("name", GREEDY)
def test_a_query_without_bound_is_stopped(name: str, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its time or its memory, whichever it meets first; and its process never had more memory than it may."""
    import resource

    monkeypatch.setattr(limits, "QUERY_SECONDS", 5)
    monkeypatch.setattr(limits, "QUERY_MEMORY", "200MB")
    monkeypatch.setattr(limits, "QUERY_SPILL", "50MB")
    monkeypatch.setattr(limits, "QUERY_BYTES", 2 << 30)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of the largest child so far, in kB
    with pytest.raises(DataError, match=r"the query (takes longer than 5 s|needs more memory|fails)"):
        rows(intake, GREEDY[name])
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 2 << 20)


def test_a_table_may_be_called_result(intake: Intake) -> None:
    name = queries.queried(intake, "raw_1", "SELECT r.seller FROM result r", {"result": "raw_2"}, "acme.yaml:9")
    assert intake.con.execute(f"SELECT seller FROM {name}").fetchall() == [("Anna",)]


def test_a_result_of_any_type_is_read(intake: Intake) -> None:
    """Types that no reader of tables knows come as texts."""
    query = "SELECT INTERVAL 1 DAY AS a, '101'::BIT AS b, ['x', NULL] AS c, {'k': 1} AS d, MAP {'k': 1} AS e, '\\xAA'::BLOB AS f, 1.5::DECIMAL(9, 2) AS g, 170141183460469231731687303715884105727::HUGEINT AS h FROM file LIMIT 1"
    found = rows(intake, query)[0]
    assert found[:5] == ("1 day", "101", "[x, NULL]", "{'k': 1}", "{k=1}")
    assert [type(one).__name__ for one in found[5:]] == ["str", "Decimal", "str"]
