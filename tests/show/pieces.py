"""The pieces of a report on a small firm, as texts: the bodies of its tables and the data of its charts, in both languages."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from salesqc_lib import Audit, show
from salesqc_lib.show.forms.shown import Shown
from salesqc_lib.words import LANGUAGES
from tests.conftest import write_company
from tests.firm import alike, firm

STORED = Path(__file__).parent / "snapshots"
HEAD = """\
client: {id: small, name: Small}
report: {language: en, currency: EUR, timezone: UTC}
"""
Piece = Callable[[Any], Shown]


def _of(name: str, *rest: Any, **more: Any) -> Piece:
    return lambda audit: getattr(show, name)(audit.measure(), *rest, **more)


PIECES: dict[str, Piece] = {
    "summary": show.summary,
    "passport": show.passport,
    "readiness": show.readiness,
    "key_figures": _of("scoreboard", show.HEADLINES),
    "sellers": _of("breakdown", show.PROFILE, by="manager"),
    "funnel": _of("funnel"),
    "forest": _of("forest", "lead_to_contract", by="manager"),
    "trend": _of("trend", "leads", by="month"),
    "plan_fact": _of("plan_fact"),
    "quadrant": _of("quadrant"),
    "curves": lambda audit: show.curves(audit, "first_response_time", by="manager"),
    "hours": show.hours,
    "answered": _of("conversion_by_response"),
    "wins_by_touch": _of("wins_by_touch"),
    "pareto": _of("pareto"),
    "heat": _of("heat"),
    "activity": _of("table", "activity_vs_result"),
    "regrets": show.regrets,
    "faults": lambda audit: show.faults(audit.findings(), audit.recommendations),
    "register": lambda audit: show.register(audit.findings()),
    "roadmap": lambda audit: show.roadmap(audit.recommendations),
    "differences": show.differences,
    "parameters": show.parameters,
    "interview": show.interview,
    "vitals": _of("vitals"),
    "steps": _of("steps_board"),
    "waiting": show.waiting,
    "talk": lambda audit: show.talk(audit, "Ann"),
}


def snapshots() -> Iterator[tuple[str, str]]:
    """Name and text of every piece: what a reader without pictures reads, and the numbers that a chart was drawn from."""
    with tempfile.TemporaryDirectory() as folder:
        tables = firm(Ann=alike(answer_min=900, signed=0.2), Bob=alike(discount=0.25), plan=5000.0, lunch=0.5)
        parameters = write_company(Path(folder), as_of="2026-03-01T00:00:00", head=HEAD, **tables)
        for language in LANGUAGES:
            audit = Audit(str(parameters.file), "2026-01", language)
            for name, piece in PIECES.items():
                yield f"{name}.{language}", _written(piece(audit), with_data=language == "en")


def _written(shown: Shown, *, with_data: bool) -> str:
    text = shown.plain
    if with_data and shown.frame is not None and "<svg" in shown.web:
        columns = [name for name in shown.frame.columns if name not in ("alt", "reason", "verdict")]
        text += "\n\n" + shown.frame[columns].to_csv(float_format="%.6g")
    return text.replace("\u00a0", " ").rstrip() + "\n"


def store() -> None:
    """Store all pieces anew, after a meant change."""
    STORED.mkdir(exist_ok=True)
    for old in STORED.glob("*.txt"):
        old.unlink()
    for name, text in snapshots():
        (STORED / f"{name}.txt").write_text(text, encoding="utf-8")
