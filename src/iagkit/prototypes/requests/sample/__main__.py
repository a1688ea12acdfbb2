"""Write the sample: ``python -m iagkit.prototypes.requests.sample DIRECTORY``."""

import sys

from iagkit.prototypes.requests.sample import write

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Expected one folder, as in: python -m iagkit.prototypes.requests.sample OUT")
    print(write(sys.argv[1]))  # noqa: T201
