"""One invented department, and how each CRM would export it: what `init --yes` makes of it must lead to the same totals."""
