"""The typed model of `params/<client>.yaml`. Its JSON Schema is generated into `params/schema.json`."""

import re
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveFloat,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from salesqc_lib.errors import InputError
from salesqc_lib.locations import shown
from salesqc_lib.params.part import Part
from salesqc_lib.params.source import AmocrmExport, SparkSource, TablesSource
from salesqc_lib.tables import STAGE_MEANINGS

LONGEST_DAYS = 36_500  # a century: beyond it, a calendar ends
RESERVED = {"portfolio", "index", "batch", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Section = Literal[
    "readiness", "funnel", "results", "speed", "managers", "activity", "quality", "discipline", "persistence", "clients", "content", "people",
]  # fmt: skip
SECTIONS: tuple[Section, ...] = get_args(Section)
LossGroup = Literal["no_contact", "price", "competitor", "product", "timing", "no_decision", "our_fault", "changed_mind", "unknown"]


def _seconds(value: Any) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)\s*", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("write a time with its unit: 30s, 15m, 1h, 2d")
    seconds = float(found[1]) * _SECONDS[found[2]]
    if seconds > LONGEST_DAYS * 86400:
        raise ValueError(f"longer than {LONGEST_DAYS} days")
    return seconds


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("no such time zone: write an IANA name such as Europe/Moscow")
    return value


def _currency(value: str) -> str:
    from babel.numbers import get_currency_name, list_currencies

    if value not in list_currencies() or get_currency_name(value, locale="en").endswith(")"):  # «Russian Ruble (1991–1998)»
        raise ValueError("no currency of today has this code: write one such as RUB, EUR, USD")
    return value


def _country(value: str) -> str:
    import holidays

    if value not in holidays.list_supported_countries():
        raise ValueError("no public holidays are known for this country: write an ISO 3166 code such as RU, KZ, GB")
    return value


def _hours(value: str) -> str:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", value)
    if not found or value[:5] >= value[6:]:
        raise ValueError('write opening hours as "09:00-19:00"')
    return value


Duration = Annotated[
    float, BeforeValidator(_seconds), WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|m|min|h|d)\s*$"})
]


class Client(Part):
    """Who is audited."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Folder of the reports: latin letters, digits, - and _")
    name: str = Field(min_length=1, max_length=160)
    accent: str = Field("#1f6f5c", pattern=r"^#[0-9a-fA-F]{6}$", description="The client's colour")
    logo: str | None = Field(None, description="Path of a PNG or SVG file")

    @field_validator("id")
    @classmethod
    def _not_ours(cls, value: str) -> str:
        if value in RESERVED:
            raise ValueError("this name is taken: a folder or file of ours, or of an operating system, is called so")
        return value


class Report(Part):
    """What is made, and in which language."""

    language: Literal["ru", "en"]
    currency: Annotated[str, AfterValidator(_currency)] = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code of every amount")
    timezone: Annotated[str, AfterValidator(_zone)] = Field(description="IANA name; times without an offset are read in it")
    formats: tuple[Literal["html", "pdf", "xlsx"], ...] = ("html", "pdf")
    mask_names: bool = Field(False, description="Sellers appear under stable pseudonyms")
    sections: Literal["all"] | tuple[Section, ...] = "all"
    order: Literal["stake", "notebook"] = Field("stake", description="Chapters by what is at stake, or as the notebook has them")
    remarks: dict[Section, str] = Field(default_factory=dict, description="The consultant's own words at the head of a chapter")
    show_contacts: bool = Field(False, description="Phones and e-mails inside names and texts are shown as they are")


class Calendar(Part):
    """When the department works."""

    country: Annotated[str, AfterValidator(_country)] | None = Field(None, description="ISO 3166 code, for public holidays")
    hours: Annotated[str, AfterValidator(_hours)] = "09:00-18:00"
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class Funnel(Part):
    """How a cohort is followed."""

    horizon_days: int = Field(90, ge=1, le=3650, description="A cohort is mature after so many days")


class Hygiene(Part):
    """When a deal counts as neglected."""

    stage_age_factor: float = Field(2.0, gt=0, le=1000, description="Stuck: longer in the stage than so many medians of the stage")
    idle_days: int = Field(30, ge=1, le=3650, description="Idle: no human activity for so many days")
    required_fields: tuple[str, ...] = Field((), description="Columns of deals that must be filled; default: those usually required")


class Activity(Part):
    """What counts as a conversation."""

    conversation_seconds: float = Field(30, ge=0, le=86_400)


class Clients(Part):
    """When a client counts as lost."""

    lost_after_days: int = Field(
        365, ge=1, le=LONGEST_DAYS, description="Lost so many days after the last purchase, where no date of the loss is given"
    )


class Clv(Part):
    """How the worth of a client is reckoned."""

    months: int = Field(12, ge=1, le=120, description="Expected purchases of so many months ahead")
    margin: float | None = Field(None, gt=0, le=1, description="Gross margin; default: assumptions.gross_margin")
    discount: float = Field(0.15, ge=0, lt=1, description="Yearly discount rate of money to come")


class Reviews(Part):
    """Which criteria of a scorecard mean what: by their name or their group, in any case and with or without underscores."""

    objections: tuple[str, ...] = Field(("objections", "objection", "возражения"), description="Handling of objections")
    script: tuple[str, ...] = Field(("contact", "compliance", "script", "скрипт"), description="The mandatory part of the script")
    next_step: tuple[str, ...] = Field(("next_step", "следующий шаг", "следующий шаг с датой"), description="The dated next step")


class Assumptions(Part):
    """What no data tell and the money of a finding rests on; every one is printed in the report."""

    gross_margin: float | None = Field(None, gt=0, le=1, description="Gross margin of a contract")
    recoverable: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="The part of what is at stake that can be won back where a seller acts; told beside the money, never in it",
    )
    recoverable_channel: float = Field(0.3, gt=0, lt=1, description="No longer used: channels are in no total")
    neglected_30: float = Field(0.25, ge=0, lt=1, description="No longer used: what idleness costs cannot be told from the data")
    neglected_60: float = Field(0.5, ge=0, lt=1, description="No longer used")
    neglected_90: float = Field(0.75, ge=0, lt=1, description="No longer used")


class Targets(BaseModel):
    """Limits and targets: two times, and a value for any KPI by its id (shares as 0.35, times as 2h)."""

    model_config = ConfigDict(extra="allow", frozen=True, allow_inf_nan=False)

    first_response: Duration = Field(3600.0, description="A lead should be answered within …", json_schema_extra={"default": "1h"})
    never_after: Duration = Field(
        86400.0, description="A lead older than … without an answer counts as never answered", json_schema_extra={"default": "24h"}
    )

    def of(self, kpi: str) -> float | None:
        """The target set for a KPI, in its base unit."""
        value = (self.model_extra or {}).get(kpi)
        return None if value is None else float(_seconds(value) if isinstance(value, str) else value)

    @model_validator(mode="after")
    def _numbers(self) -> "Targets":
        for key, value in (self.model_extra or {}).items():
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise ValueError(f"{key}: write a number, or a time such as 2h")  # noqa: TRY004 - pydantic reports ValueError
            if isinstance(value, str):
                _seconds(value)
            elif not isfinite(value):
                raise ValueError(f"{key}: {value} is no target")
        return self


class Dates(Part):
    """What is done with dates that are missing."""

    undated: Literal["bounds", "created", "exclude"] = Field(
        "bounds",
        description="Won deals without a closing date: give bounds, take the creation for the closing, or leave the deals out",
    )


class RateTable(Part):
    """Rates of exchange by day: a file with the columns date, currency, rate (client's currency for one unit)."""

    path: str = Field(description="CSV, XLSX or Parquet; relative to the parameter file")
    columns: dict[Literal["date", "currency", "rate"], str] = Field(default_factory=dict, description="canonical name: name in the file")


class Control(Part):
    """Totals that the client's own CRM shows for a period; the passport sets them beside ours and explains the difference."""

    period: str = Field(description="2026-10, 2026-Q3, 2026-10-05..2026-10-18 …")
    leads: float | None = Field(None, ge=0)
    contracts: float | None = Field(None, ge=0)
    revenue: float | None = Field(None)

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, value: Any) -> str:
        from salesqc_lib.period import NAMED, Period

        text = str(value)  # a year alone is a number in YAML
        if text in NAMED:
            raise ValueError("totals belong to a period with a date: write 2026-10, 2026-Q3 …")
        try:
            Period.parse(text)
        except InputError as error:
            raise ValueError(error.message) from None
        return text


Words = str | tuple[str, ...]


class Parameters(Part):
    """A whole parameter file."""

    client: Client
    report: Report
    source: Annotated[TablesSource | AmocrmExport | SparkSource, Field(discriminator="kind")]
    stages: dict[str, Literal["lead", "qualified", "key_event_set", "key_event_held", "contract", "act", "lost"]] = Field(
        default_factory=dict, description=f"CRM stage name: {' | '.join(STAGE_MEANINGS)}"
    )
    calendar: Calendar | None = Field(None, description="Without it, the clock of a response runs in plain hours")
    targets: Targets = Field(default_factory=Targets)
    funnel: Funnel = Field(default_factory=Funnel)
    hygiene: Hygiene = Field(default_factory=Hygiene)
    activity: Activity = Field(default_factory=Activity)
    clients: Clients = Field(default_factory=Clients)
    clv: Clv = Field(default_factory=Clv)
    reviews: Reviews = Field(default_factory=Reviews)
    loss_reasons: dict[str, LossGroup] = Field(default_factory=dict, description="Loss reason of the CRM: its group")
    assumptions: Assumptions = Field(default_factory=Assumptions)
    exclude: dict[str, Words] = Field(
        default_factory=dict,
        description="Deals to leave out: a column (of the file, or canonical) and its values; * stands for any letters",
    )
    duplicates: Literal["newest", "sum", "first"] | None = Field(
        None,
        description="Several rows of one deal in one file: the newest, the sum of their amounts (product rows), or the first",
    )
    extra: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], str | tuple[str, ...]] = Field(
        default_factory=dict,
        description="Columns of the client's own that become breakdowns: {city: City, sdr: SDR}",
    )
    rates: dict[str, PositiveFloat] | RateTable = Field(
        default_factory=dict, description="Other currencies in the client's own: {USD: 92.5}, or a table {path: rates.csv}"
    )
    control: tuple[Control, ...] = Field(default=(), description="Totals that the client's CRM shows, one period or several")
    dates: Dates = Field(default_factory=Dates)

    @field_validator("control", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("exclude", mode="before")
    @classmethod
    def _as_texts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {str(name): [str(one) for one in words] if isinstance(words, list) else str(words) for name, words in value.items()}

    _file: Path = PrivateAttr(default=Path("parameters.yaml"))
    _lines: dict[tuple[str | int, ...], int] = PrivateAttr(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The client's time zone."""
        return ZoneInfo(self.report.timezone)

    @property
    def country(self) -> str | None:
        """ISO 3166 code of the client's country, for the phones in its texts: that of its calendar, else of its time zone."""
        from babel.core import get_global

        told = (
            self.calendar.country if self.calendar and self.calendar.country else get_global("zone_territories").get(self.report.timezone)
        )
        return str(told) if told and len(told) == 2 and told.isalpha() else None

    @property
    def file(self) -> Path:
        """The file these parameters were read from; relative paths in them start there."""
        return self._file

    def where(self, *key: str | int) -> str:
        """«file:line» of a key (of the nearest key above it that stands in the file)."""
        for size in range(len(key), -1, -1):
            if key[:size] in self._lines:
                return f"{shown(self._file)}:{self._lines[key[:size]]}"
        return shown(self._file)
