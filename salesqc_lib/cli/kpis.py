"""`salesqc kpis`: the catalogue as a list."""

import csv
import sys


def kpis(*, as_csv: bool) -> int:
    """Print every measure with its group, kind, unit, direction and names."""
    from salesqc_lib.kpi import CATALOGUE

    rows = [[card.group, card.id, card.kind, card.unit.id, card.better, card.name.ru, card.name.en] for card in CATALOGUE.values()]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["group", "kpi", "kind", "unit", "better", "name_ru", "name_en"])
        writer.writerows(rows)
        return 0
    for group, kpi, kind, _, better, ru, en in rows:
        print(f"{group:<8} {kpi:<28} {kind:<6} {better:<8} {en} · {ru}")
    return 0
