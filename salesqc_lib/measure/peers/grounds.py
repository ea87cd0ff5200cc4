"""What a fair comparison rests on: since when people sell, how cohorts ripen, what may stand for the mix, which deals were inherited."""

from dataclasses import dataclass
from functools import cached_property

import narwhals as nw

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import Columns, Window
from salesqc_lib.kpi.card import MANAGER, TEAM
from salesqc_lib.measure.peers.mix import half_logged, inherited, mix_of
from salesqc_lib.measure.peers.ripening import Ripening
from salesqc_lib.measure.peers.tenure import Tenure, tenure_of


@dataclass
class Grounds:
    """All of it for one window, each made when first asked for."""

    dataset: Dataset
    window: Window

    @cached_property
    def tenure(self) -> Tenure:
        return tenure_of(self.dataset)

    @cached_property
    def ripening(self) -> Ripening:
        return Ripening(self.dataset, self.window.as_of)

    @cached_property
    def mix(self) -> frozenset[str]:
        return mix_of(self.dataset) | {MANAGER}

    @cached_property
    def inherited(self) -> list[str]:
        return inherited(self.dataset)

    @cached_property
    def half_logged(self) -> frozenset[str]:
        """Whose contacts are not all written down: of their deals that signed, one in ten and more has none."""
        return half_logged(self.dataset, self.window)

    @cached_property
    def new(self) -> frozenset[str]:
        """Who is still in the first days when the window closes."""
        return frozenset(self.tenure.new_after(self.window.close))

    @cached_property
    def fresh(self) -> frozenset[str]:
        """Whose first days reach into the window."""
        return frozenset(self.tenure.new_after(self.window.start))

    def left_out(self, by: str, facts: Columns, clock: str) -> nw.Expr | None:
        """Rows that are not held against anybody: those of somebody's first days, where sellers or their teams are compared; of a snapshot,
        all rows of who is still new, and inherited deals."""
        if by not in (MANAGER, TEAM) or not facts.has(MANAGER):
            return None
        if clock:
            return self.tenure.rows_of_newcomers(clock, self.window.start)
        parts = [nw.col(MANAGER).is_in(sorted(self.new))] if self.new else []
        if facts.has("deal_id") and self.inherited:
            parts.append(nw.col("deal_id").is_in(self.inherited))
        return nw.any_horizontal(*parts, ignore_nulls=True) if parts else None
