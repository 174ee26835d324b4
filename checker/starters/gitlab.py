"""A GitLab job that judges every merge request and shows findings in its test report."""

from checker.starters.starter import Starter

TEXT = """\
# Include this from .gitlab-ci.yml:   include: [{local: .gitlab/tierproof.yml}]
# Settings, blueprint and waivers are those of the target branch: a merge request cannot switch off its own check.
tierproof:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"
    BASE: refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME
  script:
    - pip install --quiet tierproof # and not python -m pip, which would look for modules in this folder first
    - git fetch --quiet origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:$BASE"
    - rm -f tierproof.xml
    - tierproof check . --base "$BASE" --format text --format junit=tierproof.xml
  artifacts:
    when: always
    reports:
      junit: tierproof.xml
"""

STARTER = Starter(
    "gitlab",
    ".gitlab/tierproof.yml",
    "a GitLab job for merge requests",
    lambda: TEXT,
    "include the file from .gitlab-ci.yml",
)
