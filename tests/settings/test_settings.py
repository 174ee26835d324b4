"""Settings: what they may say, the line of what they may not, and where they are read from."""

from pathlib import Path

import pytest

from checker.errors import ConfigurationError
from checker.settings.revision import revision
from checker.settings.settings import lying_about, settings_at, settings_of
from tests.settings.conftest import git

WORDS = ("NET005", "database-reachable-from-elsewhere", "NET001", "AZ001", "EDG002")


def written(folder: Path, text: str, name: str = "tierproof.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key(tmp_path: Path) -> None:
    text = """
blueprint = "policies/mine.yaml"
select = ["NET", "AZ001"]
ignore = "database-reachable-from-elsewhere"
waivers = ["a.yaml", "b.yaml"]
inline_waivers = true
fail_on = "medium"
allow_unknown = true
allow_no_stack = false
all_stacks = true
"""
    found = settings_of(written(tmp_path, text), WORDS)

    assert found.blueprint == tmp_path / "policies" / "mine.yaml"
    assert found.select == ("NET", "AZ001")
    assert found.ignore == ("database-reachable-from-elsewhere",)
    assert found.waivers == (tmp_path / "a.yaml", tmp_path / "b.yaml")
    assert (found.inline_waivers, found.allow_unknown, found.allow_no_stack, found.all_stacks) == (
        True,
        True,
        False,
        True,
    )
    assert found.fail_on == "medium"
    assert [document.kind for document in found.documents] == ["settings"]


def test_table_of_a_pyproject(tmp_path: Path) -> None:
    text = '[project]\nname = "a"\n\n[tool.tierproof]\nselect = ["NET"]\n'

    assert settings_of(written(tmp_path, text, "pyproject.toml"), WORDS).select == ("NET",)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('select = ["NET"]\nselct = ["AZ"]\n', 2, "unknown key 'selct'"),
        ('\n\nfail_on = "severe"\n', 3, "fail_on cannot be 'severe'"),
        ("allow_unknown = 1\n", 1, "allow_unknown must be true or false, not a whole number"),
        ("blueprint = ['a']\n", 1, "blueprint must be text, not a list"),
        ("waivers = [1]\n", 1, "waivers must be text, not a whole number"),
        ('blueprint = ""\n', 1, "blueprint is empty"),
        ('\nignore = ["NET005", "NOPE"]\n', 2, "no rule is called 'NOPE'"),
        ('select = ["NET"]\nselect = ["AZ"]\n', 2, "not valid TOML"),
        ("select = [\n", 2, "not valid TOML"),
        ("# é\nselect = ['\udcff']\n", 2, "not UTF-8"),
        ("[tool.tierproof]\nselect = 'NET'\n", 1, "unknown key 'tool'"),
    ],
)
def test_fault_has_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = tmp_path / "tierproof.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(ConfigurationError) as caught:
        settings_of(path, WORDS)

    assert what in caught.value.what
    assert caught.value.where == f"{path}:{line}"


def test_line_of_a_fault_in_a_pyproject(tmp_path: Path) -> None:
    path = written(tmp_path, '[tool.other]\nfoo = 1\n[tool.tierproof]\nselect = "NET"\nfoo = 1\n', "pyproject.toml")

    with pytest.raises(ConfigurationError) as caught:
        settings_of(path, WORDS)

    assert caught.value.where == f"{path}:5"


def test_pyproject_without_the_table_is_refused_when_it_was_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no table"):
        settings_of(written(tmp_path, "[project]\n", "pyproject.toml"), WORDS)


@pytest.mark.parametrize("name", ["", "missing.toml"])
def test_folder_and_missing_file_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"this is a folder|no such file"):
        settings_of(tmp_path / name, WORDS)


def test_base_decides_and_not_the_tree(repository: Path) -> None:
    base = revision("main", repository)

    found = settings_at(base, repository / "infra", WORDS)

    assert found is not None
    assert found.ignore == ("EDG002",)
    assert found.documents[0].source == f"tierproof.toml at {base.label}"
    assert base.read(found.waivers[0]).content == b"[]\n"


def test_settings_that_the_tree_adds_are_not_seen_at_the_base(repository: Path) -> None:
    written(repository / "infra", 'select = ["AZ001"]\n')

    found = settings_at(revision("main", repository), repository / "infra", WORDS)

    assert found is not None
    assert found.select == ()


def test_link_of_the_tree_does_not_choose_other_settings_of_the_base(repository: Path) -> None:
    (repository / "sandbox").mkdir()
    written(repository / "sandbox", 'ignore = ["NET", "AZ"]\n')
    git(repository, "add", "sandbox")
    git(repository, "commit", "-q", "-m", "sandbox")
    (repository / "infra").rename(repository / "moved")
    (repository / "infra").symlink_to("sandbox", target_is_directory=True)

    found = settings_at(revision("main", repository), repository / "infra", WORDS)

    assert found is not None
    assert found.ignore == ("EDG002",)


def test_path_that_leads_into_the_repository_from_outside_finds_its_settings(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "door").symlink_to(repository / "infra", target_is_directory=True)

    found = settings_at(revision("main", tmp_path / "door"), tmp_path / "door", WORDS)

    assert found is not None
    assert found.ignore == ("EDG002",)


def test_settings_that_are_a_link_at_the_base_are_not_passed_over(repository: Path) -> None:
    (repository / "infra" / "tierproof.toml").symlink_to("../tierproof.toml")
    git(repository, "add", "infra")
    git(repository, "commit", "-q", "-m", "link")

    with pytest.raises(ConfigurationError, match="symbolic link"):
        settings_at(revision("main", repository), repository / "infra", WORDS)


def test_base_without_settings(repository: Path) -> None:
    (repository / "tierproof.toml").unlink()
    git(repository, "commit", "-q", "-a", "-m", "none")
    written(repository, 'select = ["AZ001"]\n')

    assert settings_at(revision("main", repository), repository, WORDS) is None


def test_settings_about_are_found_up_to_the_root_of_the_repository(repository: Path) -> None:
    assert lying_about(repository / "infra" / "main.tf") == (repository / "tierproof.toml").resolve()


def test_pyproject_of_something_else_is_not_found(tmp_path: Path) -> None:
    written(tmp_path, "[project]\n", "pyproject.toml")

    assert lying_about(tmp_path) is None
