"""Look-ups whose failure a program handles: what it does then is not seen."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from checker.collect.pulumi_program.evaluator.guards import is_guarded
from checker.collect.pulumi_program.evaluator.positions import Positions

PROGRAM = """\
def find():
    return look_up()

{0}
"""


def guarded(folder: Path, source: str) -> bool:
    """Run a program whose `look_up` is where the SDK would be asked."""
    file = folder / "__main__.py"
    file.write_text(PROGRAM.format(source))
    frames: list[FrameType] = []
    found: list[bool] = []

    def look_up() -> None:
        frames.append(sys._getframe(1))
        found.append(is_guarded(frames[-1], Positions(str(folder))))

    exec(compile(file.read_text(), str(file), "exec"), {"look_up": look_up})
    return found[0]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    look_up()\nexcept Exception:\n    pass",
        "try:\n    find()\nexcept:\n    print('made')",
        "try:\n    find()\nexcept (ValueError, Exception) as error:\n    print(error)\nfinally:\n    print('done')",
    ],
)
def test_a_program_that_goes_on_when_a_look_up_fails_is_found_out(tmp_path: Path, source: str) -> None:
    assert guarded(tmp_path, source)


@pytest.mark.parametrize(
    "source",
    [
        "find()",
        "try:\n    pass\nexcept Exception:\n    pass\nfind()",
        "try:\n    pass\nexcept Exception:\n    pass\nelse:\n    find()",
        "try:\n    find()\nfinally:\n    print('done')",
        "try:\n    find()\nexcept KeyError:\n    pass",
        "try:\n    find()\nexcept Exception as error:\n    raise RuntimeError('no such group') from error",
        "import sys\ntry:\n    find()\nexcept Exception:\n    print('no such group')\n    sys.exit(1)",
    ],
)
def test_a_program_that_ends_then_hides_nothing(tmp_path: Path, source: str) -> None:
    assert not guarded(tmp_path, source)
