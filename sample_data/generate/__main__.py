"""Write the exports: `python -m sample_data.generate [WORKSPACE]`."""

import sys
from pathlib import Path

from sample_data.generate.exports import exports
from sample_data.generate.writing import write


def main(arguments: list[str]) -> None:
    """Write every export below the workspace that is named, else the committed one."""
    default = Path(__file__).parent.parent / "workspace"
    workspace = Path(arguments[0]) if arguments else default
    for name, text in exports():
        write(workspace / "exports" / name, text)


if __name__ == "__main__":
    main(sys.argv[1:])
