"""A git repository with a base that was reviewed, and a working tree that was not."""

import os
import subprocess
from pathlib import Path

import pytest

GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, without what the machine configures."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        [*GIT, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository whose commit `main` has settings and waivers; the working tree has other ones."""
    root = tmp_path / "repository"
    (root / "infra").mkdir(parents=True)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
    (root / "tierproof.toml").write_text('ignore = ["EDG002"]\nwaivers = "ci/waivers.yaml"\n', encoding="utf-8")
    (root / "ci").mkdir()
    (root / "ci" / "waivers.yaml").write_text("[]\n", encoding="utf-8")
    (root / "infra" / "main.tf").write_text("# nothing\n", encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "base")
    (root / "tierproof.toml").write_text('ignore = ["NET", "AZ", "DAT"]\n', encoding="utf-8")
    return root
