"""Every template renders whole on every animal, and prints nothing that is no word: no NaN, None, inf, raw code or traceback."""

import os
import re
from pathlib import Path
from random import Random

import pytest

from tests.zoo.animals import ANIMALS, Animal
from tests.zoo.client import PERIOD
from tests.zoo.pages import shown
from tests.zoo.test_zoo import TODAY, broken
from tests.zoo.writing import write

# data so poor that a template has most often nothing to say: always tried; of the others, some
POOR = (
    "nothing_was_ever_lost", "an_export_of_winners_alone", "nothing_was_ever_won", "one_seller", "one_deal", "everything_is_open", "deals_without_the_column_amount",
    "deals_without_the_column_manager", "one_day_of_data", "three_hundred_sellers", "two_thousand_channels", "no_activities_at_all", "everything_is_bare_dates",
    "deals_without_the_column_outcome", "deals_without_the_column_closed_at", "no_win_has_a_closing_date", "the_moment_of_the_export_is_too_late", "calls_that_belong_to_no_deal", "new_deals_end_in_june",
)  # fmt: skip
SOME = 4
WHOLE = [one for one in ANIMALS if one.totals != "refused"]
CHOSEN = (
    WHOLE
    if os.environ.get("SALESQC_ALL")
    else [one for one in WHOLE if one.name in POOR] + Random(5).sample([one for one in WHOLE if one.name not in POOR], SOME)
)
NO_WORD = re.compile(
    r"(?<![\w/.-])(NaN|nan|None|NaT|inf|-inf|undefined)(?![\w-])|Traceback|<built-in|\{[a-z_]+\}|(no_table|no_column|precision):"
)


def settled(animal: Animal, folder: Path) -> tuple[Path, str]:
    """An animal's files in a folder: its parameter file, and the period to look at."""
    client = broken(animal)
    period = str(client.more.pop("zoo_period", PERIOD))
    client.more.pop("zoo_expected", None)
    if "path" in client.more.get("rates", {}):
        client.more["rates"] = {"path": "rates.csv"}
    path = write(client, folder)
    if animal.raw:
        animal.raw(folder)
    return path, period


@pytest.mark.parametrize("template", ["audit", "dashboard", "manager", "readiness"])
@pytest.mark.parametrize("animal", CHOSEN, ids=lambda animal: animal.name)
def test_a_template_speaks_in_words(animal: Animal, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, period = settled(animal, tmp_path)
    language = ("ru", "en")[len(animal.name) % 2]
    for source, bundle in shown(template, monkeypatch, client=str(path), period=period, language=language, today=TODAY):
        for kind in ("text/html", "text/plain"):
            text = re.sub(r"<style.*?</style>|<[^>]*>", " ", str(bundle.get(kind, "")), flags=re.S)
            if found := NO_WORD.search(text):
                place = text[max(0, found.start() - 80) : found.end() + 60]
                pytest.fail(f"{source!r} prints {found[0]!r}: …{place}…")
