"""Files at a revision: nothing of the working tree has a say, and nothing in it is run."""

import os
from pathlib import Path

import pytest

from checker.errors import ConfigurationError, UsageError
from checker.settings.revision import revision
from tests.settings.conftest import git


def test_file_is_read_as_it_is_at_the_revision(repository: Path) -> None:
    file = revision("main", repository / "infra").read(repository / "tierproof.toml")

    assert b"EDG002" in file.content
    assert file.source == f"tierproof.toml at {git(repository, 'rev-parse', 'main')[:12]}"


def test_file_that_only_the_working_tree_has_is_not_there(repository: Path) -> None:
    (repository / "mine.yaml").write_text("[]\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="no such file at this revision"):
        revision("main", repository).read(repository / "mine.yaml")


def test_link_of_the_working_tree_leads_nowhere(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "waivers.yaml").write_text("- everything\n", encoding="utf-8")
    git(repository, "rm", "-r", "-q", "--cached", "ci")
    (repository / "ci" / "waivers.yaml").unlink()
    (repository / "ci").rmdir()
    (repository / "ci").symlink_to(outside, target_is_directory=True)

    file = revision("main", repository).read(repository / "ci" / "waivers.yaml")

    assert file.content == b"[]\n"


def test_link_in_the_revision_is_refused(repository: Path) -> None:
    (repository / "link.yaml").symlink_to("/etc/passwd")
    git(repository, "add", "link.yaml")
    git(repository, "commit", "-q", "-m", "link")

    with pytest.raises(ConfigurationError, match="symbolic link"):
        revision("main", repository).read(repository / "link.yaml")


def test_folder_is_refused(repository: Path) -> None:
    with pytest.raises(ConfigurationError, match="this is a folder"):
        revision("main", repository).read(repository / "ci")


def test_file_outside_of_the_repository_is_read_from_the_disk(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("[]\n", encoding="utf-8")

    assert revision("main", repository).read(tmp_path / "mine.yaml").source == str(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    "name", ["", "--output=/tmp/owned", "-h", "no-such-branch", "main:tierproof.toml", "main..main"]
)
def test_what_is_no_commit_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(UsageError):
        revision(name, repository)


def test_tag_and_short_id_are_revisions(repository: Path) -> None:
    git(repository, "tag", "-a", "v1", "-m", "v1")
    commit = git(repository, "rev-parse", "main")

    assert revision("v1", repository).commit == revision(commit[:8], repository).commit == commit


def test_name_that_others_can_give_to_a_commit_of_theirs_is_refused(repository: Path) -> None:
    commit = git(repository, "rev-parse", "main")
    git(repository, "update-ref", "refs/remotes/origin/main", commit)
    git(repository, "commit", "-q", "-a", "-m", "theirs")
    for name in ("origin/main", commit[:8], commit):
        git(repository, "update-ref", f"refs/heads/{name}", "HEAD")

    for name in ("origin/main", "origin/main~0", commit[:8]):
        with pytest.raises(UsageError, match="more than one"):
            revision(name, repository)
    assert revision("refs/remotes/origin/main", repository).commit == revision(commit, repository).commit == commit


def test_repository_that_the_tree_chooses_is_refused(repository: Path) -> None:
    git(repository.parent, "clone", "-q", str(repository), "theirs")
    add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--force")
    git(repository, *add, str(repository.parent / "theirs"), "data")

    with pytest.raises(UsageError, match="is a submodule"):
        revision("main", repository / "data")
    assert revision("main", repository).root == repository.resolve()


def test_folder_without_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UsageError, match="no git repository"):
        revision("main", tmp_path)


def test_repository_of_the_path_counts_and_not_that_of_the_environment(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))

    assert revision("main", repository).root == repository.resolve()


def test_nothing_that_the_repository_configures_is_run(repository: Path, tmp_path: Path) -> None:
    program = tmp_path / "owned.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'owned'}\n", encoding="utf-8")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "filter.evil.smudge"):
        git(repository, "config", key, str(program))
    (repository / ".gitattributes").write_text("* filter=evil\n", encoding="utf-8")
    hooks = repository / ".git" / "hooks"
    for hook in ("post-checkout", "reference-transaction", "fsmonitor-watchman"):
        (hooks / hook).write_bytes(program.read_bytes())
        (hooks / hook).chmod(0o755)

    revision("main", repository).read(repository / "tierproof.toml")

    assert not (tmp_path / "owned").exists()


def test_folder_that_pretends_to_be_a_repository_is_none(repository: Path) -> None:
    fake = repository / "infra" / "fake"
    git(repository, "init", "-q", "--bare", str(fake))

    found = None
    try:
        found = revision("main", fake)
    except UsageError as error:
        assert "repository" in str(error)  # noqa: PT017  # git before 2.38 takes the outer one, later ones refuse

    assert found is None or found.root == repository.resolve()


def test_content_that_the_clone_lacks_is_an_error_and_not_an_empty_file(repository: Path) -> None:
    blob = git(repository, "rev-parse", "main:tierproof.toml")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(ConfigurationError, match="cannot be read"):
        revision("main", repository).read(repository / "tierproof.toml")


def test_git_of_the_tree_is_not_run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = git(repository, "rev-parse", "main")
    (repository / "git").write_text("#!/bin/sh\ntouch owned\n", encoding="utf-8")
    (repository / "git").chmod(0o755)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")

    assert revision("main", repository).commit == commit
    assert not (repository / "owned").exists()


def test_git_that_is_missing_is_said(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    with pytest.raises(UsageError, match="git is not installed"):
        revision("main", repository)
