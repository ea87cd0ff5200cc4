"""A parameter file before it is believed: its size, its depth, what its aliases unfold to, and letters that nobody can read."""

from pathlib import Path
from typing import Any

import yaml

from salesqc_lib import limits
from salesqc_lib.errors import ParameterError
from salesqc_lib.letters import unreadable_in
from salesqc_lib.locations import shown

Key = tuple[str | int, ...]


def text_of(path: Path) -> str:
    """The text of a parameter file.

    Raises
    ------
    ParameterError
        It is no file, too large, or not UTF-8.
    """
    try:
        if not path.is_file():
            raise ParameterError("this is no file", where=shown(path), cure="name a YAML file")
        if path.stat().st_size > limits.PARAMETER_BYTES:
            raise ParameterError(
                f"the file has {path.stat().st_size:,} bytes", where=shown(path), cure="is it a parameter file? (SALESQC_PARAMETER_BYTES)"
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ParameterError("the file is not UTF-8", where=shown(path), cure="save it as UTF-8") from None
    except OSError as error:
        raise ParameterError(f"the file cannot be read: {error.strerror}", where=shown(path), cure="check its rights") from None


def check_size(text: str, path: str) -> None:
    """Refuse what unfolds to more than a file of parameters can mean: aliases of aliases, blocks in blocks without end.

    Raises
    ------
    ParameterError
        With the line.
    """
    sizes: dict[str, int] = {}  # of what an anchor names
    blocks: list[tuple[str | None, int]] = [(None, 0)]  # those that are open: their anchor, and the values in them so far
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = f"{path}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.CollectionStartEvent):
            blocks.append((event.anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = blocks.pop()
            _add(blocks, sizes, anchor, size)
        elif isinstance(event, yaml.AliasEvent):
            _add(blocks, sizes, None, _size_of_alias(str(event.anchor), sizes, line))
        elif isinstance(event, yaml.ScalarEvent):
            _add(blocks, sizes, event.anchor, 1)
        if len(blocks) > limits.PARAMETER_DEPTH:
            raise ParameterError("too many blocks, one inside another", where=line, cure="no key lies so deep (SALESQC_PARAMETER_DEPTH)")
        if sum(size for _, size in blocks) > limits.PARAMETER_NODES:
            told = f"the {'aliases unfold to' if sizes else 'file has'} too many values"
            raise ParameterError(told, where=line, cure="write the values out, each once (SALESQC_PARAMETER_NODES)")


def _size_of_alias(anchor: str, sizes: dict[str, int], line: str) -> int:
    if anchor not in sizes:
        told = f"the alias *{anchor} stands for a block that it is part of, or for none"
        raise ParameterError(told, where=line, cure="write the values out")
    return sizes[anchor]


def _add(blocks: list[tuple[str | None, int]], sizes: dict[str, int], anchor: str | None, size: int) -> None:
    above, so_far = blocks[-1]
    blocks[-1] = (above, so_far + size)
    if anchor:
        sizes[anchor] = size


def check_letters(value: Any, lines: dict[Key, int], path: str, key: Key = ()) -> None:
    """Refuse texts with letters that cannot be read: they would reach a page, a file name or a comparison unseen.

    Raises
    ------
    ParameterError
        With the line, and the name of the letter.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            check_letters(str(name), lines, path, (*key, name))
            check_letters(inner, lines, path, (*key, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            check_letters(inner, lines, path, (*key, place))
    elif isinstance(value, str) and (found := unreadable_in(value)):
        line = next(lines[key[:size]] for size in range(len(key), -1, -1) if key[:size] in lines)
        raise ParameterError(
            f"{'.'.join(map(str, key))[:60]!r} holds a character that cannot be read: {found}",
            where=f"{path}:{line}",
            cure="delete it: it comes along when a text is copied from elsewhere",
        )
