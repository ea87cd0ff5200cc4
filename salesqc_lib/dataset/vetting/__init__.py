"""Vetting: what real exports hold that is not what it seems, put right or told before anything is measured (docs/reference/warnings.md)."""

from salesqc_lib.dataset.vetting.vet import Vetted, vet

__all__ = ["Vetted", "vet"]
