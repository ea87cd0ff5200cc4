"""The page of findings: each in a line with its range, how sure it is, and what answers it."""

from dataclasses import replace

from salesqc_lib.findings.grouped import Group, grouped
from salesqc_lib.findings.watch import OF
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import MANAGER
from salesqc_lib.show.advice import FAMILIES, NO_FAULT, compared
from salesqc_lib.show.forms.drawn import Scale, range_drawn
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.tables import PROFILE
from salesqc_lib.show.words.findings import LIKELY, alike, echo, many, note, sure_in_short
from salesqc_lib.show.words.groups import group_statement
from salesqc_lib.show.words.money import cost_in_short, rounded, span
from salesqc_lib.show.words.verdict import FINDINGS
from salesqc_lib.units import write_number
from salesqc_lib.words import Text

MOST = 6
NOTES = 3  # sentences beneath the findings of a page
COLUMNS = 9
KEPT = ("leads", "lead_to_contract", "revenue")  # no table of sellers is without them
HOLDS = 0.3  # of the money: from such a part on, the major findings are said to hold it
LEFT = Text(
    "Показаны {k} из {n}: строка может говорить о нескольких сразу; все — в книге, лист «findings».",
    "{k} of {n} are shown: a line may tell of several at once; all of them stand in the workbook, sheet “findings”.",
)


def findings_head(audit: Advised) -> Head:
    """The head of the page of findings."""
    language, reader, findings = audit.language, audit.measured.reader, audit.findings()
    label = Text("Замечания", "Findings")[language]
    faults = findings.faults
    if not faults:
        return Head(
            "findings",
            label,
            label,
            part="front",
            is_left_out=True,
            why=NO_FAULT.format(n=write_number(findings.looked_at, language))[language],
        )
    title = many(len(faults), language, FINDINGS)
    major = [one for one in faults if one.severity in ("critical", "major")]
    if findings.money.is_known:
        held = sum(one.money.base for one in major if one.money.is_known and not one.money.is_apart and one.money_grade == "certain")
        holders = [one for one in major if one.money.is_known and not one.money.is_apart and one.money_grade == "certain"]
        if holders and len(holders) < len(faults) and held >= HOLDS * findings.money.base:
            text = Text("; {x} из {y} под вопросом — в {k} из них", "; {k} of them account for {x} of the {y} at stake")
            if len(holders) == 1:
                text = Text("; {x} из {y} под вопросом — в одном из них", "; one of them accounts for {x} of the {y} at stake")
            title += text.format(k=len(holders), x=rounded(held, reader), y=rounded(findings.money.base, reader))[language]
        else:
            title += Text(": под вопросом {x}", ": {x} at stake").format(x=rounded(findings.money.base, reader))[language]
    about = Text(
        "Оценка за период; точка — оценка, линия — диапазон; сделка учтена один раз",
        "Estimate for the period; dot: estimate, line: range; each deal counted once",
    )
    return Head("findings", label, title, about[language], part="front")


def found(audit: Advised, most: int = MOST) -> Shown:
    """The findings, those that say the same of several as one, in the order of their weight."""
    groups = grouped(audit.findings().faults)
    if not groups:
        return nothing()
    language = audit.language
    shown = table_of_groups(groups[:most], audit)
    left = sum(len(group.findings) for group in groups[most:])
    lines = (
        [
            LEFT.format(
                k=sum(len(group.findings) for group in groups[:most]), n=left + sum(len(group.findings) for group in groups[:most])
            )[language]
        ]
        if left
        else []
    )
    lines += [compared(audit.findings())] if FAMILIES else []
    same = alike(audit.findings())
    lines += [same] if same and same.count(",") < 6 else []
    return shown + paragraph(" ".join(line for line in lines if line), "note")


def others(audit: Advised, key: str, most: int = 4) -> Shown:
    """The findings of a page beyond the one that its title tells, and what looks like a fault and is none."""
    from salesqc_lib.show.chapters import chapters

    chapter, reader = chapters()[key], audit.measured.reader
    own = [one for one in audit.findings() if chapter.holds(one)]
    groups = grouped(one for one in own if one.rule != "absent")[1:]
    shown = table_of_groups(groups[:most], audit) if groups else nothing()
    told = [text for one in own if one.rule in ("mix", "mix_changed", "changed", "divided", "immature") and (text := note(one, reader))]
    # what follows from a finding that stands on another page is told here, with where it comes from
    told += [
        echo(replace(one, consequences=here), audit.language)
        for one in audit.findings().faults
        if not chapter.holds(one)
        and (here := tuple(kpi for kpi in one.consequences if kpi in CATALOGUE and card_of(kpi).group in chapter.groups))
    ]
    return shown + (paragraph(" ".join(told[:NOTES]), "note") if told else nothing())


def profile(audit: Advised, most: int = COLUMNS) -> list[str]:
    """What the table of sellers shows: what sellers differ in, then what a seller is usually asked about, in the order of the sale."""
    frame = audit.measured.frame
    apart = [one.kpi for one in audit.findings().faults if one.by == MANAGER and one.rule == "peers" and one.grade == "certain"]
    marked = frame[(frame["by"] == MANAGER) & frame["verdict"].isin(["better", "worse"])]["kpi"]
    known = set(frame.loc[(frame["by"] == MANAGER) & frame["value"].notna(), "kpi"])
    wanted = [*apart, *(kpi for kpi in marked if kpi in OF), *PROFILE]
    kept = [kpi for kpi in KEPT if kpi in known]
    picked = [kpi for kpi in dict.fromkeys(wanted) if kpi in known and kpi in CATALOGUE and kpi not in kept]
    picked = [*kept, *picked[: most - len(kept)]]
    order = [*PROFILE, *(kpi for kpi in CATALOGUE if kpi not in PROFILE)]
    return sorted(picked, key=order.index)


def table_of_groups(groups: list[Group], audit: Advised) -> Shown:
    """Findings as lines of a table, what is at stake drawn on one scale."""
    language, reader = audit.language, audit.measured.reader
    valued = [group.money for group in groups if group.money.is_known and not group.money.is_apart]
    scale = Scale.of([end for money in valued for end in (money.low, money.high)])
    rows: list[list[Cell | str]] = []
    for group in groups:
        money, answer = group.money, audit.recommendations.of(group.lead)
        if money.is_known and not money.is_apart:
            tone = "bad" if group.is_certain else "warn"
            stake = Cell(
                rounded(money.base, reader),
                span(money, reader),
                value=money.base,
                drawn=range_drawn(money.low, money.base, money.high, scale, tone=tone),
            )
        else:
            stake = Cell("", cost_in_short(money, reader))
        sure = sure_in_short(group.lead, reader) if len(group.findings) == 1 else LIKELY[language] if group.lead.grade == "likely" else ""
        rows.append(
            [
                Cell(group_statement(group, reader), sure),
                stake,
                Cell(answer.action.title[language], answer.action.owner[language]) if answer else Cell(""),
            ]
        )
    header = [
        text[language]
        for text in (Text("Что найдено", "What was found"), Text("Цена вопроса", "At stake"), Text("Что сделать, кто", "What to do, who"))
    ]
    return grid(header, rows, align="lll", widths=["1.7fr", "32mm", "1.1fr"], can_sort=False).told(kind="table", name="findings")
