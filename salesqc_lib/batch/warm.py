"""Everything that a report needs, imported once: reports are made in children that are forked from here.

Nothing is done here that a child could not have alone: no connection of DuckDB, no page set by Typst (its threads are not there after a fork),
one small figure drawn, which opens none. One thread of linear algebra: more would be running at the fork, and one process a core is what uses the cores.
"""

import atexit
import gc

import babel.dates
import babel.numbers
import duckdb
import fontTools.ttLib
import holidays
import IPython.core.completer
import IPython.core.completerlib
import IPython.core.crashhandler
import IPython.core.magics.ast_mod
import IPython.core.magics.basic
import IPython.core.magics.execution
import IPython.core.oinspect
import jinja2.ext
import matplotlib.backends.backend_svg
import matplotlib.figure
import matplotlib.pyplot
import matplotlib.style.core
import matplotlib_inline.backend_inline
import narwhals._duckdb.dataframe
import narwhals._duckdb.expr
import narwhals._duckdb.group_by
import narwhals._duckdb.namespace
import narwhals._interchange.dataframe
import nbconvert.exporters
import nbformat.v4
import nbformat.validator
import openpyxl.packaging.extended
import pandas as pd
import papermill
import phonenumbers
import pyarrow
import pyarrow.pandas_compat
import scipy.optimize
import scipy.special
import scipy.stats
import seaborn
import typst

import salesqc_lib.crm.amocrm_export
import salesqc_lib.crm.files.delimited
import salesqc_lib.crm.mapped_tables
import salesqc_lib.crm.typed_parquet
import salesqc_lib.report.audit
import salesqc_lib.report.cells
import salesqc_lib.report.deliver
import salesqc_lib.report.execute
import salesqc_lib.report.glyphs
import salesqc_lib.report.html
import salesqc_lib.report.index
import salesqc_lib.report.pdf
import salesqc_lib.report.render
import salesqc_lib.report.workbook
import salesqc_lib.show
from salesqc_lib.crm.formats import layouts
from salesqc_lib.measure.definitions import sources
from salesqc_lib.show.chapters import chapters
from salesqc_lib.show.forms.canvas import drawn
from salesqc_lib.show.forms.theme import drawing
from salesqc_lib.units import write_duration, write_money_short, write_percent
from salesqc_lib.version import contents
from salesqc_lib.words import LANGUAGES

IMPORTED = (
    babel, duckdb, fontTools, holidays, IPython, jinja2, matplotlib, matplotlib_inline, narwhals, nbconvert, openpyxl, papermill, phonenumbers, pyarrow, scipy, seaborn, typst,
    salesqc_lib.report, salesqc_lib.show,
)  # fmt: skip
# what every report works out anew and is the same for all: chapters, the formats of CRMs, the cards' code, the schema of notebooks, fonts, their
# letters, how numbers are written, holidays' names
chapters()
layouts()
sources()
contents()
pd.DataFrame(pd.DataFrame({"a": ["x"]}).to_dict("records")).to_csv()
nbformat.v4.new_output("stream", text="")
for is_loose in (False, True):
    nbformat.validate(nbformat.v4.new_notebook(), relax_add_props=is_loose)
salesqc_lib.report.html.font_faces()
salesqc_lib.report.glyphs.drawable("ё — ½ ₽ ▲ ")
for language in LANGUAGES:
    write_money_short(1234567.0, language, "EUR")
    write_percent(0.123, language)
    write_duration(5000.0, language)
holidays.country_holidays("RU", years=2026)
with drawing():  # the fonts of charts are looked for once
    drawn(lambda axes: axes.barh(["ё"], [1.0]), 3.0, 1.0, lambda axes: None)
# a child that looks for garbage need not look through all this again; to look through it here first would cost a seventh of the start
gc.freeze()
gc.enable()  # `cold` had stopped it
atexit.register(gc.unfreeze)  # what is frozen at the end of this process itself, DuckDB would report as leaked
