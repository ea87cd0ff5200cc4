"""What the client would have to bring, and how many measures that would open."""

from collections import Counter
from dataclasses import dataclass

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure.measurement import Measurement


@dataclass(frozen=True)
class Opening:
    """A table, or a field of one, that is missing, and the measures that wait for it.

    `table` and `column` name it; `column` is '' where the whole table is missing. A parameter that is missing is `parameter`.
    """

    table: str
    column: str
    kpis: tuple[str, ...]
    parameter: str = ""

    @property
    def groups(self) -> dict[str, int]:
        """Groups of the catalogue and how many of their measures it would open, the most first."""
        return dict(Counter(CATALOGUE[kpi].group for kpi in self.kpis if kpi in CATALOGUE).most_common())


def openings(measured: Measurement) -> list[Opening]:
    """What is missing, by how many measures it would open. A measure may need more than the first thing that it misses."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for kpi, reason in missing(measured):
        kind, _, what = reason.partition(":")
        table, _, column = what.partition(".")
        if kind in ("no_table", "no_column"):
            found.setdefault((table, column, ""), []).append(kpi)
        elif kind == "no_parameter":
            found.setdefault(("", "", what), []).append(kpi)
    listed = [Opening(table, column, tuple(kpis), parameter) for (table, column, parameter), kpis in found.items()]
    return sorted(listed, key=lambda one: (-len(one.kpis), one.table, one.column, one.parameter))


def not_now(measured: Measurement) -> dict[str, list[str]]:
    """Measures that the data could give, and not in this period: by the reason."""
    found: dict[str, list[str]] = {}
    for kpi, reason in missing(measured):
        if reason.partition(":")[0] not in ("no_table", "no_column", "no_parameter"):
            found.setdefault(reason, []).append(kpi)
    return found


def missing(measured: Measurement) -> list[tuple[str, str]]:
    """The measures without a value for the whole department, and why."""
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].isna()]
    return [(str(row["kpi"]), str(row["reason"])) for row in total.to_dict("records")]
