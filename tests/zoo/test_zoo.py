"""Each animal of the zoo: the true figure, bounds that hold it, a refusal with its words, or a warning with its code."""

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from salesqc_lib.cli.check import Check
from salesqc_lib.errors import InputError
from tests.zoo.animals import ANIMALS, Animal
from tests.zoo.client import PERIOD, Client, Truth, clean, truth
from tests.zoo.writing import write

TODAY = "2026-11-24"
AS_OF = "2026-10-14T22:19:30"
CLEAN = clean()
TRUE = truth(CLEAN)
EVERY = bool(os.environ.get("SALESQC_ALL"))
WORKBOOKS = [one for one in ANIMALS if not one.raw]  # the others are breaks of the writing of CSV
SOME_XLSX = 10  # animals that are tried as XLSX too, unless all are asked for


def broken(animal: Animal) -> Client:
    client = CLEAN.copy()
    animal.breaks(client)
    return client


def look(client: Client, folder: Path, kind: str, raw: Any = None) -> dict[str, Any]:
    """What `salesqc check --format json` tells."""
    own = {name: client.more.pop(name) for name in ("zoo_expected", "zoo_period") if name in client.more}
    if "path" in client.more.get("rates", {}):
        client.more["rates"] = {"path": client.more["rates"]["path"].format(kind=kind)}
    path = write(client, folder, kind)
    if raw and kind == "csv":
        raw(folder)
    facts = Check.of(str(path), own.get("zoo_period", PERIOD), TODAY).facts()
    return facts | {"expected": own.get("zoo_expected", {})}


def hold(animal: Animal, facts: dict[str, Any], true: Truth = TRUE) -> None:
    """That the totals are those that the animal promises."""
    totals = facts["totals"]
    expected = {"leads": true.leads, "contracts": true.contracts, "revenue": true.revenue, "sellers": true.sellers} | facts["expected"]
    if animal.totals == "bounds":
        for name in ("contracts", "revenue"):
            low = totals[name] or 0.0
            assert low <= expected.pop(name) <= totals.get(f"{name}_high", low), (name, totals)
    for name, value in expected.items():
        assert totals[name] == (pytest.approx(value) if value is not None else None), (name, totals)
    codes = {one["code"] for one in facts["warnings"]}
    assert set(animal.warns) <= codes, codes
    assert not set(animal.silent) & codes, codes
    if animal.is_as_of_true and "zoo_period" not in facts:
        assert facts["as_of"].startswith((AS_OF, "2024-10", "2026-10-15T00:00")), facts["as_of"]
    given = {kpi: one["reason"] for one in facts["readiness"]["missing"] for kpi in one["kpis"]}
    for kpi, reason in animal.missing:
        assert given.get(kpi) == reason, (kpi, given.get(kpi))


def test_the_clean_client_is_as_it_is(tmp_path: Path) -> None:
    facts = look(CLEAN.copy(), tmp_path, "csv")
    hold(Animal("clean", lambda client: None), facts)
    assert facts["warnings"] == []


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_an_animal_as_csv(animal: Animal, tmp_path: Path) -> None:
    _try(animal, tmp_path, "csv")


@pytest.mark.parametrize("animal", WORKBOOKS if EVERY else Random(11).sample(WORKBOOKS, SOME_XLSX), ids=lambda animal: animal.name)
def test_an_animal_as_xlsx(animal: Animal, tmp_path: Path) -> None:
    _try(animal, tmp_path, "xlsx")


def _try(animal: Animal, folder: Path, kind: str) -> None:
    if animal.totals != "refused":
        hold(animal, look(broken(animal), folder, kind, animal.raw))
        return
    with pytest.raises(InputError) as error:
        look(broken(animal), folder, kind, animal.raw)
    assert animal.refusal in error.value.text
    assert "→" in error.value.text


def test_there_are_animals_enough() -> None:
    assert len(ANIMALS) >= 60
    assert len({one.name for one in ANIMALS}) == len(ANIMALS)
