"""The client's own totals beside ours, and the parts of the difference."""

from salesqc_lib.measure.control import checked, doubt
from tests.conftest import Company

DEALS = """
    deal_id,created_at,outcome,closed_at,amount,is_target,kind
    1,2026-01-02T10:00,won,2026-01-10T12:00,100,1,a
    2,2026-01-03T10:00,won,2026-01-31T23:30,200,1,a
    3,2026-01-05T10:00,lost,2026-01-12T12:00,50,0,a
    4,2026-01-06T10:00,lost,2026-01-12T12:00,50,1,test
    5,2026-01-07T10:00,open,,50,1,a"""
MORE = "exclude: {{kind: test}}\ncontrol: {{period: 2026-01, leads: {leads}, contracts: {contracts}, revenue: {revenue}}}"


def test_totals_that_agree_raise_no_doubt(company: Company) -> None:
    found = checked(company(deals=DEALS, more=MORE.format(leads=3, contracts=2, revenue=300)))
    assert [(one.name, one.ours, one.is_alike) for one in found] == [("leads", 3, True), ("contracts", 2, True), ("revenue", 300, True)]
    assert doubt(found) is None


def test_a_difference_is_explained_by_its_parts(company: Company) -> None:
    """The CRM counts all six it ever had: spam, the test deal, and one that nobody can explain."""
    found = checked(company(deals=DEALS, more=MORE.format(leads=6, contracts=2, revenue=300)))
    leads = next(one for one in found if one.name == "leads")
    assert (leads.difference, leads.explained, leads.unexplained) == (3, {"non_target": 1, "excluded": 1}, 1)
    warned = doubt(found)
    assert warned is not None
    assert warned.seen("en") == "The CRM's totals differ from ours: Leads, January 2026: 6 / 3"


def test_a_zone_explains_what_falls_over_midnight(company: Company) -> None:
    """In Moscow the second deal closes on 31 January at 23:30; were that UTC, it would be February there. The CRM shows one contract less."""
    head = "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: Asia/Yekaterinburg}\n"
    late = DEALS.replace("2026-01-31T23:30", "2026-02-01T02:30")
    found = checked(company(deals=late, head=head, more="control: {period: 2026-01, contracts: 2}", as_of="2026-02-10T00:00:00"))
    assert (found[0].ours, found[0].explained) == (1, {"zone": 1})
