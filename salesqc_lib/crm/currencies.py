"""Currencies in cells and columns: which one an amount is in, and amounts of other currencies in the client's own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from salesqc_lib.crm.currency_signs import CODES, DOLLARS, SIGNS, code_in
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.readings import reading_for
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import RateTable
from salesqc_lib.params.source import ColumnRule, ColumnSpec
from salesqc_lib.tables import MONEY
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def settle(
    intake: Intake, table: str, text: str, typed: str, names: Mapping[str, str], mapping: Mapping[str, ColumnSpec], key: tuple[str, ...]
) -> None:
    """Bring the amounts of a typed table into the client's currency. `text` is the same table before it was typed.

    Each amount's own currency and value are kept, as `currency` and `own_amount`, where another currency occurs.

    Raises
    ------
    DataError
        There is another currency and no rate for it.
    """
    amounts = [name for name in MONEY.get(table, ()) if name in names]
    if not amounts:
        return
    own = intake.parameters.report.currency
    cells = [code_in(f"x.{quoted(name)}", own) for name in amounts if names[name] == "VARCHAR"]
    column = [f"nullif({_code_of_column('x.currency', own)}, '')"] if "currency" in names else []
    header = _code_in_header(mapping.get(amounts[0]), own, intake.parameters.where(*key, "columns", amounts[0]))
    if not cells and not column and not header:
        return
    intake.con.execute(f"ALTER TABLE {typed} ADD COLUMN __currency VARCHAR")
    intake.con.execute(
        f"UPDATE {typed} AS t SET __currency = coalesce({', '.join([*column, *cells, literal(header) if header else 'NULL'])}) FROM {text} AS x WHERE x.__row = t.__row AND x.__file = t.__file"
    )
    found = intake.con.execute(
        f"SELECT __currency, count(*), any_value(__file) FROM {typed} WHERE __currency IS NOT NULL AND __currency <> {literal(own)} "
        f"AND coalesce({', '.join(map(quoted, amounts))}) IS NOT NULL AND __fault IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    if found:
        listed = ", ".join(f"{code}: {count}" for code, count, _ in found)
        _convert(intake, table, typed, amounts, [str(code) for code, *_ in found], listed, key)
        rows = sum(count for _, count, _ in found)
        intake.warn(Warned("W203", {"n": rows, "list": listed}, table, amounts[0], rows=rows))
    intake.con.execute(f"ALTER TABLE {typed} DROP COLUMN __currency")


def _code_in_header(rule: ColumnSpec | None, own: str, where: str) -> str:
    """The currency that the amounts' header names, as in «Amount (USD)»; '' where it names none, or the client's own.

    Raises
    ------
    DataError
        Columns of several currencies are made one column of amounts.
    """
    names = rule.column if isinstance(rule, ColumnRule) else rule
    listed = [names] if isinstance(names, str) else list(names or ())
    found = [_code_in_name(name, own) or own for name in listed]
    if len(set(found)) > 1:
        raise DataError(
            f"the amounts come from columns of several currencies: {', '.join(f'«{name}» {code}' for name, code in zip(listed, found, strict=True))}",
            where=where,
            cure="map one of the columns, or export one column of amounts and one of their currencies",
        )
    return found[0] if found and found[0] != own else ""


def _code_in_name(name: str, own: str) -> str:
    found = [code for code in CODES if re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", name)]
    found += [code for sign, code in SIGNS.items() if len(sign) == 1 and sign in name]
    if r"$" in name and not found:
        found = [own if own in DOLLARS else "USD"]
    return {"RUR": "RUB"}.get(found[0], found[0]) if found else ""


def _code_of_column(cell: str, own: str) -> str:
    """SQL for a currency column: a code, a sign, or a word."""
    text = f"upper(trim({cell}::VARCHAR))"
    return f"coalesce({code_in(cell + '::VARCHAR', own)}, {text})"


def _convert(intake: Intake, table: str, typed: str, amounts: list[str], codes: list[str], listed: str, key: tuple[str, ...]) -> None:
    rates, own = intake.parameters.rates, intake.parameters.report.currency
    when = _day_of(intake.con, typed, intake.parameters.report.timezone)
    if isinstance(rates, RateTable):
        _read_rates(intake, rates)
    else:
        intake.con.execute("CREATE OR REPLACE TEMP TABLE exchange (day DATE, currency VARCHAR, rate DOUBLE)")
        for code, rate in rates.items():
            intake.con.execute("INSERT INTO exchange VALUES (DATE '0001-01-01', ?, ?)", [code.upper(), rate])
    intake.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE converted AS
        SELECT t.rowid AS id, t.__currency AS code, {when} AS day, r.rate FROM {typed} t ASOF LEFT JOIN exchange r
        ON r.currency = t.__currency AND r.day <= {when} WHERE t.__currency IN ({", ".join(map(literal, codes))}) AND t.__fault IS NULL""")
    missing = intake.con.execute(
        f"SELECT code, min(c.day), count(*) FROM converted c JOIN {typed} t ON t.rowid = c.id WHERE rate IS NULL AND coalesce({', '.join(map(quoted, amounts))}) IS NOT NULL "
        "GROUP BY 1 ORDER BY 3 DESC, 1"
    ).fetchall()
    if missing:
        code, day, count = missing[0]
        known = f" on {day} ({count} rows)" if isinstance(rates, RateTable) and day else ""
        raise DataError(
            f"amounts of {table} are in other currencies than {own}: {listed}; there is no rate for {code}{known}",
            where=intake.parameters.where(*key),
            cure=f"give the rates: rates: {{{code}: …}} ({own} for one {code}), or a table: rates: {{path: rates.csv}} with date, currency, rate",
        )
    intake.con.execute(f"ALTER TABLE {typed} ADD COLUMN own_amount DOUBLE")
    intake.con.execute(f"UPDATE {typed} SET own_amount = {quoted(amounts[0])}")
    sets = ", ".join(f"{quoted(name)} = {quoted(name)} * c.rate" for name in amounts)
    intake.con.execute(f"UPDATE {typed} AS t SET {sets} FROM converted c WHERE c.id = t.rowid")
    intake.extra.setdefault(table, []).append("own_amount")


def _day_of(con: "DuckDBPyConnection", typed: str, zone: str) -> str:
    """SQL for the day whose rate counts: that of the contract or closing, else of the event or creation."""
    have = {row[0] for row in con.execute(f"DESCRIBE {typed}").fetchall()}
    days = [f't."{name}"' for name in ("contract_at", "closed_at", "at", "created_at") if name in have]
    if "date" in have:
        return 't."date"'
    return f"CAST(timezone({literal(zone)}, coalesce({', '.join(days)})) AS DATE)" if days else "DATE '9999-01-01'"


def _read_rates(intake: Intake, rates: RateTable) -> None:
    """The table of rates as `exchange`, by day and currency."""
    from salesqc_lib.crm import files
    from salesqc_lib.tables import Kind

    (path,) = list(intake.paths(rates.path, "rates", "path"))[:1]
    raw = files.open_file(intake, Path(path), "rates")
    present, zone = files.raw_columns(intake, raw), intake.parameters.report.timezone
    parts = {}
    for name in ("date", "currency", "rate"):
        wanted = rates.columns.get(name, name)
        column = next((one for one in present if one.lower() == wanted.lower()), None)
        if column is None:
            raise DataError(
                f"the rates have no column «{wanted}»",
                where=str(path),
                cure=f"name it under rates.columns.{name}; the file has: {', '.join(present)}",
            )
        cell = quoted(column)
        if name == "currency":
            parts[name] = f"upper(trim({cell}::VARCHAR))"
        else:
            kind = Kind.NUMBER if name == "rate" else Kind.TIME
            sql = reading_for(intake.con, raw, f"trim({cell}::VARCHAR)", name, kind, zone, where=str(path)).of(f"trim({cell}::VARCHAR)")
            parts[name] = sql if name == "rate" else f"CAST(timezone({literal(zone)}, {sql}) AS DATE)"
    intake.con.execute(
        f"CREATE OR REPLACE TEMP TABLE exchange AS SELECT DISTINCT {parts['date']} AS day, {parts['currency']} AS currency, {parts['rate']} AS rate FROM {raw}"
    )
    twice = intake.con.execute(
        "SELECT currency, day FROM exchange GROUP BY ALL HAVING count(DISTINCT rate) > 1 ORDER BY ALL LIMIT 1"
    ).fetchall()
    if twice:
        raise DataError(f"two rates for {twice[0][0]} on {twice[0][1]}", where=str(path), cure="keep one of them")
