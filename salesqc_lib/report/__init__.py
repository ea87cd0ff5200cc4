"""From a notebook to a report: run it, export it, keep the manifest. This room knows notebooks by name and no KPI."""
