"""What every part of a parameter file is."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Any part of a parameter file: an unknown key is an error, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)
