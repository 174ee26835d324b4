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
  script:
    - python -m pip install --quiet tierproof
    - tierproof check . --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --format text --format junit=tierproof.xml
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
