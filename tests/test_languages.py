"""Both languages are whole: every text of the library and of the notebooks stands in both, with the same places to be filled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT

CYRILLIC = re.compile("[А-Яа-яЁё]")
FILLED = re.compile(r"\{(\w*)[^}]*\}")
# what is the same in both languages
SAME = re.compile(r"^[\W\d_]*$|^(SalesQC|CSAT|NPS|HTML|PDF|XLSX|A|B|C)$")


def texts() -> Iterator[tuple[str, str, str]]:
    """Every `Text(ru, en)` that is written out in the library: where, Russian, English."""
    for path in sorted((ROOT / "salesqc_lib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
                said = [_literal(argument) for argument in node.args]
                if said[0] is not None and said[1] is not None:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", said[0], said[1]


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def bare(text: str) -> str:
    return FILLED.sub("", text)


def test_every_text_is_in_both_languages() -> None:
    every = list(texts())
    assert len(every) > 600
    for where, ru, en in every:
        assert bool(ru.strip()) == bool(en.strip()), where
        assert not CYRILLIC.search(bare(en)), (where, en)
        if not SAME.match(bare(ru)):
            assert CYRILLIC.search(ru), (where, ru)


def test_both_languages_have_the_same_places_to_fill() -> None:
    for where, ru, en in texts():
        assert sorted(FILLED.findall(ru)) == sorted(FILLED.findall(en)), (where, ru, en)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_paragraph_of_a_notebook_is_in_both_languages(path: Path) -> None:
    said: dict[str, list[tuple[str, tuple[str, ...]]]] = {"ru": [], "en": []}
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            tags = cell.metadata.get("tags", [])
            (language,) = [tag.removeprefix("lang-") for tag in tags if tag.startswith("lang-")] or pytest.fail(
                f"no language: {cell.source}"
            )
            heads = tuple(line.split(" ")[0] for line in cell.source.splitlines() if line.startswith("#"))
            said[language].append((cell.source, (*heads, *[tag for tag in tags if tag.startswith("section-")])))
    assert [form for _, form in said["ru"]] == [form for _, form in said["en"]]
    assert all(CYRILLIC.search(source) for source, _ in said["ru"])
    assert not any(CYRILLIC.search(source) for source, _ in said["en"])


def test_code_of_a_notebook_says_nothing_in_one_language_only() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and CYRILLIC.search(cell.source):
                assert "titled(" in cell.source, (path.stem, cell.source)
