"""Secrets come from the environment and stay there: a canary in each of its hiding places is searched for in everything a run writes or says."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest

from tests.conftest import ROOT, write_company

PASSWORD, KEY = "canary-p4ssw0rd-of-the-database", "canary-k3y-of-the-pseudonyms-0123456789"
DEALS = "deal_id,created_at,manager,contract_at\n" + "\n".join(
    f"{i},2026-01-{i % 28 + 1:02},Ann,{'2026-01-29' if i % 2 else ''}" for i in range(40)
)
HEAD = (
    "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: UTC, mask_names: true, formats: [html, pdf, xlsx]}\n"
)


def everything(folder: Path) -> str:
    """All that lies below a folder, unpacked and decoded in the ways in which a secret might hide."""
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        found.append(str(file))
        raw = file.read_bytes()
        found += [raw.decode("utf-8", "ignore"), raw.decode("utf-16-le", "ignore")]
        if file.suffix == ".pdf":
            reader = pypdf.PdfReader(file)
            found += [str(reader.metadata), *(page.extract_text() for page in reader.pages)]
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                found += [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
    return "\n".join(found)


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What runs wrote and said: good ones, failing ones, every command that reads a client."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "params").mkdir()
    (folder / "tmp").mkdir()
    write_company(folder, deals=DEALS, head=HEAD)
    (folder / "small.yaml").rename(folder / "params" / "small.yaml")
    (folder / "data").rename(folder / "params" / "data")
    (folder / "salesqc.toml").write_text(
        '[connections.crm]\nkind = "postgresql"\nurl = "postgresql://reader@127.0.0.1:9/crm"\npassword_env = "CRM_PASSWORD"\n',
        encoding="utf-8",
    )
    for name, source in (
        ("broken", "source: {kind: tables, tables: {deals: {connection: crm, table: deals}}}\n"),
        ("unknown", "source: {kind: tables, tables: {deals: {connection: crm, query: SELECT * FROM nowhere}}}\n"),
    ):
        (folder / "params" / f"{name}.yaml").write_text(HEAD.replace("id: small", f"id: {name}") + source, encoding="utf-8")
    notebook = (ROOT / "notebooks" / "audit.ipynb").read_text(encoding="utf-8")
    (folder / "fails.ipynb").write_text(notebook.replace('"cover(audit)"', '"1 / 0"'), encoding="utf-8")
    (folder / "stops.ipynb").write_text(notebook.replace('"cover(audit)"', '"import os; os._exit(3)"'), encoding="utf-8")
    environment = {
        **os.environ,
        "CRM_PASSWORD": PASSWORD,
        "SALESQC_KEY": KEY,
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    said = []
    for command in (
        ["render", "small", "--period", "2026-01"], ["render", "broken", "unknown", "--period", "2026-01", "--log-format", "json"],
        ["render", "small", "--period", "2026-02", "--template", str(folder / "fails.ipynb")], ["render", "small", "--period", "2026-03", "--template", str(folder / "stops.ipynb")],
        ["render", "small", "--period", "2026-01", "--template", str(ROOT / "notebooks" / "manager.ipynb"), "--set", "manager=Ann"], ["check", "small"], ["check", "broken"], ["measure", "small", "--period", "2026-01", "--format", "json"],
        ["measure", "unknown", "--period", "2026-01"], ["forget", "nobody"], ["kpis"],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "salesqc_lib.cli", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        said += [done.stdout, done.stderr]
    return everything(folder), "\n".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("secret", [PASSWORD, KEY])
def test_no_secret_is_written_or_said(secret: str, traces: tuple[str, str]) -> None:
    import base64
    from urllib.parse import quote

    written, said = traces
    assert "audit.pdf" in written
    assert "fails" in said or "cannot" in said or "refused" in said, "the broken ones were tried"
    for form in (
        secret,
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode().rstrip("="),
        secret.encode().hex(),
        secret[::-1],
    ):
        assert form not in written
        assert form not in said
    assert not re.search(r"postgresql://\w+:[^@\s]+@", written + said)


@pytest.mark.slow
def test_the_key_lies_in_its_own_folder_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a secret in the environment one is made beside `params/`: for its owner alone, never under `output/`."""
    from salesqc_lib.params import key as keys

    monkeypatch.delenv("SALESQC_KEY")
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    made = keys.key()
    file = tmp_path / ".salesqc" / "key"
    assert file.read_text(encoding="ascii").strip().encode() == made
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(made) == 64
    assert keys.key() == made
    keys._of_file.cache_clear()
    assert keys.key() == made, "the next process finds the same"
    monkeypatch.setenv("SALESQC_KEY", "short")
    with pytest.raises(Exception, match="too short to be a secret") as told:
        keys.key()
    assert "short" not in str(told.value).replace("too short", "")


def test_gits_own_list_leaves_the_key_out(tmp_path: Path) -> None:
    from salesqc_lib.cli.new import new

    new(tmp_path / "firm")
    assert ".salesqc/" in (tmp_path / "firm" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".salesqc/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
