"""Everything that a report needs, imported once: reports are made in children that are forked from here.

Nothing is done here that a child could not have alone: no connection of DuckDB, no page set by Typst (its threads are not there after a fork),
no figure drawn. One thread of linear algebra: more would be running at the fork, and one process a core is what uses the cores.
"""

import duckdb
import matplotlib.backends.backend_svg
import matplotlib.figure
import matplotlib.pyplot
import matplotlib_inline.backend_inline
import nbconvert.exporters
import openpyxl
import papermill
import pyarrow
import scipy.optimize
import scipy.special
import scipy.stats
import seaborn
import typst

import salesqc_lib.report.audit
import salesqc_lib.report.cells
import salesqc_lib.report.execute
import salesqc_lib.report.html
import salesqc_lib.report.pdf
import salesqc_lib.report.render
import salesqc_lib.report.workbook
import salesqc_lib.show
import salesqc_lib.show.chapters

IMPORTED = (
    duckdb, matplotlib, nbconvert, openpyxl, papermill, pyarrow, scipy, seaborn, typst, salesqc_lib.report, salesqc_lib.show, matplotlib_inline,
)  # fmt: skip
