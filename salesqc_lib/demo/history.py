"""What happened in a simulated company: rows as a CRM would hold them."""

from dataclasses import dataclass, field
from typing import Any

from salesqc_lib.demo.profiles import Company

Row = dict[str, Any]


@dataclass
class History:
    """What happened: rows of canonical tables, times as local `datetime`s, ids as text."""

    company: Company
    deals: list[Row] = field(default_factory=list)
    stage_events: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)
    purchases: list[Row] = field(default_factory=list)
    materials: list[Row] = field(default_factory=list)
    spend: list[Row] = field(default_factory=list)
    plans: list[Row] = field(default_factory=list)
