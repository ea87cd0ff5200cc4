"""The texts that a KPI comes from: what a report cites."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a definition, a benchmark or a piece of advice was taken from; `grade` tells how far to trust a figure of it."""

    id: str
    title: str
    grade: str = "practice"


BRUTAL = Source("A", "Brutal Marketing: KPI of a sales department")
AMOCRM = Source("B", "amoCRM: ten metrics of a sales department")
FURNITURE = Source("C", "The furniture salon's sales funnel: seven measurements")
PROCESSES = Source("D", "Sales processes: what to watch and where it drags")
MEASURING = Source("E", "Measuring the efficiency of sales")
OURS = Source("+", "SalesQC")
PRACTICE = Source("P", "Audit practice: limits that consultants use, without a study behind them", "hearsay")
HBR_2011 = Source("HBR", "Oldroyd, McElheran, Elkington: The Short Life of Online Sales Leads, Harvard Business Review 3/2011", "study")
NSEA = Source("NSEA", "National Sales Executive Association", "myth")
