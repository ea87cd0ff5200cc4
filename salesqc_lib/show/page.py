"""`page(audit, "speed")`: the head of a page. It says the message; what follows up to the next head are its exhibits."""

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.show.basis import basis_head, definitions_head, method_head
from salesqc_lib.show.chapters import chapters
from salesqc_lib.show.deals import deals_head, worklist_head
from salesqc_lib.show.forms.shown import Shown
from salesqc_lib.show.found import findings_head
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.plan import plan_head
from salesqc_lib.show.quiet import quiet_head
from salesqc_lib.show.scoreboard import scoreboard_head
from salesqc_lib.show.state import head_of, state_of

HEADS = {
    "findings": findings_head, "plan": plan_head, "scoreboard": scoreboard_head, "quiet": quiet_head, "deals": deals_head, "worklist": worklist_head, "basis": basis_head,
    "method": method_head, "definitions": definitions_head,
}  # fmt: skip


def page(audit: Advised, key: str) -> Shown:
    """The head of a page: its message, what it rests on, how sure and what next. The cells below are its exhibits.

    `key`: a chapter (`results`, `funnel`, `channels`, `speed` …), or `findings`, `plan`, `scoreboard`, `quiet`, `deals`, `basis`,
    `method`, `definitions`. The page of a chapter is left out where nothing of it was measured, or nothing in it stands out; its figures
    are then told by `quiet`.

    Raises
    ------
    InputError
        There is no such page.
    """
    if key in HEADS:
        return HEADS[key](audit).shown()
    known = chapters()
    if key not in known:
        raise InputError(f"no page «{key}»", cure=nearest(key, [*HEADS, *known]))
    return head_of(audit, state_of(audit, known[key])).shown()
