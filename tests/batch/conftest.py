"""Small firms and a small template, so that a batch of many takes seconds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import locations
from salesqc_lib.report.render import Job
from tests.conftest import write_company
from tests.report.test_render import template

Make = Callable[..., Job]
Store = Any


def deals(signed: int, leads: int = 20) -> str:
    """Leads of January, so many of which signed."""
    rows = [f"{i},2026-01-05,S{i % 3},{'2026-01-09' if i < signed else ''}" for i in range(leads)]
    return "deal_id,created_at,manager,contract_at\n" + "\n".join(rows)


@pytest.fixture
def firm(tmp_path: Path) -> Make:
    """`firm("a", "say(...)")` is a job on a client of its own; the cells stand between the cover and the end."""

    def make(name: str, *sources: str, signed: int = 5, leads: int = 20, period: str = "2026-01", **more: Any) -> Job:
        folder = tmp_path / name
        if not folder.is_dir():
            folder.mkdir()
            head = f'client: {{id: {name}, name: {name}, accent: "#1f6f5c"}}\nreport: {{language: en, currency: EUR, timezone: UTC}}\n'
            write_company(folder, head=head, deals=deals(signed, leads))
        return Job(str(folder / "small.yaml"), period, tmp_path / "output", template(folder, *sources), **({"formats": ("html",)} | more))

    return make


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """A server of objects on this machine."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """An empty bucket `firm` there, as the environment of the command names it."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_DEFAULT_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(locations.OPEN, "")  # and back again
    monkeypatch.chdir(tmp_path)
    locations.MARKS.clear()
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("s3").clear_instance_cache()
    found = fsspec.filesystem("s3", use_listings_cache=False)
    for bucket in ("firm", "others"):
        if found.exists(bucket):
            found.rm(bucket, recursive=True)
        found.mkdir(bucket)
    return found


@pytest.fixture
def in_bucket(store: Store, firm: Make) -> Callable[..., list[str]]:
    """A client `a` whose parameters, data and reports lie in the bucket; the value is the command that renders it."""
    job = firm("a")
    local = Path(job.client)
    store.pipe("firm/params/a.yaml", local.read_bytes().replace(b"data", b"../data/a"))
    store.pipe("firm/data/a/deals.csv", deals(5).encode())

    def command(*more: str, output: str = "s3://firm/reports") -> list[str]:
        return ["render", "s3://firm/params/a.yaml", "--period", "2026-01", "--template", str(job.template), "--output", output, *more]

    return command
