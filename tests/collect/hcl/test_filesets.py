"""A list of files is whole, or it is not known: one that was left out would be an instance that nobody judges."""

from pathlib import Path

from checker.collect.hcl.files import RootFiles
from checker.collect.hcl.tree import Tree
from checker.model.fact import Missing


def files(folder: Path) -> RootFiles:
    for name in ("a.json", "b.json", "c.txt"):
        (folder / name).write_text("{}", encoding="utf-8")
    return RootFiles(folder, Tree.around(folder))


def test_choices_are_listed_once_and_in_order(tmp_path: Path) -> None:
    assert files(tmp_path).match(".", "{b,a}.{json,txt}") == ["a.json", "b.json"]


def test_more_choices_than_are_tried_are_not_cut_off(tmp_path: Path) -> None:
    pattern = "{" + ",".join(f"n{number}" for number in range(150)) + ",a}.json"

    assert isinstance(files(tmp_path).match(".", pattern), Missing)


def test_links_out_of_the_repository_are_listed_by_terraform_and_cannot_be_read_here(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "repository"
    outside.mkdir()
    folder.mkdir()
    (outside / "d.json").write_text("{}", encoding="utf-8")
    listed = files(folder)
    (folder / "d.json").symlink_to(outside / "d.json")
    (folder / "e.json").symlink_to(folder / "a.json")
    (folder / "folder").symlink_to(outside)

    assert listed.match(".", "[ae].json") == ["a.json", "e.json"]
    assert listed.match(".", "f*") == []
    found = listed.match(".", "*.json")
    assert isinstance(found, Missing)
    assert "d.json" in found.fact
