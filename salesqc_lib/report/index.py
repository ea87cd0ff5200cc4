"""`output/index.html`: every report of every client, to be searched and sorted."""

import html
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from salesqc_lib.report.html import WORDS, font_faces, hash_of, template
from salesqc_lib.show.forms.theme import css
from salesqc_lib.units import write, write_money_short, write_number
from salesqc_lib.words import Language, Text

TITLE = Text("Отчёты", "Reports")
KINDS = {
    "audit": Text("Аудит", "Audit"), "delta": Text("Сравнение", "Comparison"), "dashboard": Text("Приборная панель", "Dashboard"),
    "manager": Text("Разговоры с менеджерами", "Talks with sellers"), "portfolio": Text("Портфель", "Portfolio"), "readiness": Text("Готовность данных", "Data readiness"),
}  # fmt: skip
HEADS = (
    Text("Клиент", "Client"), Text("Период", "Period"), Text("Отчёт", "Report"), Text("Данные на", "Data as of"), Text("Заявки", "Leads"),
    Text("Конверсия в договор", "Lead-to-contract rate"), Text("Выручка", "Revenue"), Text("Замечаний", "Findings"), Text("Цена вопроса", "At stake"), Text("Открыть", "Open"),
)  # fmt: skip
STATES = {"partial": Text("не полон", "not whole"), "unknown": Text("манифест не прочитан", "manifest not read")}
EMPTY = Text("Отчётов пока нет: salesqc demo сделает первые.", "No reports yet: salesqc demo makes the first.")


@dataclass(frozen=True)
class Report:
    """A report as it lies in the output folder."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def kind(self) -> str:
        """The template that it was made from, such as `audit`."""
        return Path(str(self.manifest.get("template", "audit.ipynb"))).stem

    @property
    def files(self) -> list[Path]:
        """What can be opened."""
        found = [self.folder / f"{self.kind}.{suffix}" for suffix in ("html", "pdf", "xlsx")]
        return [file for file in found if file.is_file()]


def write_index(output: Path, language: Language | None = None, *, is_shared: bool = False) -> Path:
    """Write `index.html` for all reports below `output`, whole or not at all. Its language is the given one, else Russian where any
    report is."""
    reports = sorted(_reports(output), key=lambda one: (str(one.manifest.get("client", "")), one.folder.name, one.kind))
    chosen: Language = language or ("ru" if any(_language(one) == "ru" for one in reports) else "en")
    with tempfile.NamedTemporaryFile("w", dir=output, suffix=".html", delete=False, encoding="utf-8") as file:
        file.write(_page(reports, output, chosen))
    Path(file.name).chmod(0o644 if is_shared else 0o600)
    target = output / "index.html"
    os.replace(file.name, target)  # noqa: PTH105 - at once, also over an older one
    return target


def _reports(output: Path) -> list[Report]:
    found = []
    for path in output.glob("*/*/manifest*.json"):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            name = path.stem.removeprefix("manifest").removeprefix("-") or "audit"
            manifest = {"template": f"{name}.ipynb", "outcome": "unknown"}  # listed without its figures
        found.append(Report(path.parent, manifest))
    return [one for one in found if one.files and not one.folder.parent.name.startswith(".")]


def _language(report: Report) -> str:
    return str(report.manifest.get("parameters", {}).get("report", {}).get("language", "en"))


def _page(reports: list[Report], output: Path, language: Language) -> str:
    script = template("report.js")
    words = "".join(f' data-{name}="{html.escape(text[language], quote=True)}"' for name, text in WORDS.items())
    policy = f"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src '{hash_of(script)}'; base-uri 'none'; form-action 'none'"
    heads = "".join(
        f'<th scope="col" class="{"r" if 4 <= place < 9 else "l"}">{html.escape(head[language])}</th>' for place, head in enumerate(HEADS)
    )
    body = "".join(_row(one, output, language) for one in reports)
    table = f'<div class="table" data-search><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    title = html.escape(TITLE[language])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"{words}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>SalesQC · {title}</title>'
        f'<style>{font_faces()}{css("#1f6f5c")}{template("report.css")}</style></head><body class="brief"><nav aria-label="{title}"></nav>'
        f'<main id="report"><header class="cover"><p>SalesQC</p><h1>{title}</h1></header>'
        f"{table if reports else f'<p>{html.escape(EMPTY[language])}</p>'}</main><script>{script}</script></body></html>\n"
    )


def _row(report: Report, output: Path, language: Language) -> str:
    manifest = report.manifest
    client = manifest.get("parameters", {}).get("client", {})
    currency = str(manifest.get("parameters", {}).get("report", {}).get("currency", ""))
    figures = manifest.get("headline") or {}
    folder = quote(str(report.folder.relative_to(output)))
    links = " ".join(f'<a href="{folder}/{quote(file.name)}">{file.suffix[1:].upper()}</a>' for file in report.files)
    state = STATES.get(str(manifest.get("outcome", "ok")), Text("", ""))[language]
    kind = KINDS[report.kind][language] if report.kind in KINDS else report.kind
    name = str(", ".join(manifest.get("clients", [])) or client.get("name") or manifest.get("client") or report.folder.parent.name)
    cells = [
        f'<th scope="row" class="l">{html.escape(name)}</th>',
        f'<td class="l">{html.escape(report.folder.name)}</td>',
        f'<td class="l">{html.escape(kind)}<small>{html.escape(state)}</small></td>',
        f'<td class="l">{html.escape(str(manifest.get("as_of", ""))[:10])}</td>',
        _number(figures.get("leads"), "count", language),
        _number(figures.get("lead_to_contract"), "share", language),
        _number(figures.get("revenue"), "money", language, currency),
        _number(figures.get("faults"), "count", language),
        _number(figures.get("money"), "money", language, currency),
        f'<td class="l">{links}</td>',
    ]
    return "<tr>" + "".join(cells) + "</tr>"


def _number(value: float | None, unit: str, language: Language, currency: str = "") -> str:
    if value is None:
        return '<td class="r">—</td>'
    told = {"money": lambda: write_money_short(value, language, currency), "count": lambda: write_number(value, language)}.get(
        unit, lambda: write(value, unit, language)
    )()
    return f'<td class="r" data-value="{value:.10g}">{html.escape(told)}</td>'
