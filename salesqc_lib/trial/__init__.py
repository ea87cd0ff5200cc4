"""A trial tells what an export cannot: a random half of some open deals is attended to, and the halves are compared a month later."""

from salesqc_lib.trial.draw import KINDS, draw, folder_of
from salesqc_lib.trial.outcome import Outcome, outcomes

__all__ = ["KINDS", "Outcome", "draw", "folder_of", "outcomes"]
