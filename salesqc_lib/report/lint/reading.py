"""A report as the linter reads it: the pieces of its notebook, its page in a browser, its paper, its workbook and lists."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.errors import InputError
from salesqc_lib.lists import read_list
from salesqc_lib.report.pieces import Pages, Piece, Sheet, pages
from salesqc_lib.words import Language

MANIFEST = "manifest.json"


@dataclass
class Reading:
    """A report's folder."""

    folder: Path

    def __post_init__(self) -> None:
        """Refuse what is no report.

        Raises
        ------
        InputError
            The folder holds no audit.
        """
        if not (self.folder / "audit.ipynb").is_file():
            raise InputError(f"no report in {self.folder}", cure="name the folder of an audit: output/<client>/<period>")

    @cached_property
    def pages(self) -> Pages:
        """The report as pieces."""
        import nbformat

        return pages(nbformat.read(self.folder / "audit.ipynb", 4))

    @cached_property
    def suppressed(self) -> dict[str, str]:
        """Rules that the notebook sets aside, with the reason: `# salesqc: ignore T03 the client asked for it`."""
        import nbformat

        found = {}
        for cell in nbformat.read(self.folder / "audit.ipynb", 4).cells:
            for code, reason in re.findall(r"#\s*salesqc:\s*ignore\s+([A-Z]\d\d)\s+(\S.*)", cell.source):
                found[code] = reason.strip()
        return found

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.pages.language

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The pages in their order."""
        return self.pages.sheets

    @property
    def heads(self) -> list[dict[str, Any]]:
        """What the heads of the pages say."""
        return [sheet.head.about for sheet in self.sheets]

    @cached_property
    def pieces(self) -> list[tuple[dict[str, Any], Piece]]:
        """Every exhibit with the head of its page."""
        return [(sheet.head.about, piece) for sheet in self.sheets for piece in sheet.pieces]

    @property
    def charts(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What every chart says of itself, with the head of its page."""
        return [(head, piece.about) for head, piece in self.pieces if piece.about.get("kind") == "chart"]

    @cached_property
    def soup(self) -> Any:
        """The page for a browser."""
        from bs4 import BeautifulSoup

        return BeautifulSoup((self.folder / "audit.html").read_text(encoding="utf-8"), "html.parser")

    @cached_property
    def prose(self) -> list[tuple[str, str]]:
        """Every sentence of the page with the kind of its element; drawings and scripts are none."""
        found = []
        for node in self.soup.select("main h1, main h2, main h3, main p, main li, main figcaption, main td, main th, main dd, main dt"):
            if node.find_parent("svg") or (node.name == "li" and node.find("p")):
                continue
            text = node.get_text(" ", strip=True)
            if text:
                found.append((node.name, text))
        return found

    @cached_property
    def names(self) -> set[str]:
        """The client's own words: names of segments, stages, reasons. No rule speaks of them."""
        kpis = self.kpis
        own = {str(name) for name in kpis["segment"].dropna()} if len(kpis) else set()
        client = str(self.pages.meta.get("client", ""))
        return {name for name in (*own, client) if len(name) > 2}

    def own_words(self, text: str) -> str:
        """A text without the client's own words."""
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, "…")
        return text

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """`kpis.csv`."""
        path = self.folder / "kpis.csv"
        return pd.read_csv(path, dtype={"segment": str, "by": str}).fillna({"by": "", "segment": ""}) if path.is_file() else pd.DataFrame()

    @cached_property
    def findings(self) -> pd.DataFrame:
        """`findings.csv`."""
        path = self.folder / "findings.csv"
        return read_list(path) if path.is_file() else pd.DataFrame()

    @cached_property
    def evidence(self) -> dict[str, pd.DataFrame]:
        """The lists behind the findings."""
        return {path.stem: read_list(path) for path in sorted((self.folder / "evidence").glob("*.csv"))}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """`manifest.json`."""
        path = self.folder / MANIFEST
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return found

    @cached_property
    def paper(self) -> list[Any]:
        """The pages of the PDF."""
        import pdfplumber

        return list(pdfplumber.open(self.folder / "audit.pdf").pages)

    @cached_property
    def book(self) -> Any:
        """The workbook."""
        from openpyxl import load_workbook

        return load_workbook(self.folder / "audit.xlsx")

    def has(self, part: str) -> bool:
        """Whether a part of the report is there, and can be read here."""
        if part == "pdf":
            from importlib.util import find_spec

            return (self.folder / "audit.pdf").is_file() and find_spec("pdfplumber") is not None
        return (self.folder / f"audit.{part}").is_file()
