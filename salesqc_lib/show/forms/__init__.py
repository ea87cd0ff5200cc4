"""The forms of a page: texts, tiles, tables, figures, their grid and colours."""
