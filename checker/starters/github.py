"""A GitHub workflow that judges every pull request and shows findings in the diff and under code scanning."""

from checker.starters.starter import Starter

TEXT = """\
# Judges the Terraform of every pull request. Settings, blueprint and waivers are those of the base branch: a pull
# request cannot switch off its own check.
name: tierproof

on:
  pull_request:

permissions:
  contents: read
  security-events: write # for the findings under code scanning

jobs:
  tierproof:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
          fetch-depth: 0
      - uses: tierproof/tierproof@main
        with:
          path: .
      - uses: github/codeql-action/upload-sarif@v3
        # The token of a pull request from a fork may not write; the annotations are there all the same.
        if: always() && github.event.pull_request.head.repo.full_name == github.repository
        with:
          sarif_file: tierproof.sarif
          category: tierproof
"""

STARTER = Starter(
    "github",
    ".github/workflows/tierproof.yml",
    "a GitHub workflow for pull requests",
    lambda: TEXT,
    "pin tierproof/tierproof to a commit, and set path to the folder of your root module",
)
