"""`python -m salesqc_lib.cli` is the command `salesqc`."""

import sys

from salesqc_lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
