"""Many reports: what is to be made, who makes it, and what is told of it. A report that would come out as it lies there is not made again."""
