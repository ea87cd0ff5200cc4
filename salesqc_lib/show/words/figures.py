"""Figures in sentences: a value against what was before, and what it is made of."""

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.words.findings import inside
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.show.words.money import signed_percent
from salesqc_lib.units import tell, write_number, write_percent
from salesqc_lib.words import Language, Text

AGO = {"year_ago": Text("год назад", "a year ago"), "previous": Text("в прошлом периоде", "in the period before")}


def known_role(measured: Measurement, kpi: str) -> str:
    """What a figure can be held against: the year before, which has the season in it too, or else the period before."""
    row = measured.row(kpi)
    return next((role for role in AGO if not pd.isna(row[role]) and row[role]), "")


def change_told(measured: Measurement, kpi: str, parts: tuple[str, ...] = ()) -> str:
    """A figure against a year before, with those that it is made of: «Выручка 32,5 млн ₽, +17 % к …: договоры 125 против 118»."""
    reader, language = measured.reader, measured.reader.language
    known = set(measured.frame["kpi"])
    if kpi not in known or pd.isna(measured.value(kpi)):
        return ""
    role = known_role(measured, kpi)
    name, value = kpi_name(kpi, language), tell(measured.value(kpi), str(measured.row(kpi)["unit"]), language, reader.currency)
    if not role:
        return ""
    row = measured.row(kpi)
    share = signed_percent(row["value"] / row[role] - 1, language)
    made = [
        _pair(measured, part, role)
        for part in parts
        if part in known and not pd.isna(measured.value(part)) and not pd.isna(measured.row(part)[role])
    ]
    ago = {"year_ago": Text("к прошлому году", "on a year ago"), "previous": Text("к прошлому периоду", "on the period before")}[role]
    text = Text("{name} {value}, {share} {ago}", "{name} {value}, {share} {ago}").format(
        name=name, value=value, share=share, ago=ago[language]
    )[language]
    return f"{text}: {', '.join(made)}" if made else text


def _pair(measured: Measurement, kpi: str, role: str) -> str:
    reader, row = measured.reader, measured.row(kpi)
    now, was = (tell(row[name], str(row["unit"]), reader.language, reader.currency) for name in ("value", role))
    return Text("{name} {now}, было {was}", "{name} {now}, was {was}").format(
        name=inside(kpi_name(kpi, reader.language)), now=now, was=was
    )[reader.language]


def change_cell(row: "pd.Series[float]", role: str, language: Language) -> str:
    """A change against an earlier window: in points for shares, in per cent for money and times, in pieces for counts."""
    if pd.isna(row[role]) or pd.isna(row["value"]):
        return ""
    gap, unit = float(row["value"] - row[role]), str(row["unit"])
    sign = "+" if gap > 0 else "−" if gap < 0 else ""
    if unit == "share":
        digits = 0 if abs(gap) >= 0.095 else 1
        return sign + write_percent(abs(gap), language, digits).replace("\u00a0%", "%").replace(
            "%", Text("\u00a0п.п.", "\u00a0pp")[language]
        )
    if unit in ("money", "seconds", "ratio") and row[role]:
        return signed_percent(gap / abs(row[role]), language)
    return sign + write_number(abs(gap), language, 0 if unit == "count" else 1)
