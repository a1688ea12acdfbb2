"""``python -m iagkit`` and the command ``iagkit``."""

from iagkit.cli import main

if __name__ == "__main__":
    main()
