"""No letter costs a report: unusual scripts, symbols and unreadable characters in every text of a page, in a chart and in a file name."""

import re
from pathlib import Path

import pandas as pd
import pypdf
import pytest

from salesqc_lib.letters import readable, unreadable_in
from salesqc_lib.report.glyphs import drawable
from salesqc_lib.report.pdf import compile_pdf
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import quote
from tests.attacks.scripts import SCRIPTS

HEAD = """#import "report.typ": *
#show: report.with(title: {text}, client: {text}, period: "x", language: "en", accent: "#1f6f5c", logo: "", accent-text: "#1f6f5c", brief: false, facts: (({text}, {text}), ))

#heading(level: 1)[#{text};]
#para({text}, tone: "note")
#grid-table((auto, ), (left, ), (th({text}),), "", false, td({text}))
"""


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("is_gated", [True, False], ids=["as it enters", "as it is"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_text_is_set_in_an_accessible_pdf(name: str, is_gated: bool) -> None:
    text = readable(SCRIPTS[name]) if is_gated else SCRIPTS[name]

    def draw(axes: object) -> None:
        axes.barh([0, 1], [1, 2])  # type: ignore[attr-defined]
        axes.set_yticks([0, 1], [text, f"{text} 2"])  # type: ignore[attr-defined]
        axes.text(0, 0, text)  # type: ignore[attr-defined]

    drawn = figure(draw, text, text, text, height=1, frame=pd.DataFrame(), accent="#1f6f5c")
    pdf = compile_pdf(HEAD.replace("{text}", quote(text)) + drawn.paper)
    assert pdf.startswith(b"%PDF")


def test_there_are_scripts_enough() -> None:
    assert len(SCRIPTS) >= 80
    assert len({drawable(text) for text in SCRIPTS.values()}) > 70


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Ольха\x00", "Ольха"), ("\u202egnp.exe", "gnp.exe"), ("a\ufeffb\u200bc", "abc"), ("a\u2028b\x0bc", "a b c"), ("\ud83d!", "!"), ("a\tb\nc", "a\tb\nc"), ("Müller £ 😀 王", "Müller £ 😀 王"),
     ("\u200d\u200c", "\u200d\u200c"), ("\ufdd0\ufffe\U0010ffff", ""), ("\ue000x", "x"), ("An\u00adna", "Anna"), ("\U000e0041x", "x"), ("a\x85b", "a b")],
)  # fmt: skip
def test_what_cannot_be_read_is_taken_out(text: str, shown: str) -> None:
    assert readable(text) == shown
    assert (unreadable_in(text) is None) == (readable(text) == text)


def test_the_same_letters_go_in_sql_and_in_python() -> None:
    """Each letter of Unicode alone: the gate of tables and the gate of texts agree."""
    import duckdb

    from salesqc_lib.letters import BREAKS_SQL, UNSEEN_SQL

    letters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    con = duckdb.connect()
    con.register("letters", pd.DataFrame({"letter": letters}))
    rows = con.execute(
        f"SELECT letter, regexp_replace(regexp_replace(letter, '{BREAKS_SQL}', ' ', 'g'), '{UNSEEN_SQL}', '', 'g') FROM letters"
    ).fetchall()
    assert [(letter, shown) for letter, shown in rows if readable(letter) != shown] == []


def test_the_text_of_the_pdf_is_the_text(tmp_path: Path) -> None:
    """What has a glyph is not only drawn but can be read out: by a screen reader, by a search."""
    words = ["Ольха", "Müller", "王小明", "김철수", "Արմեն", "გიორგი", "½", "→", "Γιώργος"]
    (tmp_path / "a.pdf").write_bytes(
        compile_pdf(HEAD.replace("{text}", quote("x")) + "\n\n".join(f"#para({quote(word)})" for word in words))
    )
    read = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages)
    assert [word for word in words if word not in read] == []
    assert not re.search("�", read)
