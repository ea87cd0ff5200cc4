"""The cases behind a share, of one segment or of several at once."""

import pandas as pd

from salesqc_lib.measure import cases
from salesqc_lib.period import Period
from tests.conftest import Company

# Ann: deal 1 skips a step in one pipeline and none in the other. Bob: deal 2 moves plainly first and skips later. Cid shows what steps there are.
MOVES = [("9", f"2025-11-{day}T0{place}:00", stage, pipeline) for pipeline, day in (("P", "01"), ("Q", "20")) for place, stage in enumerate("ABCD")] + [
    ("1", "2025-12-01T10:00", "A", "P"), ("1", "2026-01-05T10:00", "C", "P"), ("1", "2026-01-08T10:00", "A", "Q"), ("1", "2026-01-09T10:00", "B", "Q"),
    ("2", "2025-12-01T10:00", "A", "P"), ("2", "2026-01-05T10:00", "B", "P"), ("2", "2026-01-08T10:00", "D", "P"),
]  # fmt: skip
STAGES = (
    "stages: {P / A: lead, P / B: qualified, P / C: key_event_set, P / D: key_event_held, "
    "Q / A: lead, Q / B: qualified, Q / C: key_event_set, Q / D: contract}"
)


def test_what_one_segment_has_changes_no_case_of_another(company: Company) -> None:
    """Ann's one skip is her one case, also where Bob, whose case is found by the id of its deal, is asked about with her."""
    data = company(
        deals="deal_id,created_at,manager\n1,2025-11-01,Ann\n2,2025-11-01,Bob\n9,2025-11-01,Cid",
        stage_events="deal_id,at,stage,pipeline\n" + "\n".join(",".join(move) for move in MOVES),
        more=STAGES,
    )
    period = Period.parse("2026-01")
    alone = cases(data, period, "skipped_stages", "manager", ["Ann"])
    assert alone[["deal_id", "counted"]].to_numpy().tolist() == [["1", 1], ["1", 0]]
    for segments in (["Ann", "Bob"], []):
        together = cases(data, period, "skipped_stages", "manager", segments)
        assert set(together["segment"]) >= {"Ann", "Bob"}
        own = together[together["segment"] == "Ann"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own[alone.columns], alone, check_dtype=False)
