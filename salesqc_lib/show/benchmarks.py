"""Figures of others beside one's own."""

from salesqc_lib.kpi.benchmarks import BENCHMARKS, GRADES
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.shown import Shown, grid, nothing
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import write
from salesqc_lib.words import Text


def benchmarks(measured: Measurement) -> Shown:
    """What others say of these KPIs, with the grade of its reliability, beside the client's own figure."""
    reader, language = measured.reader, measured.reader.language
    own = measured.frame[measured.frame["by"] == ""].set_index("kpi")
    chosen = [
        benchmark
        for benchmark in BENCHMARKS
        if benchmark.kpi in own.index and measured.value(benchmark.kpi) == measured.value(benchmark.kpi)
    ]
    if not chosen:
        return nothing()
    rows = []
    for benchmark in chosen:
        row = own.loc[benchmark.kpi]
        value = write(measured.value(benchmark.kpi), str(row["unit"]), language, reader.currency)
        rows.append(
            [
                benchmark.claim[language],
                benchmark.source.title,
                GRADES[benchmark.source.grade][language],
                f"{kpi_name(benchmark.kpi, language)}: {value}",
            ]
        )
    header = [
        text[language]
        for text in (
            Text("Что говорят", "What is said"),
            Text("Кто", "By whom"),
            Text("Надёжность", "Reliability"),
            Text("У вас", "Your own"),
        )
    ]
    return grid(header, rows, align="llll", widths=["1.3fr", "1.2fr", "0.8fr", "1fr"])
