"""What the pieces of a report say has not changed unnoticed. After a meant change: `make golden`, and read the difference."""

import pytest

from tests.show.pieces import PIECES, STORED, snapshots


@pytest.fixture(scope="module")
def now() -> dict[str, str]:
    return dict(snapshots())


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_says_what_it_said(now: dict[str, str], name: str, language: str) -> None:
    stored = STORED / f"{name}.{language}.txt"
    assert now[f"{name}.{language}"] == stored.read_text(encoding="utf-8"), "make golden, if this is meant"


def test_nothing_is_stored_that_is_not_shown(now: dict[str, str]) -> None:
    assert {path.stem for path in STORED.glob("*.txt")} == set(now)
