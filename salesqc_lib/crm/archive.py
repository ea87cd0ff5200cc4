"""Archives: the files in a zip, and what a gz holds. A path may go on inside a zip: `export.zip/deals.csv`."""

import errno
import fnmatch
import gzip
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from salesqc_lib import limits
from salesqc_lib.errors import DataError

_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def members(path: Path) -> list[str]:
    """The names of the files in a zip, without what operating systems add, in order."""
    with zipfile.ZipFile(path) as archive:
        check_packing(archive, path)
        return sorted(_name(info) for info in archive.infolist() if info.filename and not info.is_dir() and not _is_junk(info.filename))


def split(path: Path) -> tuple[Path, str] | None:
    """The archive and the name inside it that a path means; None for a path that ends at a file."""
    for parent in path.parents:
        if parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


def matching(path: Path) -> list[Path]:
    """The files inside a zip that a path means; * stands for any letters."""
    found = split(path)
    if found is None or not zipfile.is_zipfile(found[0]):
        return []
    return [found[0] / name for name in members(found[0]) if fnmatch.fnmatchcase(name, found[1]) or PurePosixPath(name).name == found[1]]


def unpacked(path: Path, folder: Path) -> Path:
    """A file inside a zip, written into `folder`.

    Raises
    ------
    DataError
        It is damaged, protected, or too large.
    """
    archive_path, name = split(path) or (path, "")
    target = room(folder) / (PurePosixPath(name).name or "file")
    try:
        with zipfile.ZipFile(archive_path) as archive:
            info = next((one for one in archive.infolist() if _name(one) == name), None)
            if info is None:
                known = ", ".join(sorted(map(_name, archive.infolist()))[:8])
                raise DataError(f"the archive has no file «{name}»", where=str(archive_path), cure=f"it has: {known}")
            check_packing(archive, archive_path)
            with archive.open(info) as source, target.open("wb") as out:
                _copy(source, out, archive_path, info.compress_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise DataError(f"«{name}» in the archive is damaged: {error}", where=str(archive_path), cure="download or pack it again") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # our own disk is full, not the archive damaged
        raise DataError(f"«{name}» in the archive is damaged: {error}", where=str(archive_path), cure="download or pack it again") from None
    except NotImplementedError:  # a kind of RuntimeError: it stands first
        raise DataError(
            f"«{name}» in the archive is packed in an unusual way", where=str(archive_path), cure="unpack it, and give the files in it"
        ) from None
    except RuntimeError:  # zipfile says so of a password
        raise DataError(
            "the archive is protected by a password", where=str(archive_path), cure="unpack it, and give the files in it"
        ) from None
    return target


def room(folder: Path) -> Path:
    """A new folder inside `folder`."""
    made = folder / f"{len(list(folder.iterdir()))}"
    made.mkdir()
    return made


def gunzipped(path: Path, folder: Path) -> Path:
    """What a gz holds, written into `folder`."""
    target = room(folder) / (path.name.removesuffix(".gz") or "file")
    try:
        with gzip.open(path, "rb") as source, target.open("wb") as out:
            _copy(source, out, path, path.stat().st_size)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"the archive is cut off or damaged: {error}", where=str(path), cure="download or pack it again") from None
    return target


def check_packing(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive of too many files, or one that is a bomb: packed so well that it holds nothing but repetition.

    Raises
    ------
    DataError
        With the file that is so.
    """
    parts = archive.infolist()
    if len(parts) > limits.ARCHIVE_FILES:
        raise DataError(
            f"the archive holds {len(parts):,} files",
            where=str(path),
            cure=f"up to {limits.ARCHIVE_FILES:,} are read (SALESQC_ARCHIVE_FILES)",
        )
    if sum(part.file_size for part in parts) > limits.FILE_BYTES and path.suffix.lower() != ".zip":
        raise DataError(
            f"the file unpacks to {sum(part.file_size for part in parts) / limits.GB:.1f} GB",
            where=str(path),
            cure="split the export (SALESQC_FILE_BYTES)",
        )
    for part in parts:
        check_ratio(part.file_size, part.compress_size, f"{path}/{part.filename}")


def check_ratio(size: int, packed: int, where: str) -> None:
    """Refuse what unpacks to far more than it is.

    Raises
    ------
    DataError
        It is larger than 100 MB, and more than so many times larger than packed.
    """
    if size > 100 * limits.MB and size > limits.PACKED_RATIO * max(packed, 1):
        raise DataError(
            f"the file unpacks to {size / limits.MB:,.0f} MB from {packed / limits.MB:.1f} MB: it holds nothing but repetition",
            where=where,
            cure="unpack it and look; a real export is packed to a tenth or so (SALESQC_PACKED_RATIO)",
        )


def _copy(source: IO[bytes] | gzip.GzipFile, out: IO[bytes], path: Path, packed: int) -> None:
    """Unpack, and count meanwhile: what an archive says of its own size is not believed."""
    written = 0
    while block := source.read(1 << 20):
        written += len(block)
        if written > limits.FILE_BYTES:
            told = f"the file unpacks to more than {limits.FILE_BYTES / limits.GB:g} GB"
            raise DataError(told, where=str(path), cure="split the export (SALESQC_FILE_BYTES)")
        check_ratio(written, packed, str(path))
        out.write(block)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; Russian archivers write it in the code page of DOS without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return info.filename


def _is_junk(name: str) -> bool:
    return any(part in _JUNK or part.startswith("._") for part in PurePosixPath(name).parts)
