"""The design system: what is told by colour can be told without it, and text can be read."""

import re

import pytest

from salesqc_lib.report.html import template
from salesqc_lib.show.forms.theme import BAD, DARK, GOOD, LIGHT, PLAIN, READABLE, SCALE, _luminance, contrast, css, readable, themed, typst


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21; #767676 is the lightest grey that passes on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["day", "night"])
@pytest.mark.parametrize("name", ["ink", "quiet", "good", "bad", "warn"])
def test_text_can_be_read_on_paper_and_in_boxes(palette: object, name: str) -> None:
    for ground in ("paper", "wash"):
        assert contrast(getattr(palette, name), getattr(palette, ground)) >= READABLE


def test_good_bad_and_plain_differ_in_grey() -> None:
    greys = sorted(_luminance(colour) for colour in (GOOD, BAD, PLAIN))
    assert contrast(GOOD, PLAIN) > 1.4
    assert contrast(BAD, PLAIN) > 1.4
    assert greys == sorted(set(greys))


@pytest.mark.parametrize("accent", ["#ffff00", "#1f6f5c", "#000000", "#ffffff", "#8a5a00"])
@pytest.mark.parametrize("ground", ["#ffffff", "#12191e"])
def test_any_colour_of_a_client_becomes_readable(accent: str, ground: str) -> None:
    assert contrast(readable(accent, ground), ground) >= READABLE
    if contrast(accent, ground) >= READABLE:
        assert readable(accent, ground) == accent


def test_the_page_uses_only_what_the_system_has() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", template("report.css")))
    made = set(re.findall(r"--([\w-]+):", css("#1f6f5c")))
    assert used <= made, used - made
    assert "#" not in re.sub(r"#\w+\s*\{", "", template("report.css")), "colours stand in the theme alone"
    assert all(f"size-{name} =" in typst() for name in SCALE)
    assert 'rgb("' not in template("report.typ")


def test_a_figure_follows_the_page() -> None:
    assert themed('style="fill: #1b2a33; stroke: #ffffff"', "#1f6f5c") == 'style="fill: var(--ink,#1b2a33); stroke: #ffffff"'
    assert themed('style="fill: #1f6f5c"', "#1f6f5c") == 'style="fill: var(--accent,#1f6f5c)"'
