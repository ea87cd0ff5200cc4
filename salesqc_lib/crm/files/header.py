"""Where a table begins in a sheet that people made: titles above, a header in one row or two, totals and footers below."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median_high

Cells = Sequence[str | None]
LOOKED_AT = 60  # rows among which the header is looked for
_VALUE = re.compile(
    r"[-+−(]?[\d\s\xa0.,:/%-]*\d[\d\s\xa0.,:/%)-]*([€$£₽₸]|руб\.?|р\.)?|\d{4}-\d\d-\d\d.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*|true|false",
    re.IGNORECASE,
)


def header_at(rows: Sequence[Cells]) -> int | None:
    """The place of the header: the first row of labels that is about as wide as the rows below it; None where no row is one.

    >>> header_at([["Отчёт по сделкам", None, None], [], ["ID", "Клиент", "Сумма"], ["1", "Ромашка", "200"], ["2", "Лютик", "100"]])
    2
    """
    widths = [_filled(row) for row in rows[:LOOKED_AT]]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0 if rows and _filled(rows[0]) else None
    least = max(2, 0.6 * median_high(wide))
    for place, row in enumerate(rows[:LOOKED_AT]):
        cells = [cell.strip() for cell in row if cell and cell.strip()]
        if len(cells) >= least and sum(map(_is_value, cells)) <= 0.2 * len(cells) and len(set(cells)) >= 0.5 * len(cells):
            return place
    return None


def names_at(rows: Sequence[Cells], place: int) -> tuple[list[str], int]:
    """The names of the columns, and the place of the first row below them: a header of two rows is read as one.

    >>> names_at([["№", "Сделка", None, "Менеджер"], [None, "Дата", "Сумма", None], ["1", "01.02.2026", "100", "Анна"]], 0)
    (['№', 'Дата', 'Сумма', 'Менеджер'], 2)
    """
    around = [rows[place], *(rows[place + 1 : place + 2]), *(rows[place - 1 : place] if place else [])]
    width = max(map(len, around))
    upper = _labels(rows[place], width)
    below = _labels(rows[place + 1], width) if place + 1 < len(rows) else [""] * width
    if _is_second_row(upper, below, rows[place + 2 : place + 12]):
        return _joined(_spread(upper, below), below), place + 2
    above = _labels(rows[place - 1], width) if place else []
    has_gaps = any(up and not own for up, own in zip(above, upper, strict=False))
    has_repetitions = len(set(filter(None, upper))) < sum(map(bool, upper))
    if sum(map(bool, above)) > 1 and (has_gaps or has_repetitions):
        return _joined(_spread(above, upper), upper), place + 1
    return _labels(rows[place], len(rows[place])), place + 1


def _labels(row: Cells, width: int) -> list[str]:
    cells = [(cell or "").strip() for cell in row]
    return cells + [""] * (width - len(cells))


def _is_second_row(upper: list[str], below: list[str], following: Sequence[Cells]) -> bool:
    """Whether the row under a header is its second row: labels where the first has gaps, over rows that are otherwise filled."""
    gaps = [i for i, cell in enumerate(upper) if not cell and i < len(below) and below[i]]
    if not gaps or any(_is_value(cell) for cell in below if cell):
        return False
    under_labels = [i for i, cell in enumerate(upper) if cell and not (i < len(below) and below[i])]
    filled_later = [i for i in under_labels if any(i < len(row) and row[i] for row in following)]
    values_later = any(i < len(row) and row[i] and _is_value(str(row[i]).strip()) for i in gaps for row in following)
    return bool(filled_later) and (values_later or len(filled_later) >= 2)


def _spread(upper: list[str], below: list[str]) -> list[str]:
    """A merged cell of a header stands over all columns up to the next one that has a label of its own below it."""
    spread, current = [], ""
    for i, cell in enumerate(upper):
        current = cell or (current if i < len(below) and below[i] else "")
        spread.append(current)
    return spread


def _joined(groups: list[str], names: list[str]) -> list[str]:
    repeated = {name for name, count in Counter(filter(None, names)).items() if count > 1}
    return [f"{group} {name}".strip() if name in repeated else name or group for group, name in zip(groups, names, strict=True)]


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _is_value(cell: str) -> bool:
    return bool(_VALUE.fullmatch(cell))
