"""The catalogue as a whole: ids and kinds are public names."""

import csv

import pytest

from salesqc_lib.errors import InputError
from salesqc_lib.kpi import CATALOGUE, GROUPS, cards
from salesqc_lib.kpi.card import DIMENSIONS, Card
from tests.conftest import ROOT


def test_every_public_id_and_kind_is_there() -> None:
    with (ROOT / "tests" / "kpi" / "catalogue.csv").open(encoding="utf-8") as file:
        public = [(row["group"], row["kpi"], row["kind"]) for row in csv.DictReader(file)]
    assert sorted((card.group, card.id, card.kind) for card in CATALOGUE.values()) == sorted(public)
    assert len(public) == 86


@pytest.mark.parametrize("card", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_card_is_complete_in_both_languages(card: Card) -> None:
    for text in (card.name, card.meaning, *([card.advice] if card.advice else [])):
        assert text.ru.strip()
        assert text.en.strip()
        assert text.ru != text.en
    assert card.counted.endswith("."), "the docstring says what is counted"
    assert set(card.by) <= set(DIMENSIONS)
    assert card.source


def test_a_misspelt_name_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean «win_rate»"):
        cards("win_rat")
    assert [card.group for card in cards("speed")] == ["speed"] * 8
    assert len(GROUPS) == 9
