"""Reporting periods: half-open intervals of whole days in the client's time zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from salesqc_lib.errors import InputError
from salesqc_lib.words import Language

NAMED = ("last-month", "last-quarter", "last-week", "ytd")
HOW_TO_WRITE = "write 2026-10, 2026-Q3, 2026-H1, 2026, 2026-W45, 2026-10-05..2026-10-18, " + ", ".join(NAMED)
_MONTHS = {
    "ru": ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}


EARLIEST, LATEST = 1970, 2100


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` up to, not including, `end`. `label` names the folder of the report.

    >>> Period.parse("2026-Q3").first, Period.parse("2026-Q3").end
    (datetime.date(2026, 7, 1), datetime.date(2026, 10, 1))
    """

    first: date
    end: date
    label: str

    @classmethod
    def parse(cls, text: str, today: date | None = None) -> "Period":
        """Read a period as people write it; named ones (`last-month`) count back from `today`.

        Raises
        ------
        InputError
            The text is none of the forms, or names an impossible date.
        """
        text = text.strip()
        if text in NAMED:
            return _named(text, today or date.today())  # noqa: DTZ011 - the caller's own day, as on the wall
        try:
            for pattern, read in _FORMS:
                if found := re.fullmatch(pattern, text):
                    return _of_our_time(read(*found.groups()))
        except (ValueError, OverflowError) as error:
            raise InputError(f"no such period: «{text}» ({error})", cure=HOW_TO_WRITE) from None
        raise InputError(f"no such period: «{text}»", cure=HOW_TO_WRITE)

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.first).days

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The two moments between which events count: [start, end)."""
        return datetime.combine(self.first, time(), zone), datetime.combine(self.end, time(), zone)

    def previous(self) -> "Period":
        """The period of the same kind just before: whole months before whole months, else as many days."""
        if months := self._whole_months():
            return _months(_shift_month(self.first, -months), months)
        return _days(self.first - timedelta(self.days), self.first)

    def year_ago(self) -> "Period":
        """The same period a year before (the same ISO weekdays for periods that are no whole months)."""
        if months := self._whole_months():
            return _months(_shift_month(self.first, -12), months)
        return _days(self.first - timedelta(364), self.end - timedelta(364))

    def months(self) -> "list[Period]":
        """The calendar months that the period touches."""
        month, found = self.first.replace(day=1), []
        while month < self.end:
            found.append(_months(month, 1))
            month = _shift_month(month, 1)
        return found

    def months_up_to(self, count: int) -> "list[Period]":
        """The last `count` calendar months up to the end of the period (more if the period itself is longer)."""
        own = self.months()
        start = min(own[0].first, _shift_month(own[-1].first, 1 - count))
        return _days(start, own[-1].end).months()

    def weeks_up_to(self, count: int) -> "list[Period]":
        """The last `count` ISO weeks that end with the week of the period's last day."""
        last = self.end - timedelta(1)
        monday = last - timedelta(last.weekday())
        return [_week(monday - timedelta(7 * back)) for back in range(count - 1, -1, -1)]

    def name(self, language: Language) -> str:
        """The period as a reader calls it: «октябрь 2026», «Q3 2026»."""
        if (months := self._whole_months()) == 1:
            return f"{_MONTHS[language][self.first.month - 1]} {self.first.year}"
        if months == 12 and self.first.month == 1:
            return f"{self.first.year} год" if language == "ru" else str(self.first.year)
        if months == 3 and self.first.month % 3 == 1:
            quarter = (self.first.month + 2) // 3
            return (
                f"{('I', 'II', 'III', 'IV')[quarter - 1]} квартал {self.first.year} года"
                if language == "ru"
                else f"Q{quarter} {self.first.year}"
            )
        if months == 6 and self.first.month in (1, 7):
            half = 1 if self.first.month == 1 else 2
            return f"{half}-е полугодие {self.first.year} года" if language == "ru" else f"H{half} {self.first.year}"
        last = self.end - timedelta(1)
        return f"{self.first:%d.%m.%Y} – {last:%d.%m.%Y}" if language == "ru" else f"{self.first:%-d %b %Y} – {last:%-d %b %Y}"

    def _whole_months(self) -> int:
        if self.first.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month


def _of_our_time(period: Period) -> Period:
    if not EARLIEST <= period.first.year <= period.end.year <= LATEST:
        raise ValueError(f"years go from {EARLIEST} to {LATEST}")
    return period


def _shift_month(day: date, by: int) -> date:
    index = day.year * 12 + day.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def _label(first: date, months: int) -> str:
    if months == 1:
        return f"{first:%Y-%m}"
    if months == 3 and first.month % 3 == 1:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if months == 6 and first.month in (1, 7):
        return f"{first.year}-H{1 if first.month == 1 else 2}"
    if months == 12 and first.month == 1:
        return f"{first.year}"
    return f"{first}..{_shift_month(first, months) - timedelta(1)}"


def _months(first: date, count: int) -> Period:
    return Period(first, _shift_month(first, count), _label(first, count))


def _days(first: date, end: date) -> Period:
    if end <= first:
        raise ValueError("it ends before it starts")
    whole = Period(first, end, "")._whole_months()
    return _months(first, whole) if whole else Period(first, end, f"{first}..{end - timedelta(1)}")


def _week(monday: date) -> Period:
    year, week, _ = monday.isocalendar()
    return Period(monday, monday + timedelta(7), f"{year}-W{week:02}")


def _named(text: str, today: date) -> Period:
    month = today.replace(day=1)
    match text:
        case "last-month":
            return _months(_shift_month(month, -1), 1)
        case "last-quarter":
            quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
            return _months(_shift_month(quarter, -3), 3)
        case "last-week":
            return _week(today - timedelta(today.weekday() + 7))
        case _:
            return _days(date(today.year, 1, 1), today) if today > date(today.year, 1, 1) else _months(date(today.year - 1, 1, 1), 12)


_FORMS = (
    (r"(\d{4})-(\d{2})", lambda y, m: _months(date(int(y), int(m), 1), 1)),
    (r"(\d{4})-Q([1-4])", lambda y, q: _months(date(int(y), int(q) * 3 - 2, 1), 3)),
    (r"(\d{4})-H([12])", lambda y, h: _months(date(int(y), int(h) * 6 - 5, 1), 6)),
    (r"(\d{4})", lambda y: _months(date(int(y), 1, 1), 12)),
    (r"(\d{4})-W(\d{2})", lambda y, w: _week(date.fromisocalendar(int(y), int(w), 1))),
    (r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", lambda a, b: _days(date.fromisoformat(a), date.fromisoformat(b) + timedelta(1))),
)
