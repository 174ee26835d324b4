"""A pre-commit configuration that judges the configuration before it is committed."""

from checker.starters.starter import Starter

TEXT = """\
repos:
  - repo: https://github.com/tierproof/tierproof
    rev: main
    hooks:
      - id: tierproof
        args: [".", "--allow-unknown"]
"""

STARTER = Starter(
    "pre-commit",
    ".pre-commit-config.yaml",
    "a pre-commit hook",
    lambda: TEXT,
    "set rev to a release (pre-commit autoupdate) and run pre-commit install",
)
