"""Breaks combined at random: never a traceback, never a silently wrong count of leads, contracts or revenue."""

import os
import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesqc_lib.errors import InputError
from tests.zoo.animals import ANIMALS
from tests.zoo.test_zoo import CLEAN, TRUE, look

COMBINED = {one.name: one for one in ANIMALS if one.combines}
# these write values as texts: they come last, as the writing of a file does
AS_TEXT = ("days_first", "amounts_with_the_clients_own_sign", "amounts_with_commas_and_spaces")
TRIES = 150 if os.environ.get("SALESQC_ALL") else 12


@settings(max_examples=TRIES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(names=st.lists(st.sampled_from(sorted(COMBINED)), min_size=2, max_size=5, unique=True), order=st.integers(0, 1000))
def test_whatever_comes_together(names: list[str], order: int) -> None:
    client = CLEAN.copy()
    for name in sorted(names, key=lambda name: (name in AS_TEXT, name.endswith("bare_dates"))):
        COMBINED[name].breaks(client)
    for rows in client.files.values():  # the order of rows tells nothing
        Random(order).shuffle(rows)
    refusal = ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            facts = look(client, Path(folder), "csv")
        except InputError as error:
            refusal = error.text
    if refusal:
        assert "→" in refusal
        return
    totals = facts["totals"]
    assert totals["leads"] == TRUE.leads
    for name, true in (("contracts", TRUE.contracts), ("revenue", TRUE.revenue)):
        low, high = totals[name], totals.get(f"{name}_high", totals[name])
        assert low is not None
        assert low <= true * (1 + 1e-9), (name, totals)
        assert true * (1 - 1e-9) <= high, (name, totals)
    wanted = {code for name in names for code in COMBINED[name].warns}
    assert wanted <= {one["code"] for one in facts["warnings"]} | {"W104"}, names
