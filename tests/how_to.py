"""The pages `docs/how-to/<crm>.md`: which screen to export, which columns count, which traps there are, and what `init` writes.

python -m tests.how_to
"""

import io
import os
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from salesqc_lib.cli import main
from salesqc_lib.crm.formats import how_to_export, layouts
from tests.conftest import ROOT
from tests.crm.habits.department import department
from tests.crm.habits.writers import WRITERS

FOLDER = ROOT / "docs" / "how-to"
# page: the CRMs it speaks of, and the exports whose parameter files it shows
PAGES = {
    "amocrm": (("amoCRM", "Kommo"), ("amocrm", "amocrm_json")),
    "bitrix24": (("Bitrix24",), ("bitrix_csv", "bitrix_json")),
    "hubspot": (("HubSpot",), ("hubspot",)),
    "pipedrive": (("Pipedrive",), ("pipedrive",)),
    "salesforce": (("Salesforce",), ("salesforce_report", "salesforce_loader")),
    "zoho": (("Zoho CRM",), ("zoho",)),
    "spreadsheet": ((), ("russian_sheet", "english_sheet")),
}
TABLES = {
    "deals": "deals",
    "activities": "calls and messages",
    "stage_events": "history of stages",
    "tasks": "tasks",
    "deals.closed_at": "the moment of the closing",
}


def page(name: str) -> str:
    """The text of a page."""
    crms, writers = PAGES[name]
    own = [layout for layout in layouts() if layout.crm in crms]
    lines = [f"# From {' and '.join(crms)} to a report" if crms else "# From a spreadsheet of the client's own to a report", ""]
    if crms:
        lines += ["## What to export", "", "| what | where |", "|---|---|"]
        lines += [
            f"| {told} | {how['en']} |"
            for table, told in TABLES.items()
            if (how := next((found for crm in crms if (found := how_to_export(crm, table))), None))
        ]
        lines += ["", "Then, in the consultancy's folder: `salesqc init CLIENT FILES`. It recognises these tables by their headers:", ""]
        lines += [
            f"- {layout.crm}, {layout.generation} → `{layout.table}`: {', '.join(f'`{mark}`' for mark in layout.marks)}, and {layout.least} or more of {', '.join(f'`{sign}`' for sign in layout.signs) or 'its further columns'}"
            for layout in own
        ]
        lines += ["", "## Which columns count", "", "| ours | theirs; of several, the first that the file has |", "|---|---|"]
        lines += [f"| {column} | {', '.join(f'`{one}`' for one in own[0].field_of(column).names)} |" for column in own[0].columns]
        traps = list(dict.fromkeys(trap["en"] for layout in own for trap in layout.traps))
        lines += ["", "## Traps", "", *(f"- {trap}" for trap in traps)] if traps else []
    else:
        lines += [
            "`salesqc init CLIENT FILE` finds the header (under titles, in one row or two), leaves out totals and remarks, and tells columns by what people call them in",
            "Russian, English and German, where the values fit. What it needs: a row for each request with the day it came in, and a word for how it ended or a date of",
            "the contract. A seller, an amount, a source and a number make the report; without numbers, later files cannot be put together with this one.",
        ]
    for writer in writers:
        lines += [
            "",
            f"## What `init` writes{f' for {writer.replace(chr(95), chr(32))}' if len(writers) > 1 else ''}",
            "",
            "```yaml",
            written(writer).rstrip(),
            "```",
        ]
    return "\n".join(lines) + "\n"


def written(writer: str) -> str:
    """What `init --yes` writes for an export of the invented department."""
    before = Path.cwd()
    with TemporaryDirectory() as room:
        folder = Path(room) / "data" / "acme"
        folder.mkdir(parents=True)
        (Path(room) / "params").mkdir()
        WRITERS[writer][0](folder, department())
        os.chdir(room)
        try:
            with redirect_stdout(io.StringIO()):
                assert main(["init", "acme", "data/acme", "--yes", "--language", "en", "--name", "ACME"]) == 0
            return Path("params/acme.yaml").read_text(encoding="utf-8")
        finally:
            os.chdir(before)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")
