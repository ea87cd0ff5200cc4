"""`python -m salesqc_lib.show.reference`: the catalogues of KPIs and of warnings as pages of the documentation, generated from the cards."""

from pathlib import Path

from salesqc_lib.kpi import CATALOGUE, GROUPS
from salesqc_lib.kpi.card import DIMENSIONS, Card
from salesqc_lib.kpi.example import AS_OF
from salesqc_lib.limits import EVERY
from salesqc_lib.show.pages import GROUP_NAMES
from salesqc_lib.warnings import WARNINGS, Kind

PAGE = Path("docs/reference/kpis.md")
WARNINGS_PAGE = Path("docs/reference/warnings.md")
LIMITS_PAGE = Path("docs/reference/limits.md")
LIMITS_HEAD = """# Limits

Generated from `salesqc_lib/limits.py` by `make golden`; a test keeps it up to date.

What no real export meets and an attack does. What lies beyond is refused in words, or shortened and told. Each limit can be set anew by an environment variable, `SALESQC_` and its name:
`SALESQC_QUERY_SECONDS=600 salesqc render …`.

| variable | usual | of what |
|---|---|---|
"""
WARNINGS_HEAD = """# Warnings · Предупреждения

Generated from `salesqc_lib/warnings/kinds.py` by `make golden`; a test keeps it up to date. Собирается командой `make golden`.

Doubts about a client's data, as `salesqc check`, the passport of a report and its manifest name them. A **note** leaves the grade of trust
alone, a **doubt** lowers it to B, a **grave** one to C and stands on the first page too. / Сомнения в данных клиента: их называют `salesqc check`,
паспорт отчёта и манифест. **note** не влияет на оценку доверия, **doubt** понижает её до B, **grave** — до C и стоит на первой странице.
"""
FAMILIES = {
    "W1": "Moments · Моменты",
    "W2": "Rows and money · Строки и деньги",
    "W3": "People · Люди",
    "W4": "Attributes and outcomes · Поля и исходы",
}
HEAD = """# KPI catalogue · Каталог показателей

Generated from the cards by `make golden`; a test keeps it up to date. Собирается из карточек показателей командой `make golden`.

Each KPI stands with its worked example, which is also its test: a few rows and what they come to. The period of an example is January 2026
and the export stands at its end, unless a line `with` says otherwise; `01-05` is 5 January 2026, `12-28` the 28 December before, `-` an
empty cell. / У каждого показателя — разобранный пример, он же тест: несколько строк и результат. Период примера — январь 2026 года, выгрузка
сделана в его конце, если строка `with` не говорит иного; `01-05` — 5 января 2026, `12-28` — 28 декабря перед ним, `-` — пустая ячейка.
"""
BETTER = {"higher": "↑", "lower": "↓", "neither": "·"}


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for group in GROUPS:
        parts.append(f"## {GROUP_NAMES[group].en} · {GROUP_NAMES[group].ru} (`{group}`)\n")
        parts += [_entry(card) for card in CATALOGUE.values() if card.group == group]
    return "\n".join(parts)


def warnings_page() -> str:
    """The warnings as Markdown, by their codes."""
    parts = [WARNINGS_HEAD]
    for family, name in FAMILIES.items():
        parts.append(f"## {name}\n")
        parts += [_warning(kind) for code, kind in sorted(WARNINGS.items()) if code.startswith(family)]
    return "\n".join(parts)


def limits_page() -> str:
    """The limits as Markdown, in their order."""
    return LIMITS_HEAD + "".join(f"| `SALESQC_{one.name}` | {one.usual:,} {one.unit} | {one.what} |\n" for one in EVERY)


def _warning(kind: Kind) -> str:
    lines = [f"### {kind.code} ({kind.weight})", ""]
    for label, text in (("Seen / видно", kind.seen), ("Changes / меняет", kind.changes), ("Do / делать", kind.do)):
        lines += [f"- **{label}:** {text.en}. / {text.ru}."]
    return "\n".join([*lines, ""])


def _entry(card: Card) -> str:
    by = ", ".join(f"{DIMENSIONS[name].en.lower()} / {DIMENSIONS[name].ru.lower()}" for name in card.by)
    source = "; ".join(source.title for source in card.source)
    lines = [
        f"### `{card.id}`",
        "",
        f"**{card.name.en}** · **{card.name.ru}**",
        "",
        f"{card.meaning.en}. / {card.meaning.ru}.",
        "",
        card.counted,
        "",
        f"Kind / вид: {card.kind} · unit / единица: {card.unit.id} · better / лучше: {BETTER[card.better]} · by / разрезы: {by} · source / источник: {source}",
        "",
    ]
    if card.advice:
        lines += [f"Advice / совет: {card.advice.en}. / {card.advice.ru}.", ""]
    return "\n".join([*lines, "```text", *_example(card), "```", ""])


def _example(card: Card) -> list[str]:
    example, found = card.example, []
    if example.as_of != AS_OF:
        found.append(f"with        as_of: {example.as_of}")
    found += [f"with        {line}" for line in example.settings]
    for name, rows in example.tables.items():
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for number, row in enumerate(rows):
            cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            found.append(f"{name if number == 0 else '':<13}{cells}")
    return found + [f"{'result':<13}{result.text}" for result in example.results]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    WARNINGS_PAGE.write_text(warnings_page(), encoding="utf-8")
    LIMITS_PAGE.write_text(limits_page(), encoding="utf-8")
