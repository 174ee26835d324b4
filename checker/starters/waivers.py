"""A list of waivers with its one entry explained."""

from checker.starters.starter import Starter

TEXT = """\
# Each waiver accepts one known risk until a day: rule, subject (id, address or pattern), reason, owner, until.
# One that is over or that nothing matches is reported. Put entries such as this one in the place of the empty list:
# - rule: NET005
#   subject: aws_db_instance.reporting
#   reason: the reporting tool connects from the office until it has moved
#   owner: data team
#   until: 2027-01-31
[]
"""

STARTER = Starter(
    "waivers",
    "tierproof-waivers.yaml",
    "a list of accepted risks",
    lambda: TEXT,
    "name it under waivers in tierproof.toml, or give --waivers",
)
