"""Changes of a figure that hold when all changes of the report are allowed for, in words."""

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import tell
from salesqc_lib.words import Text


def really_changed(measured: Measurement, kpi: str) -> bool:
    """Whether a figure differs from the period before beyond chance, all changes of the report allowed for."""
    return measured.outlook.get(kpi, "") in ("better", "worse", "changed")


def changed_told(measured: Measurement, kpi: str) -> str:
    """«Допродажи: 41 %, в прошлом периоде 58 %; сезон не учтён»."""
    reader, language = measured.reader, measured.reader.language
    row = measured.row(kpi)
    if pd.isna(row["previous"]):
        return ""
    now, was = (tell(row[name], str(row["unit"]), language, reader.currency) for name in ("value", "previous"))
    text = Text("{name}: {now}, в прошлом периоде {was}; сезон не учтён", "{name}: {now}, {was} in the period before; the season is in it")
    return text.format(name=kpi_name(kpi, language), now=now, was=was)[language]
