"""The stages of the CRM itself: what becomes of the deals that enter one."""

from salesqc_lib.facts import Facts, Share, Table
from salesqc_lib.kpi.card import MANAGER, PIPELINE, STAGE, kpi
from salesqc_lib.sources import OURS, PROCESSES
from salesqc_lib.units import COUNT, PERCENT
from salesqc_lib.words import Text


@kpi(
    name=Text("Движение по этапам", "Stage flow"),
    meaning=Text("Что стало со сделками, вошедшими в этап", "What became of the deals that entered a stage"),
    unit=COUNT, source=(PROCESSES, OURS), by=(STAGE, PIPELINE),
)  # fmt: skip
def stage_flow(stage_entries: Facts) -> Table:
    """Entries of a stage in the period = advanced + lost + moved back + moved to another pipeline + still there.

    Example
    -------
    with         stages: {New: lead, Good: qualified, Lost: lost}
    deals        deal_id  created_at
                 1        01-01
                 2        01-01
                 3        01-01
    stage_events deal_id  at     stage
                 1        01-01  New
                 1        01-05  Good
                 2        01-01  New
                 2        01-06  Lost
                 3        01-01  New
    result       New: entries=3 advanced=1 lost=1 moved_back=0 other_pipeline=0 still_there=1
    result       Good: entries=1 still_there=1
    """
    entered = stage_entries.at("at")
    left = stage_entries.reached("left_at")
    ways = {way: entered.count(left & (stage_entries.exit == way)) for way in ("advanced", "lost", "moved_back", "other_pipeline")}
    return Table(
        (STAGE, PIPELINE), {"entries": entered.count(), **ways, "still_there": entered.count(~left | (stage_entries.exit == "still_there"))}
    )


@kpi(
    name=Text("Потери на этапе", "Stage drop-out"),
    meaning=Text("Какая доля вошедших в этап потеряна на нём", "Which share of those that entered a stage was lost from it"),
    unit=PERCENT, better="lower", source=PROCESSES, by=(STAGE, MANAGER),
)  # fmt: skip
def stage_dropout(stage_entries: Facts) -> Share:
    """Of entries of a stage in the period, those that ended in a loss by the export.

    Example
    -------
    with         stages: {New: lead, Good: qualified, Lost: lost}
    deals        deal_id  created_at
                 1        01-01
                 2        01-01
    stage_events deal_id  at     stage
                 1        01-01  New
                 1        01-05  Good
                 2        01-01  New
                 2        01-06  Lost
    result       1 / 3
    """
    return stage_entries.at("at").share(stage_entries.reached("left_at") & (stage_entries.exit == "lost"))
