"""Opening whatever a client sends as a table: CSV in any usual habit, workbooks, web tables, JSON, SQLite, Parquet, archives of these."""

from salesqc_lib.crm.files.opened import Part, labels, open_all, open_file, sheets_of
from salesqc_lib.crm.files.raw import FILE, ROW, header_names, raw_columns

__all__ = ["FILE", "ROW", "Part", "header_names", "labels", "open_all", "open_file", "raw_columns", "sheets_of"]
