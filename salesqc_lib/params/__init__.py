"""A client's parameters: a YAML file, read into a typed model with errors that name file, line and key."""

from salesqc_lib.params.model import Parameters
from salesqc_lib.params.reading import every_client, find, load, project, read

__all__ = ["Parameters", "every_client", "find", "load", "project", "read"]
