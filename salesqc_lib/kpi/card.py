"""A KPI card: everything that is to be said about one KPI, over one plain function."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from salesqc_lib import facts
from salesqc_lib.kpi.example import Example, read_example
from salesqc_lib.sources import Source
from salesqc_lib.units import Unit
from salesqc_lib.words import Text

Better = Literal["higher", "lower", "neither"]
KINDS: dict[type, str] = {
    facts.Count: "count",
    facts.Sum: "sum",
    facts.Share: "share",
    facts.Mean: "mean",
    facts.Time: "time",
    facts.Ratio: "ratio",
    facts.Table: "table",
    facts.Median: "mean",
    facts.Projection: "share",
}

MANAGER, TEAM, CHANNEL, CAMPAIGN, PRODUCT, STAGE, PIPELINE = "manager", "team", "channel", "campaign", "product", "stage", "pipeline"
HOUR, BUCKET, WEEK, MONTH = "hour", "response_bucket", "week", "month"
TOUCH, MATERIAL, CRITERION, REVIEWER, FIELD, REASON = "touch_bucket", "material", "criterion", "reviewer", "field", "loss_reason"
LOST_STAGE, LOSS_GROUP = "lost_stage", "loss_group"
LEAST, LEAST_OF_MEAN, LEAST_EVENTS = 30, 15, 10  # cases (of a mean) behind a name; events of a time, on either side of a comparison
DIMENSIONS = {
    MANAGER: Text("Менеджер", "Seller"),
    TEAM: Text("Команда", "Team"),
    CHANNEL: Text("Канал", "Channel"),
    CAMPAIGN: Text("Кампания", "Campaign"),
    PRODUCT: Text("Продукт", "Product"),
    STAGE: Text("Этап", "Stage"),
    PIPELINE: Text("Воронка", "Pipeline"),
    HOUR: Text("Час дня", "Hour of day"),
    BUCKET: Text("Скорость ответа", "Speed of answer"),
    TOUCH: Text("Контакт по счёту", "Number of the contact"),
    MATERIAL: Text("Материал", "Material"),
    CRITERION: Text("Критерий", "Criterion"),
    REVIEWER: Text("Кто оценивал", "Reviewer"),
    FIELD: Text("Поле", "Field"),
    LOSS_GROUP: Text("Группа причин", "Group of reasons"),
    LOST_STAGE: Text("Потеряна на этапе", "Lost on stage"),
    REASON: Text("Причина отказа", "Loss reason"),
    WEEK: Text("Неделя", "Week"),
    MONTH: Text("Месяц", "Month"),
}


@dataclass(frozen=True)
class Card:
    """One KPI of the catalogue. `function` takes fact tables and settings by the names of its parameters.

    `counted` says what is counted and what is not, and `example` shows it on a few rows: both come from the function's docstring.
    """

    id: str
    group: str
    kind: str
    name: Text
    meaning: Text
    unit: Unit
    better: Better
    source: tuple[Source, ...]
    by: tuple[str, ...]
    advice: Text | None
    min_n: int
    function: Callable[..., facts.Measure]
    parameters: tuple[str, ...]
    counted: str
    example: Example

    def __call__(self, given: Mapping[str, Any]) -> facts.Measure:
        """The measure, built from the fact tables and settings that the function names."""
        return self.function(**{name: given[name] for name in self.parameters})

    @property
    def named_n(self) -> int:
        """Cases behind a name in a verdict, a finding or a title: fewer say more of chance than of a person."""
        return max(self.min_n, LEAST if self.is_share or self.kind == "time" else LEAST_OF_MEAN)

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole: k of n."""
        return self.kind.startswith("share")


def kpi(
    *,
    name: Text,
    meaning: Text,
    unit: Unit,
    source: Source | tuple[Source, ...],
    better: Better = "neither",
    by: tuple[str, ...] = (),
    advice: Text | None = None,
    min_n: int = 10,
    kind: str = "",
) -> Callable[[Callable[..., facts.Measure]], Card]:
    """Make a card of a function; its id is the function's name, its kind follows from what the function returns.

    `min_n`: a segment with fewer cases gets no verdict.
    """

    def make(function: Callable[..., facts.Measure]) -> Card:
        returned = get_type_hints(function)["return"]
        counted, example = read_example(function.__doc__ or "")
        return Card(
            id=function.__name__,
            group=function.__module__.split(".")[2],
            kind=kind or KINDS[returned],
            name=name,
            meaning=meaning,
            unit=unit,
            better=better,
            source=source if isinstance(source, tuple) else (source,),
            by=by,
            advice=advice,
            min_n=min_n,
            function=function,
            parameters=tuple(inspect.signature(function).parameters),
            counted=counted,
            example=example,
        )

    return make
