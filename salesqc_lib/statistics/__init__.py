"""Statistics of a sales department: intervals, survival, shrinkage, peers. From kept libraries wherever they have them."""
