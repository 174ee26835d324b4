"""What the documentation shows is what tierproof reads."""

import re
from pathlib import Path

import pytest

from checker.blueprints.files import File
from checker.model.record import Comment
from checker.report import diff_json
from checker.settings.comments import inline_waivers
from checker.settings.settings import settings_of
from checker.settings.waivers import parse_waivers
from checker.starters.settings import TEXT as SETTINGS
from checker.starters.waivers import TEXT as WAIVERS

DOCS = Path(__file__).parents[2] / "docs"
RULES = ("NET005", "DAT004", "NET001", "AZ001", "SES001", "EDG002")


def example(name: str, language: str) -> str:
    """Return the first example of a language in a page."""
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_waivers() -> None:
    assert len(parse_waivers(File("waivers.md", example("waivers.md", "yaml").encode()), RULES)) == 2


def test_inline_waiver() -> None:
    found, notes = inline_waivers([Comment("waivers.md", 1, 3, example("waivers.md", "hcl"))], RULES)

    assert (len(found), notes) == (1, ())


def test_settings_have_every_key(tmp_path: Path) -> None:
    path = tmp_path / "tierproof.toml"
    path.write_text(example("settings.md", "toml"), encoding="utf-8")

    assert set(settings_of(path, RULES).lines) == {
        *("blueprint", "select", "ignore", "waivers", "inline_waivers"),
        *("fail_on", "allow_unknown", "allow_no_stack", "all_stacks"),
    }


@pytest.mark.parametrize("word", [diff_json.SCHEMA, "trend", "why", "appeared", "disappeared", "exit_codes", "notes"])
def test_contract_of_the_difference_is_described(word: str) -> None:
    assert f"`{word}`" in (DOCS / "diff.md").read_text(encoding="utf-8")


def test_starters_are_read_as_they_are_and_with_their_examples(tmp_path: Path) -> None:
    waivers = parse_waivers(File("waivers.yaml", WAIVERS.encode()), RULES)
    example_ = WAIVERS.partition("list:\n")[2].replace("# ", "").replace("[]\n", "")
    settings = tmp_path / "tierproof.toml"
    settings.write_text(re.sub(r"(?m)^# (\w+ = )", r"\1", SETTINGS), encoding="utf-8")

    assert waivers == ()
    assert len(parse_waivers(File("waivers.yaml", example_.encode()), RULES)) == 1
    assert set(settings_of(settings, (*RULES, "NET010")).lines) == {
        *("blueprint", "waivers", "ignore", "fail_on", "allow_unknown"),
    }
