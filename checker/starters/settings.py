"""Settings for a whole repository, read from an explicit path or from the base of a pull request."""

from checker.starters.starter import Starter

TEXT = """\
# Read with --config tierproof.toml, or with --base REV from that revision; never from the tree under review by itself.
# blueprint = "tierproof-blueprint.yaml"
# waivers = ["tierproof-waivers.yaml"]
# ignore = ["NET010"]
fail_on = "low"
allow_unknown = false
"""

STARTER = Starter(
    "settings",
    "tierproof.toml",
    "settings for a repository",
    lambda: TEXT,
    "commit it to the base branch; --base REV reads it from there",
)
