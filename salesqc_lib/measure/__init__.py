"""The waist: cards and facts go in, one tidy table comes out."""

from salesqc_lib.measure.cases import cases
from salesqc_lib.measure.definitions import definitions
from salesqc_lib.measure.measurement import Measurement, measure

__all__ = ["Measurement", "cases", "definitions", "measure"]
