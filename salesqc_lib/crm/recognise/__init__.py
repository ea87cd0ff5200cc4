"""What a client's files are: which CRM wrote them, which table each holds, what its columns and words mean, and how sure that is."""

from salesqc_lib.crm.recognise.draft import Draft
from salesqc_lib.crm.recognise.drafting import draft

__all__ = ["Draft", "draft"]
