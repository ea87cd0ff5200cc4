"""Phones and e-mails inside names and texts: gone, with nobody merged with anybody else."""

from pathlib import Path

import pytest

from salesqc_lib.contacts import without_contacts
from tests.conftest import Company, measured, write_company

DEALS = """\
deal_id,created_at,manager,channel,outcome,closed_at,loss_reason
1,2026-01-05,anna@north.example,site,lost,2026-01-09,call +7 916 123-45-67
2,2026-01-05,anna@south.example,site,lost,2026-01-09,write to joe.doe@example.com
3,2026-01-06,Bob,site,won,2026-01-09,
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+7 (916) 123-45-67", "…"), ("8 916 123 45 67", "…"), ("89161234567", "…"), ("+44 20 7946 0958", "…"), ("(212) 555-0143", "…"),
        ("212-555-0143", "…"), ("joe.doe+x@mail.example.com!", "…!"), ("Deal 1016039512", "Deal 1016039512"), ("2026-10-05", "2026-10-05"),
        ("10 005 534", "10 005 534"), ("ISO 9001:2015", "ISO 9001:2015"), ("a@b", "a@b"), ("12345678901234567890", "12345678901234567890"),
    ],
)  # fmt: skip
def test_what_is_a_contact_and_what_is_not(text: str, shown: str) -> None:
    assert without_contacts(text) == shown


def test_contacts_are_gone_and_people_stay_apart(company: Company) -> None:
    dataset = company(deals=DEALS, activities="activity_id,kind,at,deal_id,manager\na,call,2026-01-05,1,anna@north.example")
    names = set(measured(dataset, "leads").segments("leads", "manager")["segment"])
    assert names == {"anna", "anna (2)", "Bob"}
    assert {row[0] for row in dataset.con.execute("SELECT DISTINCT manager FROM canonical.activities").fetchall()} == {"anna"}
    reasons = {row[0] for row in dataset.con.execute("SELECT DISTINCT loss_reason FROM facts.deals").fetchall()}
    assert {"call …", "write to …"} <= reasons


def test_nobody_becomes_somebody_who_is_named_without_an_address(company: Company) -> None:
    dataset = company(deals="deal_id,created_at,manager\n1,2026-01-05,anna\n2,2026-01-05,anna@north.example")
    assert set(measured(dataset, "leads").segments("leads", "manager")["segment"]) == {"anna", "anna (2)"}


def test_rejected_rows_do_not_tell_them_either(company: Company) -> None:
    dataset = company(deals="deal_id,created_at,amount\n1,2026-01-05,+7 916 123-45-67\n2,2026-01-05,1")
    assert "916" not in " ".join(dataset.rejected["reason"])


def test_who_asks_for_contacts_gets_them(tmp_path: Path) -> None:
    from salesqc_lib.dataset import Dataset

    head = "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: UTC, show_contacts: true}\n"
    dataset = Dataset.read(write_company(tmp_path, deals=DEALS, head=head))
    assert "anna@north.example" in set(measured(dataset, "leads").segments("leads", "manager")["segment"])
