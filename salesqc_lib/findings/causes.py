"""One cause is one finding: what follows from another finding is told with it, and not counted again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from salesqc_lib.findings.finding import Finding
from salesqc_lib.findings.watch import INSIDE, LEADS_TO, WATCHED

_PLACE = {watched.kpi: place for place, watched in enumerate(WATCHED)}


@cache
def follows(cause: str) -> frozenset[str]:
    """All that can follow from a measure, near and far."""
    found: set[str] = set()
    ahead = [cause]
    while ahead:
        for kpi in LEADS_TO.get(ahead.pop(), ()):
            if kpi not in found:
                found.add(kpi)
                ahead.append(kpi)
    return frozenset(found)


def _is_cause(one: Finding, other: Finding) -> bool:
    """Whether one finding explains the other of the same segment; where each may follow from the other, the first watched one does."""
    if one.kpi == other.kpi:
        return one is not other and _own_weight(one) > _own_weight(other)
    if other.kpi not in follows(one.kpi) or (other.rule == "past" and one.rule != "past"):
        return False  # what has lasted does not explain a fresh fall
    return one.kpi not in follows(other.kpi) or _PLACE[one.kpi] < _PLACE[other.kpi]


def _own_weight(finding: Finding) -> tuple[bool, float]:
    """Of two findings about one figure, that against the past is told with the other."""
    return finding.rule != "past", abs(finding.gap) if finding.gap == finding.gap else 0.0


def without_consequences(findings: Sequence[Finding]) -> list[Finding]:
    """Roots only, each with all that follows from it, near and far, for the same segment. The fresh fall of a figure that also breaks
    its norm is told with the norm."""
    kept = []
    for finding in findings:
        near = [other for other in findings if other.place == finding.place]
        if any(_is_cause(other, finding) for other in near):
            continue
        followers = _all_after(finding, near)
        consequences = dict.fromkeys(other.kpi for other in followers if other.kpi != finding.kpi)
        kept.append(replace(finding, consequences=tuple(consequences), followers=tuple(followers)))
    return kept


def _all_after(finding: Finding, near: Sequence[Finding]) -> list[Finding]:
    found: list[Finding] = []
    ahead = [finding]
    while ahead:
        cause = ahead.pop(0)
        fresh = [other for other in near if _is_cause(cause, other) and not any(other is one for one in (finding, *found))]
        found += fresh
        ahead += fresh
    return found


def without_totals(findings: Sequence[Finding], stands_without: Callable[[Finding, Sequence[Finding]], bool]) -> list[Finding]:
    """A team's or the department's finding that is made by the findings inside it belongs to them.

    `stands_without(whole, parts)`: whether the whole is still a finding once the parts are taken out.
    """
    gone: dict[int, list[Finding]] = {}
    for i, whole in enumerate(findings):
        inner = INSIDE.get(whole.by, ())
        parts = [part for part in findings if part.by in inner and part.rule == "peers" and _is_part_of(part, whole)]
        if parts and not stands_without(whole, parts):
            gone[i] = parts
    members: dict[int, list[tuple[str, str, str]]] = {}
    for i, inside in gone.items():
        for part in inside:
            members.setdefault(id(part), []).append((findings[i].kpi, findings[i].by, findings[i].segment))
    return [
        replace(finding, members=tuple(members[id(finding)])) if id(finding) in members else finding
        for i, finding in enumerate(findings)
        if i not in gone
    ]


def _is_part_of(part: Finding, whole: Finding) -> bool:
    return part.kpi == whole.kpi or whole.kpi in part.consequences or whole.kpi in follows(part.kpi)
