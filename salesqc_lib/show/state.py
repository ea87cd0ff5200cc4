"""What has become of a chapter: its findings, what really changed in it, whether it has earned a page, and what its page says."""

from dataclasses import dataclass

from salesqc_lib.findings.grouped import Group, grouped
from salesqc_lib.show.chapters.chapter import Chapter
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.words.change import changed_told, really_changed
from salesqc_lib.show.words.findings import certainty, could_be, day, inside
from salesqc_lib.show.words.groups import group_statement
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.show.words.money import cost
from salesqc_lib.words import Text

SELLERS = 3  # a page on sellers compares at least so many
WEIGHTS = {"critical": 4.0, "major": 3.0, "minor": 2.0, "note": 1.0}
NOT_MEASURED = Text("не посчитано: {x}", "not measured: {x}")
QUIET = Text(
    "отличий больше случайного нет, показатели — на общей странице", "no difference beyond chance; its figures are on the shared page"
)
DO = Text("С чего начать: {what} ({who}); проверка {when} — {check}.", "Begin: {what} ({who}); check on {when}: {check}.")


@dataclass(frozen=True)
class State:
    """What has become of a chapter: the groups of its findings, the figures that really changed, and whether it has a page."""

    chapter: Chapter
    groups: list[Group]
    changed: list[str]
    is_measured: bool
    has_page: bool

    @property
    def rank(self) -> float:
        """What is at stake, then severity, then the catalogue's order."""
        money = sum(group.money.base for group in self.groups if group.is_certain)
        severity = max((WEIGHTS[group.lead.severity] for group in self.groups), default=0.0)
        return money * 1e6 + severity * 1e3 + len(self.changed) * 10 - self.chapter.order / 100


def state_of(audit: Advised, chapter: Chapter) -> State:
    """What has become of a chapter in this audit."""
    measured, findings = audit.measured, audit.findings()
    # that something is not practised, or was not exported, stands among the findings: there is nothing of it to show here
    groups = grouped(one for one in findings.faults if chapter.holds(one) and one.rule != "absent")
    known = chapter.measured_in(measured)
    changed = [kpi for kpi in known if really_changed(measured, kpi)]
    is_measured = bool(known) or bool(groups)
    if chapter.key == "managers":
        is_measured = len(measured.segments("leads", "manager")) >= SELLERS if "leads" in set(measured.frame["kpi"]) else False
    if chapter.key == "channels":
        is_measured = "lead_to_contract" in set(measured.frame["kpi"]) and len(measured.segments("lead_to_contract", "channel")) > 1
    remarks = audit.parameters.report.remarks
    is_remarked = chapter.section in remarks and chapter.key == chapter.section
    has_page = (is_measured and (chapter.is_always or bool(groups) or bool(changed))) or is_remarked
    return State(chapter, groups, changed, is_measured, has_page)


def head_of(audit: Advised, state: State) -> Head:
    """The head of a chapter's page."""
    measured, language, chapter = audit.measured, audit.language, state.chapter
    label, about = chapter.label[language], chapter.about[language]
    own = chapter.title(measured, audit.findings()) if chapter.title else ""
    fact = chapter.fact.said(measured, chapter.kpis) or label
    text = _next(audit, state.groups[0]) if state.groups else _calm(audit, state)
    title = own or (group_statement(state.groups[0], measured.reader) if state.groups else "")
    title = title or (changed_told(measured, state.changed[0]) if state.changed else "") or fact
    if own and state.groups and chapter.key != "managers":
        text = f"{group_statement(state.groups[0], measured.reader)}. {text}"
    why = "" if state.has_page else (QUIET if state.is_measured else NOT_MEASURED.format(x=inside(about)))[language]
    return Head(chapter.key, label, title, f"{about}. {audit.period.name(language)}", text, "chapters", state.rank, not state.has_page, why)


def _next(audit: Advised, group: Group) -> str:
    """How sure, what is at stake, what else could explain it, and what to do."""
    reader, language = audit.measured.reader, audit.language
    lead = group.lead
    sure = certainty(lead, reader) if len(group.findings) == 1 else ""
    parts = [sure[:1].upper() + sure[1:] + "." if sure else "", cost(group.money, reader), could_be(lead, language)]
    answer = audit.recommendations.of(lead)
    if answer:
        parts.append(
            DO.format(
                what=inside(answer.action.title[language]),
                who=inside(answer.action.owner[language]),
                when=day(answer.check_by, language),
                check=inside(kpi_name(answer.check, language)),
            )[language]
        )
    return " ".join(part for part in parts if part)


def _calm(audit: Advised, state: State) -> str:
    """What there is to say of a chapter without a finding: what changed beyond chance, or nothing."""
    told = [changed_told(audit.measured, kpi) for kpi in state.changed[1:3]]
    return " ".join(f"{one}." for one in told)
