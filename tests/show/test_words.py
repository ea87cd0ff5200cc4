"""One thing has one name: no text of the library uses a word that the glossary forbids, or one that promises."""

import ast
import re

import pytest

from salesqc_lib.show.words.glossary import FUTURE_EN, FUTURE_RU, GLOSSARY, VAGUE_EN, VAGUE_RU
from salesqc_lib.warnings import WARNINGS
from salesqc_lib.warnings.warned import ENGLISH
from tests.conftest import ROOT

LIBRARY = ROOT / "salesqc_lib"
# what a CRM calls its own things, and words that stand for another thing there
ELSEWHERE = ("crm/formats/", "crm/recognise/", "report/lint/", "show/words/glossary.py", "demo/")


def texts() -> list[tuple[str, str, str]]:
    """Every text in both languages, with its place."""
    found = []
    for file in sorted(LIBRARY.rglob("*.py")):
        name = str(file.relative_to(LIBRARY))
        if name.startswith(ELSEWHERE):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
                values = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if len(values) == 2:
                    found.append((f"{name}:{node.lineno}", values[0], values[1]))
    for code, kind in WARNINGS.items():
        found += [(f"warning {code}", text.ru, text.en.translate(ENGLISH)) for text in (kind.seen, kind.changes, kind.do)]
    return found


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_uses_a_forbidden_word(language: str) -> None:
    never = [word for term in GLOSSARY for word in (term.never_ru if language == "ru" else term.never_en)]
    never += [*FUTURE_RU, *VAGUE_RU] if language == "ru" else [*FUTURE_EN, *VAGUE_EN]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word.lower())}(?!\w)" for word in never))
    wrong = [(place, found[0]) for place, ru, en in texts() if (found := pattern.search((ru if language == "ru" else en).lower()))]
    assert wrong == []


def test_quotation_marks_are_those_of_the_language() -> None:
    assert [place for place, ru, en in texts() if re.search("[“”]", ru) or re.search("[«»]", en)] == []


def test_there_are_texts_to_look_at() -> None:
    assert len(texts()) > 900
