"""Waiver files: what they say, and the line of every fault."""

from datetime import date
from pathlib import Path

import pytest

from checker.blueprints.files import File, from_disk
from checker.errors import ConfigurationError
from checker.model.waiver import Waiver
from checker.settings.waivers import parse_waivers

RULES = {"NET005", "DAT002", "STACKS"}
GOOD = """\
- rule: NET005
  subject: aws_db_instance.*
  reason: the old office still reads reports
  owner: data team
  until: 2027-01-31
  stack: shop
"""


def waivers(text: str) -> tuple[Waiver, ...]:
    return parse_waivers(File("waivers.yaml", text.encode()), RULES)


def test_good_one() -> None:
    assert waivers("# known risks\n" + GOOD) == (
        Waiver(
            "NET005",
            "aws_db_instance.*",
            "the old office still reads reports",
            "data team",
            date(2027, 1, 31),
            "waivers.yaml:2",
            "shop",
        ),
    )


def test_none() -> None:
    assert waivers("[]\n") == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        *(
            (
                "".join(line for line in GOOD.splitlines(keepends=True) if f"{key}:" not in line).replace(
                    "  subject", "- subject", 1 if key == "rule" else 0
                ),
                1,
                f"the key '{key}' is missing",
            )
            for key in ("rule", "subject", "reason", "owner", "until")
        ),
        (GOOD + "  becouse: x\n", 7, "unknown key 'becouse'"),
        (GOOD.replace("NET005", "NET999"), 1, "there is no rule 'NET999'"),
        (GOOD.replace("2027-01-31", "2027-02-31"), 5, "'2027-02-31' is no date"),
        (GOOD.replace("2027-01-31", "31.1.2027"), 5, "is no date"),
        (GOOD.replace("2027-01-31", "2027-01-31T00:00:00Z"), 5, "is no date"),
        (GOOD.replace("data team", ""), 4, "owner is empty"),
        (GOOD.replace("data team", "''"), 4, "owner is empty"),
        (GOOD.replace("data team", "[a, b]"), 4, "owner must be text"),
        (GOOD.replace("data team", "17"), 4, "owner must be text"),
        (GOOD.replace("  reason", "  owner"), 4, "the key 'owner' is given twice"),
        ("rule: NET005\n", 1, "a waiver file is a list"),
        ("\n- NET005\n", 2, "a waiver is a mapping"),
        ("- {rule: [\n", 2, "not valid YAML"),
        ("", 1, "the file is empty"),
    ],
)
def test_fault_has_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        waivers(text)

    assert what in caught.value.what
    assert caught.value.where == f"waivers.yaml:{line}"


def test_file_that_is_no_text() -> None:
    with pytest.raises(ConfigurationError, match=r"waivers\.yaml:2: the file is not UTF-8"):
        parse_waivers(File("waivers.yaml", b"- rule: NET005\n  owner: \xff\n"), RULES)


@pytest.mark.parametrize("name", ["", "missing.yaml"])
def test_folder_and_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"this is a folder|no such file"):
        from_disk(tmp_path / name)
