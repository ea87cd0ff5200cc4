"""Small firms and a small template, so that a batch of many takes seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib.report.render import Job
from tests.conftest import write_company
from tests.report.test_render import template

Make = Callable[..., Job]


def deals(signed: int) -> str:
    """Twenty leads of January, so many of which signed."""
    rows = [f"{i},2026-01-05,S{i % 3},{'2026-01-09' if i < signed else ''}" for i in range(20)]
    return "deal_id,created_at,manager,contract_at\n" + "\n".join(rows)


@pytest.fixture
def firm(tmp_path: Path) -> Make:
    """`firm("a", "say(...)")` is a job on a client of its own; the cells stand between the cover and the end."""

    def make(name: str, *sources: str, signed: int = 5, period: str = "2026-01", **more: Any) -> Job:
        folder = tmp_path / name
        if not folder.is_dir():
            folder.mkdir()
            head = f'client: {{id: {name}, name: {name}, accent: "#1f6f5c"}}\nreport: {{language: en, currency: EUR, timezone: UTC}}\n'
            write_company(folder, head=head, deals=deals(signed))
        return Job(str(folder / "small.yaml"), period, tmp_path / "output", template(folder, *sources), **({"formats": ("html",)} | more))

    return make
