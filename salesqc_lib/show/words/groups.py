"""Several findings that say the same, as one sentence."""

from salesqc_lib.findings import Finding
from salesqc_lib.findings.grouped import Group
from salesqc_lib.show.words.findings import against, called, speaks_for_itself, statement
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import tell
from salesqc_lib.words import Reader, Text

NAMED = 2


def group_statement(group: Group, reader: Reader) -> str:
    """What is wrong, and where: «Первый ответ: А 5 ч, Б 6 ч и ещё 3; у коллег 42 мин»."""
    language = reader.language
    if len(group.findings) == 1 or group.lead.rule in ("left", "absent"):
        return statement(group.lead, reader)
    named = ", ".join(f"{called(one, language)} {_figure(one, reader)}" for one in group.findings[:NAMED])
    more = len(group.findings) - NAMED
    listed = named + (Text(" и ещё {n}", " and {n} more").format(n=more)[language] if more > 0 else "")
    peer = tell(group.lead.peer, group.lead.unit, language, reader.currency)
    return f"{kpi_name(group.lead.kpi, language)}: {listed}; {against(group.lead, peer, language)}"


def _figure(finding: Finding, reader: Reader) -> str:
    """The figure that can be held against the peers': with the mix allowed for where the plain one would mislead."""
    value = finding.value if finding.rule != "peers" or speaks_for_itself(finding) else finding.estimate
    return tell(value, finding.unit, reader.language, reader.currency)
