"""Markup in every text of a client: nothing of it runs and nothing is asked for in Chromium, with the page's policy and without it.

A sample of the vectors is drawn by seed; `SALESQC_ALL=1` tries all of them.
"""

import csv
import io
import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from salesqc_lib.letters import readable
from salesqc_lib.report.index import write_index
from salesqc_lib.report.render import Job, render
from tests.attacks.vectors import VECTORS
from tests.conftest import CHROMIUM, ROOT
from tests.firm import firm

AT_ONCE = 25  # vectors in one client: as many as its tables and charts can show
CHUNKS = [VECTORS[start : start + AT_ONCE] for start in range(0, len(VECTORS), AT_ONCE)]
DRAWN = CHUNKS if os.environ.get("SALESQC_ALL") else Random(14).sample(CHUNKS, 1)  # noqa: S311 - the same sample each time
TEXTS = {
    "deals": ("channel", "campaign", "product", "pipeline", "stage", "loss_reason", "city"), "activities": (), "reviews": ("criterion", "reviewer"), "materials": ("title", "kind"),
    "managers": ("name", "team"), "spend": ("channel", "campaign"),
}  # fmt: skip
TEMPLATES = ("audit", "dashboard", "manager", "readiness", "delta", "portfolio")


def hostile(vectors: list[str]) -> dict[str, str]:
    """The tables of a firm, every text of which is one of the vectors."""
    tables = firm(lunch=0.2, plan=9000)
    deals = {row["deal_id"]: int(re.sub(r"\D", "", row["deal_id"]) or 0) for row in csv.DictReader(io.StringIO(tables["deals"]))}
    names: dict[str, None] = {}

    def who(name: str, deal: str) -> str:
        number = sorted(["Ann", "Bob", "Cid", "Dan", "Eve"]).index(name) * 5 + deals.get(deal, 0) % 5
        return names.setdefault(vectors[number % len(vectors)]) or vectors[number % len(vectors)]

    written = {}
    for table, text in tables.items():
        rows = list(csv.DictReader(io.StringIO(text)))
        for i, row in enumerate(rows):
            if row.get("manager"):
                row["manager"] = who(row["manager"], row.get("deal_id") or "")
            for place, column in enumerate(TEXTS.get(table, ())):
                if row.get(column) or column not in row:
                    row[column] = vectors[(i + place * 3) % len(vectors)]
            if row.get("outcome") == "won":
                row["loss_reason"] = ""
        written[table] = rows
    written["managers"] = [{"manager": name, "name": name, "team": vectors[i % 6]} for i, name in enumerate(names)]
    written["spend"] = [
        {"date": f"2026-01-{i % 28 + 1:02}", "amount": "100", "channel": vector, "campaign": vector} for i, vector in enumerate(vectors)
    ]
    return {table: as_csv(rows) for table, rows in written.items()}


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def reports(folder: Path, vectors: list[str]) -> Path:
    """Every template over a hostile client, with vectors in its parameters too."""
    (folder / "data").mkdir(parents=True)
    for table, text in hostile(vectors).items():
        (folder / "data" / f"{table}.csv").write_text(text, encoding="utf-8")
    plain = [readable(vector)[:150] for vector in vectors]
    parameters: dict[str, Any] = {
        "client": {"id": "hostile", "name": plain[0]},
        "report": {
            "language": "en",
            "currency": "EUR",
            "timezone": "UTC",
            "remarks": {"people": plain[1], "funnel": plain[2], "speed": plain[3]},
        },
        "source": {"kind": "tables", "folder": "data", "as_of": "2026-03-01T00:00:00"},
        "extra": {"city": "city"},
        "loss_reasons": {one: "price" for one in plain[4:8] if one.strip()},
    }
    path = folder / "hostile.yaml"
    path.write_text(yaml.safe_dump(parameters, allow_unicode=True), encoding="utf-8")
    for template in TEMPLATES:
        more = {"before": "2026-01-01..2026-01-14"} if template == "delta" else {"clients": (str(path),)} if template == "portfolio" else {}
        period = "2026-01-15..2026-01-31" if template == "delta" else "2026-01"
        formats = ("html", "pdf", "xlsx") if template == "audit" else ("html",)
        outcome = render(Job(str(path), period, folder / "output", ROOT / "notebooks" / f"{template}.ipynb", formats, **more))  # type: ignore[arg-type]
        assert outcome.status == "ok", (template, outcome.message, outcome.fault)
    write_index(folder / "output")
    return folder / "output"


LOOK = """() => {
  const bad = [];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (['iframe', 'object', 'embed', 'base', 'form', 'link', 'foreignobject', 'applet', 'frameset', 'audio', 'video', 'animate', 'set', 'template', 'math', 'portal'].includes(name.toLowerCase())) bad.push('<' + name + '>');
    for (const attribute of element.attributes) {
      if (attribute.name.toLowerCase().startsWith('on')) bad.push(name + ' ' + attribute.name);
      if (['href', 'src', 'xlink:href', 'action', 'formaction', 'data', 'poster', 'background', 'srcset', 'ping'].includes(attribute.name.toLowerCase())
          && !/^(#|data:image\\/(png|jpeg|svg\\+xml);base64,|[\\w.%-]+(\\/[\\w.%-]+)*\\.(csv|html|pdf|xlsx)$)/.test(attribute.value)) bad.push(name + ' ' + attribute.name + '=' + attribute.value.slice(0, 60));
    }
  }
  return [bad, document.scripts.length, window.pwned];
}"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("vectors", DRAWN, ids=lambda vectors: f"{VECTORS.index(vectors[0])}-{VECTORS.index(vectors[-1])}")
def test_nothing_runs_and_nothing_is_asked_for(vectors: list[str], browser: Any, tmp_path: Path) -> None:
    output = reports(tmp_path, vectors)
    pages = sorted(output.rglob("*.html"))
    assert len(pages) == len(TEMPLATES) + 1
    for file in pages:
        source = file.read_text(encoding="utf-8")
        bare = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", source)
        assert bare != source, "each page has a policy"
        open_to_all = file.with_name(f"{file.stem}-without.html")
        open_to_all.write_text(bare, encoding="utf-8")
        for page_file in (file, open_to_all):
            asked, wrong = [], []
            context = browser.new_context()
            page = context.new_page()
            page.on("dialog", lambda dialog, wrong=wrong: (wrong.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.goto(page_file.as_uri())
            page.wait_for_timeout(150)
            bad, scripts, pwned = page.evaluate(LOOK)
            context.close()
            assert (bad, pwned, wrong) == ([], None, []), page_file.name
            assert scripts == 1, "the page's own"
            assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert not list(tmp_path.rglob("pwned")) + list(Path().glob("pwned"))
    seen = (output / "hostile" / "2026-01" / "audit.html").read_text(encoding="utf-8")
    shown = sum(1 for vector in vectors if (re.findall(r"[a-z/:.]{9,}", vector) or ["\0"])[0] in seen)
    assert shown > len(vectors) / 5, "the vectors are in the page, as text"


def test_there_are_vectors_enough() -> None:
    assert len(VECTORS) >= 250
    assert len(set(VECTORS)) == len(VECTORS)
    assert sum(map(len, CHUNKS)) == len(VECTORS)
