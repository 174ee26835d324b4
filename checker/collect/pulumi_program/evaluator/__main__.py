"""Start of the evaluator: `PYTHON -u FOLDER DESCRIPTOR`, the request on standard input, events on the descriptor."""

import importlib
import importlib.util
import sys
from pathlib import Path

# The program's own modules may have any name, `errors` or `engine` among them: none of ours is importable by its own.
NAME = "_tierproof_evaluator"


def start(folder: Path) -> None:
    """Import the evaluator from its folder under a name that no program has, and run it."""
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != folder]
    first = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(NAME, first, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{NAME}.evaluation").main(int(sys.argv[1]))


if __name__ == "__main__":
    start(Path(__file__).resolve().parent)
