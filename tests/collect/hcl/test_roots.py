"""Which folders are root modules."""

from pathlib import Path

import pytest

from checker.collect.hcl.roots import roots
from checker.errors import SourceError
from tests.collect.hcl.programs import write

THING = 'resource "aws_vpc" "v" {}\n'


def names(path: Path) -> list[str]:
    return [str(root.relative_to(path)) for root in roots(path)]


def test_folders_that_others_call_are_no_roots(tmp_path: Path) -> None:
    files = {
        "envs/prod/main.tf": 'module "a" {\n  source = "../../modules/a"\n}\n',
        "envs/dev/main.tf": 'module "a" {\n  source = "../../modules/a/"\n}\n',
        "modules/a/main.tf": 'module "b" {\n  source = "./b"\n}\n',
        "modules/a/b/main.tf": THING,
        "modules/unused/main.tf": THING,
        "docs/readme.md": "nothing",
    }
    assert names(write(tmp_path, files)) == ["envs/dev", "envs/prod", "modules/unused"]


def test_a_called_folder_with_a_state_or_values_of_its_own_is_a_root_too(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "n" {\n  source = "./net"\n}\nmodule "v" {\n  source = "./vals"\n}\n'
        'module "c" {\n  source = "./child"\n}\n',
        "net/main.tf": 'terraform {\n  backend "s3" {}\n}\n' + THING,
        "vals/main.tf": THING,
        "vals/prod.tfvars": "x = 1\n",
        "child/main.tf": THING,
    }
    assert names(write(tmp_path, files)) == [".", "net", "vals"]


def test_a_child_module_that_is_named_itself_is_a_root(tmp_path: Path) -> None:
    files = {"main.tf": 'module "a" {\n  source = "./a"\n}\n', "a/main.tf": THING}
    write(tmp_path, files)

    assert roots(tmp_path / "a") == (tmp_path / "a",)


def test_hidden_folders_copies_of_modules_and_things_that_are_no_configuration_are_left_out(tmp_path: Path) -> None:
    files = {
        "app/main.tf": THING,
        "app/.terraform/modules/vpc/main.tf": THING,
        "app/.terraform/modules/vpc/examples/simple/main.tf": THING,
        ".hidden/main.tf": THING,
        "tests/x.tftest.hcl": "run {}\n",
        "node_modules/x/main.tf": THING,
        "versions/versions.tf": "terraform {}\n",
        "backup/main.tf~": THING,
        "dir.tf/inner.txt": "a folder whose name ends in .tf",
    }
    assert names(write(tmp_path, files)) == ["app"]


def test_loops_of_links_come_to_an_end(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": THING, "b/main.tf": THING})
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "loop.tf").symlink_to(tmp_path / "loop.tf")

    assert names(tmp_path) == [".", "a", "b"] or names(tmp_path) == ["a", "b"]


def test_a_file_is_itself_and_an_empty_folder_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": THING})
    (tmp_path / "empty").mkdir()

    assert roots(tmp_path / "main.tf") == (tmp_path / "main.tf",)
    assert roots(tmp_path / "empty") == ()


def test_a_folder_whose_files_cannot_be_read_may_hold_anything(tmp_path: Path) -> None:
    write(tmp_path / "repository", {"app/main.tf": THING, "data/versions.tf": "terraform {}"})
    outside = tmp_path / "outside.tf"
    outside.write_text(THING, encoding="utf-8")
    (tmp_path / "repository" / "data" / "main.tf").symlink_to(outside)

    assert names(tmp_path / "repository") == ["app", "data"]


def test_more_folders_than_are_looked_into_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.collect.hcl.roots.MOST_FOLDERS", 2)
    write(tmp_path, {f"{name}/main.tf": THING for name in "abc"})

    with pytest.raises(SourceError, match="more than 2 folders"):
        roots(tmp_path)
