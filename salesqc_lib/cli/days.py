"""The day that a command counts from."""

from datetime import date

from salesqc_lib.errors import InputError


def day(text: str | None) -> str | None:
    """A day as it is written on the command line, checked.

    Raises
    ------
    InputError
        It is no date.
    """
    try:
        return str(date.fromisoformat(text)) if text else None
    except ValueError:
        raise InputError(f"--today: «{text}» is no date", cure="write 2026-11-01") from None
