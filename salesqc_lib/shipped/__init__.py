"""What comes with the package: the templates (`notebooks`) and the demo's parameters (`params`). In a checkout they stand beside it."""

from pathlib import Path
from typing import Literal

_HERE = Path(__file__).parent


def shipped(kind: Literal["notebooks", "params"]) -> Path:
    """The folder of what was shipped."""
    inside = _HERE / kind
    return inside if inside.is_dir() else _HERE.parents[1] / kind


def is_shipped(template: Path) -> bool:
    """Whether a template is one that comes with the package, to the letter."""
    own = shipped("notebooks") / template.name
    return own.is_file() and template.is_file() and own.read_bytes() == template.read_bytes()
