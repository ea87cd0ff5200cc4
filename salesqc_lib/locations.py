"""Files that lie elsewhere: `s3://firm/data/deals.csv`, `gs://…`, `file:///…`, whatever fsspec can read.

A file is brought into a mirror on this machine, a scratch folder with the same tree below it, and read there. Where a path leads is for who
runs the command to say: a parameter file alone opens nothing. What was brought is noted with its mark (the store's own sign of a version),
by which a batch tells that nothing has changed.
"""

import fnmatch
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from salesqc_lib import limits, scratch
from salesqc_lib.errors import InputError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "file")
OPEN = "SALESQC_LOCATIONS"  # the beginnings of addresses that may be read and written, with spaces between them
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://(.*)", re.IGNORECASE | re.DOTALL)
_MIRROR = ".mirror"
SIGNS = ("ETag", "etag", "md5Hash", "content_md5", "generation")  # of a version, by store
TIMES = ("mtime", "created", "LastModified", "last_modified")
MARKS: dict[str, str] = {}  # what was brought, with its mark when it was


def is_remote(text: str) -> bool:
    """Whether a path is an address.

    >>> is_remote("s3://firm/data/deals.csv"), is_remote("data/deals.csv"), is_remote("C:/data/deals.csv")
    (True, False, False)
    """
    return _ADDRESS.match(text) is not None


def open_for(addresses: Iterable[str]) -> None:
    """Open the places of addresses that the operator has written: a bucket, or a folder of files, with all that is below it."""
    known = os.environ.get(OPEN, "").split()
    found = {_place_of(address) for address in addresses if is_remote(address)}
    if found:
        os.environ[OPEN] = " ".join(dict.fromkeys([*known, *sorted(found)]))


def normal(address: str) -> str:
    """An address as it is compared: its kind in small letters, without a slash at its end."""
    scheme, rest = _parts(address)
    return f"{scheme}://{rest.rstrip('/')}"


def _place_of(address: str) -> str:
    """A bucket; of files the folder that is named, or that of the parameter file."""
    scheme, rest = _parts(address)
    if scheme != "file":
        return f"{scheme}://{rest.partition('/')[0]}/"
    is_file = rest.endswith((".yaml", ".yml"))
    return f"file://{(rest.rpartition('/')[0] if is_file else rest).rstrip('/')}/"


def _parts(address: str) -> tuple[str, str]:
    found = _ADDRESS.match(address)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", "")
    if scheme not in SCHEMES:
        raise InputError(
            f"«{address[:200]}» is no place that files are read from", cure=f"the kinds are {', '.join(f'{one}://' for one in SCHEMES)}"
        )
    if ".." in PurePosixPath(rest).parts or "\0" in rest or not rest.strip("/") or (scheme == "file" and not rest.startswith("/")):
        raise InputError(f"«{address[:200]}» is no address of a file", cure="write it whole: s3://bucket/folder/file.csv")
    return scheme, rest


def _check_open(address: str) -> None:
    scheme, rest = _parts(address)
    places = [f"{place.rstrip('/')}/" for place in os.environ.get(OPEN, "").split()]
    meant = f"{scheme}://{rest.rstrip('/')}/"
    is_open = any(meant.startswith(place) for place in places)
    if is_open and scheme == "file":  # wherever a link leads
        real = f"{os.path.realpath(rest.partition('*')[0])}/"
        is_open = any(
            real.startswith(f"{os.path.realpath(place.removeprefix('file://'))}/") for place in places if place.startswith("file://")
        )
    if not is_open:
        raise InputError(
            f"«{address[:200]}» is not open to parameter files",
            cure=f"who runs the command opens it: {OPEN}={_place_of(address)}",
        )


def _store(address: str) -> "AbstractFileSystem":
    scheme, _ = _parts(address)
    try:
        import fsspec
    except ModuleNotFoundError:
        raise InputError(f"{address} is an address, and fsspec is not installed", cure="pip install 'salesqc[remote]'") from None
    try:
        return fsspec.filesystem(scheme, **({"auto_mkdir": True} if scheme == "file" else {"use_listings_cache": False}))
    except ImportError as error:
        raise InputError(f"{scheme}:// cannot be read here: {error}", cure="install what it names") from None


def _asked(address: str, what: str, ask: Any) -> Any:
    """A question to the store; its refusals in words."""
    try:
        return ask()
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"there is no {address}", cure="check the address; a * stands for any letters of one name") from None
    except PermissionError as error:
        raise InputError(
            f"{address} cannot be {what}: {_first_line(error)}", cure="give the account of this machine the right to it"
        ) from None
    except Exception as error:  # each store has errors of its own: credentials, names, the network
        raise InputError(
            f"{address} cannot be {what}: {type(error).__name__}: {_first_line(error)}",
            cure="check the address, the account and the network",
        ) from None


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")[:300]


def matching(address: str) -> dict[str, str]:
    """The files that an address means, a * standing for any letters of one name, each with its mark; none where there is none."""
    _check_open(address)
    store, (scheme, rest) = _store(address), _parts(address)

    def ask() -> dict[str, Any]:
        if "*" not in rest:
            return {rest: store.info(rest)} if store.isfile(rest) else {}
        folder = rest[: rest.index("*")].rpartition("/")[0]
        depth = rest.count("/") - folder.count("/")
        found = store.find(folder, maxdepth=depth, detail=True) if store.exists(folder) else {}
        return {name: info for one, info in found.items() if _fits(name := _same_root(str(one), rest), rest)}

    found: dict[str, Any] = _asked(address, "read", ask)
    if len(found) > limits.ARCHIVE_FILES:
        raise InputError(f"{address} means {len(found):,} files", cure="name fewer (SALESQC_ARCHIVE_FILES)")
    return {f"{scheme}://{name}": _mark_of(info) for name, info in sorted(found.items())}


def _mark_of(info: dict[str, Any]) -> str:
    """The store's own sign of a version where it has one, else size and times."""
    sign = next((f"{name} {info[name]}" for name in SIGNS if info.get(name) is not None), "")
    return f"{sign or [info.get(name) for name in TIMES]} size {info.get('size')}"


def _same_root(name: str, rest: str) -> str:
    return f"/{name.lstrip('/')}" if rest.startswith("/") else name.lstrip("/")


def _fits(name: str, pattern: str) -> bool:
    one, other = name.split("/"), pattern.split("/")
    return len(one) == len(other) and all(map(fnmatch.fnmatchcase, one, other))


def together(found: dict[str, str]) -> str:
    """One mark of several files; '' of none."""
    return hashlib.sha256("\n".join(f"{name} {one}" for name, one in sorted(found.items())).encode()).hexdigest() if found else ""


def brought(address: str, mirror: Path | None = None) -> Path:
    """The file of an address, or the pattern of its files, on this machine; brought where it is not there yet.

    Raises
    ------
    InputError
        The place is not open, the store does not answer, or the files are too large.
    """
    address = normal(address)
    root = mirror or _own_mirror()
    target = _in_mirror(address, root)
    if address in MARKS:
        return target
    found = matching(address)
    for name in found:
        _bring(name, _in_mirror(name, root))
    MARKS[address] = together(found)
    return target


def _bring(address: str, target: Path) -> None:
    _check_open(address)
    store, (_, rest) = _store(address), _parts(address)
    size = int(_asked(address, "read", lambda: store.size(rest)) or 0)
    if size > limits.FILE_BYTES:
        raise InputError(f"{address} has {size:,} bytes", cure="larger files are read where SALESQC_FILE_BYTES allows it")
    target.parent.mkdir(parents=True, exist_ok=True)
    _asked(address, "read", lambda: store.get_file(rest, str(target)))


def _in_mirror(address: str, root: Path) -> Path:
    scheme, rest = _parts(address)
    return root / scheme / rest.lstrip("/") if not rest.startswith("/") else root / scheme / "_" / rest.lstrip("/")


@cache
def _mirror() -> "TemporaryDirectory[str]":
    folder = scratch.scratch()
    (Path(folder.name) / _MIRROR).touch()
    return folder


def _own_mirror() -> Path:
    return Path(_mirror().name)


def address_of(path: Path) -> str:
    """The address that a file of a mirror was brought from; '' for any other file."""
    for folder in path.parents:
        if (folder / _MIRROR).is_file():
            scheme, *rest = path.relative_to(folder).parts
            return f"{scheme}://{'/' + '/'.join(rest[1:]) if rest[0] == '_' else '/'.join(rest)}"
    return ""


def shown(path: Path) -> str:
    """A path as the person who named it knows it."""
    return address_of(path) or str(path)


def beside(file: Path, text: str) -> Path:
    """The path that a parameter file names: of an address, or relative to that file, wherever it lies."""
    if is_remote(text):
        return brought(text, _mirror_of(file))
    path = file.parent / text
    if not address_of(file):
        return path
    if Path(text).is_absolute():
        raise InputError(
            f"{text} is a path of this machine, and {address_of(file)} comes from elsewhere",
            cure="name a file beside it, or its whole address",
        )
    whole = Path(os.path.normpath(path))
    address = address_of(whole)
    if not address:
        raise InputError(f"{text} leads out of {address_of(file)}", cure="name a file of the same bucket, or its whole address")
    head, packed, _ = address.partition(".zip/")  # inside an archive, which is brought whole
    brought(f"{head}.zip" if packed else address, _mirror_of(file))
    return whole


def _mirror_of(file: Path) -> Path | None:
    return next((folder for folder in file.parents if (folder / _MIRROR).is_file()), None)


def sent(folder: Path, address: str, names: Sequence[str], last: Iterable[str]) -> dict[str, str]:
    """Send files of a folder to an address; the value is what lies there now, each with its mark. `last`: of the names those that say that the
    rest is whole, which go after it."""
    _check_open(f"{address}/")
    store, (scheme, rest) = _store(address), _parts(address)
    ending = set(last)
    for name in sorted(names, key=lambda name: (name in ending, name)):
        _asked(f"{address}/{name}", "written", lambda name=name: store.put_file(str(folder / name), f"{rest}/{name}"))
    return {one: matching(one).get(one, "") for one in (f"{scheme}://{rest}/{name}" for name in sorted(names))}


def removed(address: str, names: Iterable[str]) -> None:
    """Remove files below an address; one that is gone already is no fault."""
    _check_open(f"{address}/")
    store, (_, rest) = _store(address), _parts(address)
    for name in names:
        target = f"{rest}/{name}"
        if ".." not in PurePosixPath(name).parts and _asked(target, "looked at", lambda target=target: store.isfile(target)):
            _asked(target, "removed", lambda target=target: store.rm_file(target))


def text_of(address: str) -> str:
    """A small text; '' where there is none."""
    _check_open(address)
    store, (_, rest) = _store(address), _parts(address)
    if not _asked(address, "read", lambda: store.isfile(rest)):
        return ""
    found: bytes = _asked(address, "read", lambda: store.cat_file(rest))
    return found.decode("utf-8", errors="replace")


def write_text(address: str, text: str) -> None:
    """Put a small text in its place, at once."""
    _check_open(address)
    store, (_, rest) = _store(address), _parts(address)
    _asked(address, "written", lambda: store.pipe_file(rest, text.encode("utf-8")))
