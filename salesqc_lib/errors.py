"""What goes wrong through no fault of the program: the reader is a consultant, so each message says what to do."""


class InputError(Exception):
    """The input cannot be used as it is. The text says what was asked, where, what was found and what to do."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", cure: str = "") -> None:
        self.message, self.where, self.cure = message, where, cure
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The message as it is printed: place first, so that an editor can jump to it; the cure last."""
        place = f"{self.where}: " if self.where else ""
        return place + self.message + (f"\n  → {self.cure}" if self.cure else "")


class ParameterError(InputError):
    """A parameter file that does not say what it should; `where` is file:line."""


class DataError(InputError):
    """An export that cannot be read as its parameters say."""

    exit_code = 1


class Faults:
    """Faults of one reading, gathered so that all are told at once: `with faults: …` keeps a DataError and goes on."""

    def __init__(self) -> None:
        self.found: list[DataError] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if not isinstance(error, DataError):
            return False
        self.found.append(error)
        return True

    def tell(self) -> None:
        """Raise what was gathered, as one error where there is only one.

        Raises
        ------
        DataError
            With every fault in its own words.
        """
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise DataError("\n".join(dict.fromkeys(error.text for error in self.found)))


class MissingSource(Exception):  # noqa: N818 - it is no failure: a KPI answers it with a reason, see measure
    """A table or column that a measure needs and the client's data do not have.

    `reason` is machine readable: `no_table:spend`, `no_column:deals.qualified_at`.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def nearest(name: str, known: "list[str]") -> str:
    """« did you mean …» for a name that is not among the known ones; the list itself where nothing is near.

    >>> nearest("chanel", ["manager", "channel"])
    'did you mean «channel»?'
    >>> nearest("xyz", ["manager", "channel"])
    'known: channel, manager'
    """
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean «{close[0]}»?" if close else "known: " + ", ".join(sorted(known))
