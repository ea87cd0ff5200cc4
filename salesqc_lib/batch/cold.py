"""What the server of forks imports first: nothing that is imported afterwards is garbage, and looking for it costs a seventh of the time."""

import gc

gc.disable()  # `warm` ends with it enabled
