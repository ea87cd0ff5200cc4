"""Each card's worked example is its test: rows and results were worked out by hand."""

import pytest

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import Card
from salesqc_lib.kpi.example import PERIOD, read_example
from tests.conftest import Company, measured


@pytest.mark.parametrize("card", CATALOGUE.values(), ids=list(CATALOGUE))
def test_the_example_of(card: Card, company: Company) -> None:
    example = card.example
    assert example.results, "a card has a worked example"
    tables = {name: example.csv(name) for name in example.tables}
    found = measured(company(as_of=example.as_of, more="\n".join(example.settings), **tables), card.id, period=PERIOD)
    for result in example.results:
        if result.columns:
            table = found.tables[card.id].astype({"segment": str})
            (row,) = table[(table["segment"] == result.segment) & (table["by"] == table["by"].iloc[0])].to_dict("records")
            assert {name: float(row[name]) for name in result.columns} == pytest.approx(result.columns, rel=1e-3), result.text
            continue
        row = found.row(f"{card.id}_{result.companion}" if result.companion else card.id)
        if result.n is None:
            assert row["value"] == pytest.approx(result.value, rel=1e-3), result.text
        else:
            assert (row["k"], row["n"]) == (result.k, result.n), result.text


def test_a_row_that_does_not_fit_its_head_is_told() -> None:
    with pytest.raises(ValueError, match="2 cells and its head 1"):
        read_example("Counts.\n\nExample\n-------\ndeals  deal_id\n       1 2\nresult 1")
