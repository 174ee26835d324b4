"""A policy pack of a team's own, which judges by the rules of the tierproof that is installed."""

from checker.starters.starter import Starter

FOLDER = "tierproof-policies"
PROJECT = """\
# Source: https://www.pulumi.com/docs/iac/crossguard/policy-pack-project-file/
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: venv
version: 0.1.0
description: Proves that the stack keeps its documented tiers, before and after it is made
"""
REQUIREMENTS = """\
# Pin the version that you have tried.
tierproof[crossguard]
"""
MAIN = '''\
"""Tierproof's rules as policies of this project: pulumi preview --policy-pack tierproof-policies"""

import sys
from pathlib import Path

from checker.starters.shipped import shipped

sys.path.append(str(shipped("policies/crossguard")))

from tierproof_pack.server import serve  # noqa: E402  # it is found where tierproof is installed

if __name__ == "__main__":
    # blueprint="../tierproof-blueprint.yaml" judges by the one that tierproof init blueprint writes; blocks="every"
    # refuses each faulty store, listener and group before it is made, and not only those that a tag claims for a stack.
    serve(Path(__file__).parent)
'''

STARTER = Starter(
    "pulumi",
    f"{FOLDER}/PulumiPolicy.yaml",
    "a policy pack for pulumi preview and up",
    lambda: PROJECT,
    f"run pulumi install in {FOLDER}, then pulumi preview --policy-pack {FOLDER}",
    (
        (f"{FOLDER}/requirements.txt", lambda: REQUIREMENTS),
        (f"{FOLDER}/__main__.py", lambda: MAIN),
    ),
)
