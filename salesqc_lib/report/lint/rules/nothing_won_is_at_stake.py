"""A09: the list behind a finding on open deals holds no deal that is won."""

from collections.abc import Iterator

from salesqc_lib.lists import read_list
from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class NothingWonIsAtStake(Rule):
    """The list behind a finding on open deals holds no deal that is won.

    Why: a signed contract can be neither lost nor worked on.

    Bad: eight contracts of the quarter among «deals to work through».

    Good: the deals that are open at the moment of the export.
    """

    code = "A09"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        path = report.folder / "deals.csv"
        if path.is_file() and len(deals := read_list(path)):
            stages = (report.manifest.get("parameters") or {}).get("stages") or {}
            won = {str(stage) for stage, kind in stages.items() if kind in ("contract", "act", "won")}
            for row in deals[deals["stage"].astype(str).isin(won)].to_dict("records"):
                yield Fault("deals.csv", f"{row['deal_id']}: {row['stage']}")
