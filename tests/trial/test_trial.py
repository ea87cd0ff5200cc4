"""Trials: a fair draw that nothing overwrites, and what came of it by hand."""

from pathlib import Path

import pandas as pd
import pytest

from salesqc_lib.errors import DataError, InputError
from salesqc_lib.show.trials import trials, verdict
from salesqc_lib.trial import draw, folder_of, outcomes
from tests.conftest import Company

OPEN = 60


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A consultancy's folder, in which the draws lie."""
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def deals(signed: set[int] | None = None) -> dict[str, str]:
    """Sixty deals of two sellers that nobody has touched since January; some of them sign in May."""
    rows = [
        f"{i},2026-01-0{1 + i % 9},{'Ann' if i % 2 else 'Bob'},{'won,2026-05-01,2026-05-01' if signed and i in signed else 'open,,'},100" for i in range(OPEN)
    ]  # fmt: skip
    calls = [f"c{i},call,2026-01-10T10:00,{i},Ann,out,conversation,60" for i in range(OPEN)]
    return {
        "deals": "deal_id,created_at,manager,outcome,closed_at,contract_at,amount\n" + "\n".join(rows),
        "activities": "activity_id,kind,at,deal_id,manager,direction,result,duration_s\n" + "\n".join(calls),
    }


def test_half_of_each_sellers_deals_is_drawn(company: Company, at_home: Path) -> None:
    path = draw(company(**deals(), as_of="2026-04-01T00:00:00"), "idle")
    assert path == at_home / "data" / "small" / "trials" / "idle-2026-04-01.csv"
    drawn = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    assert len(drawn) == OPEN
    assert set(drawn.groupby(["manager", "group"]).size()) == {15}
    assert set(drawn["drawn_at"]) == {"2026-04-01"}


def test_a_draw_is_not_overwritten_and_needs_deals_enough(company: Company, at_home: Path) -> None:
    data = company(**deals(), as_of="2026-04-01T00:00:00")
    before = draw(data, "idle").read_bytes()
    with pytest.raises(InputError, match="drawn already"):
        draw(data, "idle")
    assert (folder_of(data.parameters) / "idle-2026-04-01.csv").read_bytes() == before
    with pytest.raises(InputError, match="no trial «calls»"):
        draw(data, "calls")
    few = {name: "\n".join(text.splitlines()[:8]) for name, text in deals().items()}
    with pytest.raises(InputError, match="too few deals for a trial: 7"):
        draw(company(**few, as_of="2026-04-02T00:00:00"), "idle")


def test_what_came_of_it_by_hand(company: Company, at_home: Path) -> None:
    """Of the thirty touched, twelve signed, of the others three: 0.4 − 0.1. Wilson: 0.2459 to 0.5768 and 0.0346 to 0.2562;
    by Newcombe 0.3 − √(0.1541² + 0.1562²) = 0.081 to 0.3 + √(0.1768² + 0.0654²) = 0.489."""
    path = draw(company(**deals(), as_of="2026-04-01T00:00:00"), "idle")
    drawn = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    touch, leave = (drawn.loc[drawn["group"] == group, "deal_id"].astype(int).tolist() for group in ("touch", "leave"))
    signed = {*touch[:12], *leave[:3]}
    (one,) = outcomes(company(**deals(signed), as_of="2026-05-20T00:00:00"))
    assert (one.touch, one.leave, one.followed, one.gone) == ((12, 30), (3, 30), 49, 0)
    assert [round(end, 3) for end in one.difference] == [0.3, 0.081, 0.489]
    assert one.touched == 0.0, "no activity since the draw: nobody really attended to them"
    assert verdict(one) == "better"
    (early,) = outcomes(company(**deals(), as_of="2026-04-20T00:00:00"))
    assert verdict(early) == "early"


def test_a_spoilt_file_is_told(company: Company, at_home: Path) -> None:
    data = company(**deals(), as_of="2026-04-01T00:00:00")
    path = draw(data, "idle")
    path.write_text(path.read_text(encoding="utf-8").replace("touch", "Anna", 1), encoding="utf-8")
    with pytest.raises(DataError, match="no group «Anna»"):
        outcomes(data)
    path.write_text("deal_id\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match="drawn_at, group"):
        outcomes(data)


def test_the_report_tells_of_trials(company: Company, at_home: Path) -> None:
    class Report:
        language = "en"
        dataset = company(**deals(), as_of="2026-04-01T00:00:00")

    assert "No trial was made" in trials(Report()).plain  # type: ignore[arg-type]
    draw(Report.dataset, "idle")
    assert "the month is not over" in trials(Report()).plain  # type: ignore[arg-type]


def test_the_command_draws(tmp_path: Path, at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from salesqc_lib.cli import main
    from tests.conftest import write_company

    write_company(tmp_path, **deals(), as_of="2026-04-01T00:00:00")
    assert main(["trial", str(tmp_path / "small.yaml"), "idle"]) == 0
    assert "idle-2026-04-01.csv" in capsys.readouterr().out
    assert main(["trial", str(tmp_path / "small.yaml"), "idle"]) == 2
    assert "drawn already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sep", "encoding", "day"), [(";", "cp1251", "01.04.2026"), (";", "utf-8-sig", "2026-04-01"), (",", "utf-8", "2026-04-01")]
)
def test_a_draw_that_a_spreadsheet_saved_again_is_read(company: Company, at_home: Path, sep: str, encoding: str, day: str) -> None:
    data = company(**deals(), as_of="2026-04-20T00:00:00")
    folder = folder_of(data.parameters)
    folder.mkdir(parents=True)
    rows = [f"{i}{sep}{('touch', 'leave')[i % 2]}{sep}{day}{sep}Отметка" for i in range(20)]
    (folder / "idle-2026-04-01.csv").write_text(f"deal_id{sep}group{sep}drawn_at{sep}note\n" + "\n".join(rows), encoding=encoding)
    (one,) = outcomes(data)
    assert (one.touch[1], one.leave[1], str(one.drawn)) == (10, 10, "2026-04-01")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no trial"), ("deal_id,group,drawn_at\n", "no deals"), ("deal_id,group,drawn_at\n1,touch,soon\n", "«soon» is no day")],
)
def test_a_file_that_is_no_draw_is_told_in_words(company: Company, at_home: Path, text: str, words: str) -> None:
    data = company(**deals(), as_of="2026-04-20T00:00:00")
    folder_of(data.parameters).mkdir(parents=True)
    (folder_of(data.parameters) / "idle-2026-04-01.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        outcomes(data)
