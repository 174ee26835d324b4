"""A copy of the default blueprint, to be changed."""

from checker.blueprints.load import shipped
from checker.starters.starter import Starter

STARTER = Starter(
    "blueprint",
    "tierproof-blueprint.yaml",
    "the documented architecture, to be adapted",
    lambda: shipped().read_text(encoding="utf-8"),
    "change tiers and flows, and name the file as blueprint in tierproof.toml",
)
