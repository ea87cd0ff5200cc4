"""Practices that the data show to be absent: nobody asks clients, listens to conversations, plans, or writes down why a deal was lost."""

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET
from salesqc_lib.findings.finding import Finding, Money

# the table that would show the practice, and a measure of the chapter in which its absence is told
PRACTICES = {"surveys": "csat", "reviews": "review_coverage", "plans": "plan_attainment", "loss_reasons": "reason_missing"}
LEAST = 30  # closed deals: of a firm that is younger, nothing is missing yet


def absent(dataset: Dataset) -> list[Finding]:
    """A counted finding for each practice of which the data hold no trace."""
    columns = set(dataset.shapes["deals"].columns)
    if not {"outcome", "created_at"} <= columns:
        return []
    closed, lost = (
        int(n)
        for n in dataset.con.execute(
            "SELECT count(*) FILTER (WHERE outcome <> 'open'), count(*) FILTER (WHERE outcome = 'lost') FROM facts.deals"
        ).fetchall()[0]
    )
    if closed < LEAST:
        return []
    # an export of deals alone says nothing of what stands elsewhere
    is_whole = bool(dataset.have["activities"])
    found = [_of(name, closed) for name in ("surveys", "reviews", "plans") if is_whole and not dataset.have[name]]
    if lost >= LEAST and ("loss_reason" not in columns or not _has_reasons(dataset)):
        found.append(_of("loss_reasons", lost))
    return found


def _has_reasons(dataset: Dataset) -> bool:
    row = dataset.con.execute(f"SELECT count(*) FROM facts.deals WHERE loss_reason IS NOT NULL AND loss_reason <> '{UNSET}'").fetchall()[0]
    return bool(row[0])


def _of(name: str, n: int) -> Finding:
    return Finding(
        "absent", PRACTICES[name], reason=name, value=0.0, n=float(n), unit="count", severity="minor", money=Money(why_not="not_valued")
    )
