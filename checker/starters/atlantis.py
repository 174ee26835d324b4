"""An Atlantis workflow that judges the plan before anybody can apply it."""

from checker.starters.starter import Starter

TEXT = """\
# Belongs into the server's repos.yaml, where a pull request cannot change it, beside the settings it names.
# A step that ends with another code than 0 stops the workflow, so a plan with a FAIL or an UNKNOWN is never applied.
workflows:
  tierproof:
    plan:
      steps:
        - init
        - plan
        - run: terraform show -json "$PLANFILE" > "$SHOWFILE"
        - run: tierproof check "$SHOWFILE" --hcl "$DIR" --config /etc/tierproof/tierproof.toml
"""

STARTER = Starter(
    "atlantis",
    "atlantis-tierproof.yaml",
    "an Atlantis workflow that judges each plan",
    lambda: TEXT,
    "merge it into the server's repos.yaml and choose the workflow for your repositories",
)
