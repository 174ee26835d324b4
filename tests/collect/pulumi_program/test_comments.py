"""Which lines a comment of a program belongs to."""

from pathlib import Path

import pytest

from checker.collect.pulumi_program.comments import comments

WAIVER = '# tierproof:waive NET005 until=2030-01-01 reason="x"'
PROGRAM = f"""\
import pulumi

{WAIVER}
# another remark
first = Group(
    "first",
    vpc_id=vpc.id,
)
second = Group("second")  {WAIVER}
third = Group("third")
for name in names:
    {WAIVER}
    Group(
        name,
        text="{WAIVER.replace('"', "")}",
    )
fifth = Group(
    "fifth",
    ports=[22],  {WAIVER}
)
"""


def test_comment_belongs_to_the_statement_that_it_stands_in_or_above(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    found = {one.at: (one.line, one.end_line) for one in comments([str(file)])}

    assert found == {3: (3, 8), 9: (9, 9), 12: (12, 16), 19: (17, 20)}


@pytest.mark.parametrize("text", ["x = (", "\0", '"""', "  x = 1\n y = 2"])
def test_file_that_cannot_be_read_has_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "program.py"
    file.write_text(f"{WAIVER}\n{text}\n", encoding="utf-8")

    assert comments([str(file), str(tmp_path / "nowhere.py")]) == ()
