"""A misspelt name is told, with the nearest; it is never «no data» and never a bare KeyError."""

from pathlib import Path

import pytest

from salesqc_lib import Audit, show
from salesqc_lib.errors import InputError
from tests.conftest import write_company
from tests.firm import firm


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("firm")
    parameters = write_company(Path(folder), as_of="2026-03-01T00:00:00", **firm())
    return Audit(str(parameters.file), "2026-01")


@pytest.mark.parametrize(
    ("verb", "message"),
    [
        (lambda a: show.forest(a.measure("speed"), "answerd_within_1h", by="manager"), "no KPI «answerd_within_1h»\n  → did you mean «answered_within_1h»?"),
        (lambda a: show.forest(a.measure("speed"), "answered_within_1h", by="manger"), "no breakdown «manger»\n  → did you mean «manager»?"),
        (lambda a: show.forest(a.measure("speed"), "win_rate", by="manager"), "«win_rate» is not among what was measured here\n  → it belongs to the group results"),
        (lambda a: show.trend(a.measure("funnel"), "leeds"), "no KPI «leeds»\n  → did you mean «leads»?"),
        (lambda a: show.breakdown(a.measure("funnel"), ["leads", "lead_to_contrac"], by="manager"), "no KPI «lead_to_contrac»"),
        (lambda a: show.table(a.measure("funnel"), "leads"), "«leads» is a count, and this takes: table"),
        (lambda a: show.table(a.measure("funnel"), "stage_flaw"), "no KPI «stage_flaw»\n  → did you mean «stage_flow»?"),
        (lambda a: show.curves(a, "leads"), "«leads» is a count, and this takes: time"),
        (lambda a: show.say(a.measure("speed"), "sped"), "no chapter «sped»\n  → did you mean «speed»?"),
        (lambda a: a.findings("sped"), "no KPI «sped»"),
        (lambda a: a.measure("sped"), "no KPI «sped»"),
        (lambda a: a.cases("leads"), "counts, sums and ratios have no cases"),
        (lambda a: a.cases("never_answerd"), "did you mean «never_answered»?"),
        (lambda a: a.cases("never_answered", by="manger"), "no breakdown «manger»"),
        (lambda a: a.measured.value("leads", "manager", "An"), "no manager «An» in the period\n  → did you mean «Ann»?"),
        (lambda a: a.measured.value("leds"), "no KPI «leds»\n  → did you mean «leads»?"),
        (lambda a: a.measured.value("first_response_time_p99"), "no figure «first_response_time_p99» stands beside first_response_time"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_told(audit: Audit, verb: object, message: str) -> None:
    with pytest.raises(InputError) as error:
        verb(audit)  # type: ignore[operator]
    assert message in error.value.text
