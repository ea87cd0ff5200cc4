"""The verdict: one sentence over the whole audit. It is chosen by what is known: plan, money, findings."""

import pandas as pd

from salesqc_lib.findings import Findings
from salesqc_lib.findings.grouped import Group, grouped
from salesqc_lib.measure import Measurement
from salesqc_lib.show.words.figures import known_role
from salesqc_lib.show.words.findings import many
from salesqc_lib.show.words.money import rounded, signed_percent
from salesqc_lib.units import tell, write_number, write_percent
from salesqc_lib.words import Language, Text

NEAR = 0.02  # of the plan: so near to it, it is reached as well as not
CONCENTRATED = 0.7  # of the money in the three heaviest places
PLACES = 3
FINDINGS = (("замечание", "замечания", "замечаний"), ("finding", "findings"))
CONTRACTS = (("договор", "договора", "договоров"), ("contract", "contracts"))
IN_PLACES = {
    1: Text("в одном месте", "in one place"), 2: Text("в двух местах", "in two places"), 3: Text("в трёх местах", "in three places"),
}  # fmt: skip
ON = {"year_ago": Text("к прошлому году", "on a year ago"), "previous": Text("к прошлому периоду", "on the period before")}


def verdict_sentence(measured: Measurement, findings: Findings) -> str:
    """What came out, and what is at stake in how many places."""
    result, is_good = _result(measured)
    stake = _stake(measured, findings)
    language = measured.reader.language
    if not result:
        return stake[:1].upper() + stake[1:]
    if short := missing(measured):
        reader, money = measured.reader, findings.money
        if findings.faults and (money.base if money.is_known else 0.0) < short / 2:
            # what is at stake is no answer to the plan: the two stand side by side
            text = Text("{result}; из недостающих {gap} под вопросом {x}", "{result}; of the {gap} missing, {x} is at stake")
            none = Text("{result}, не хватает {gap}; {stake}", "{result}, {gap} short; {stake}")
            x = rounded(money.base, reader) if money.is_known else ""
            return (text if x else none).format(result=result, x=x, gap=rounded(short, reader), stake=stake)[language]
    if not findings.money.is_known:
        return f"{result}; {stake}"
    link = Text(", но ", ", but ") if is_good else Text("; ", "; ")
    return f"{result}{link[language]}{stake}"


def _result(measured: Measurement) -> tuple[str, bool]:
    """The result of the period against the plan, else against a year before, and whether it is one to be glad of."""
    reader, language = measured.reader, measured.reader.language
    known = set(measured.frame["kpi"])
    if "plan_attainment" in known and not pd.isna(measured.value("plan_attainment")):
        reached = measured.value("plan_attainment")
        share = write_percent(reached, language, 0)
        if reached >= 1 - NEAR:
            return Text("План выполнен на {x}", "{x} of the plan is reached").format(x=share)[language], True
        return Text("Выполнено {x} плана", "Revenue reached {x} of the plan").format(x=share)[language], False
    for kpi in ("revenue", "contracts"):
        if kpi not in known or pd.isna(measured.value(kpi)):
            continue
        value = measured.value(kpi)
        told = tell(value, "money", language, reader.currency) if kpi == "revenue" else many(value, language, CONTRACTS)
        text = Text("Выручка {x}", "Revenue is {x}").format(x=told)[language] if kpi == "revenue" else told
        role = known_role(measured, kpi)
        if not role:
            return text, False
        change = value / measured.row(kpi)[role] - 1
        return f"{text}, {signed_percent(change, language)} {ON[role][language]}", change > 0
    return "", False


def _stake(measured: Measurement, findings: Findings) -> str:
    """What is at stake and where, or that nothing differs."""
    reader, language = measured.reader, measured.reader.language
    faults, money = findings.faults, findings.money
    if not faults:
        text = Text("отличий больше случайного нет: {n}", "nothing differs beyond chance: {n}")
        compared = (("сравнение", "сравнения", "сравнений"), ("comparison", "comparisons"))
        return text.format(n=many(findings.looked_at, language, compared))[language]
    if not money.is_known:
        text = Text("{n}, в деньгах не оценено", "{n}, none valued in money")
        return text.format(n=many(len(faults), language, FINDINGS))[language]
    return Text("{x} выручки под вопросом{where}", "{x} of revenue is at stake{where}").format(
        x=rounded(money.base, reader), where=_where(findings, language)
    )[language]


def valued(findings: Findings) -> list[Group]:
    """The groups whose money is in the total, the heaviest first."""
    return sorted((group for group in grouped(findings.faults) if group.is_certain), key=lambda group: -group.money.base)


def _where(findings: Findings, language: Language) -> str:
    groups = valued(findings)
    total = sum(group.money.base for group in groups)
    if len(groups) <= PLACES:
        return f" {IN_PLACES[len(groups)][language]}" if groups else ""
    share = sum(group.money.base for group in groups[:PLACES]) / total if total > 0 else 0.0
    if share >= CONCENTRATED:
        text = Text(" — {x} этой суммы в трёх местах", ", {x} of it in three places")
        return text.format(x=write_percent(share, language, 0))[language]
    return Text(", рассеяно по {n} местам", ", scattered over {n} places").format(n=write_number(len(groups), language))[language]


def unexplained(measured: Measurement, findings: Findings) -> str:
    """Where the plan is missed by far more than all findings hold: that they do not explain it; else ''."""
    reader, language = measured.reader, measured.reader.language
    short = missing(measured)
    if not short:
        return ""
    money = findings.money.base if findings.money.is_known else 0.0
    if money >= short / 2:
        return ""
    text = Text(
        "Замечания не объясняют недобор: до плана не хватает {gap}, а то, что в них можно оценить, составляет {money}. Это арифметика, а не прогноз.",
        "The findings do not explain the shortfall: {gap} is missing, and what could be valued in them comes to {money}. This is arithmetic, not a forecast.",
    )
    return text.format(
        gap=rounded(short, reader), money=rounded(money, reader) if money else tell(0.0, "money", language, reader.currency)
    )[language]


def missing(measured: Measurement) -> float:
    """What is missing to the plan, as money; 0 where it is reached, or none is known."""
    if "plan_attainment" not in set(measured.frame["kpi"]):
        return 0.0
    row = measured.row("plan_attainment")
    if pd.isna(row["value"]) or pd.isna(row["n"]) or row["value"] >= 1 - NEAR:
        return 0.0
    return float((1 - row["value"]) * row["n"])
