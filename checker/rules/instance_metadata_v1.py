"""
Instance metadata version 1.

What it checks
    Launch templates and instances of the app require session tokens for instance metadata (IMDSv2). Where a template
    leaves it open, the image and the account's default decide, which is not known.

Why it matters
    One request forged through the app reads the role's keys from version 1.

How to fix
    Set HttpTokens to required in the launch template, or on the instance.

References
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.owners import templates
from checker.graph.stack import Member, subject_of
from checker.graph.view import View
from checker.model.fact import Answer, Known, Missing
from checker.model.finding import Outcome, Severity, Step, Subject, Violation, require
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.instance import Instance
from checker.resources.launch_configuration import LaunchConfiguration
from checker.resources.launch_template import LaunchTemplate
from checker.rules.interface import SubjectKind, rule


@dataclass(frozen=True, eq=False)
class Launch:
    """What app instances are launched from, or a single instance; None where the group's template was not read."""

    app: Member
    source: LaunchTemplate | LaunchConfiguration | Instance | None
    missing: tuple[Missing, ...] = ()


def _launches(view: View) -> Iterator[Launch]:
    seen: set[object] = set()
    for app in view.stack.tier("app"):
        if isinstance(app.owner, Instance):
            yield Launch(app, app.owner)
        elif isinstance(app.owner, AutoScalingGroup):
            found = templates(app.owner, view.graph.index)
            if not isinstance(found, Known):
                yield Launch(app, None, found.missing)
                continue
            for source in found.value:
                if source not in seen:
                    seen.add(source)
                    yield Launch(app, source)


def _subject(launch: Launch) -> Subject:
    if not isinstance(launch.source, LaunchTemplate):
        return subject_of(launch.source or launch.app.owner)
    # The template lasts, its versions come and go: the template is the subject.
    subject = subject_of(launch.source)
    name = launch.source.template_name.value if isinstance(launch.source.template_name, Known) else subject.name
    id = launch.source.template.value if isinstance(launch.source.template, Known) else subject.id
    return Subject(subject.kind, id, name, subject.scope, subject.arn, subject.tags, subject.origin)


LAUNCHES: SubjectKind[Launch] = SubjectKind(_launches, _subject)
OPEN = Missing(
    "HttpTokens", "set HttpTokens in the launch template: the image and the account's default decide otherwise"
)


@rule("APP001", subject=LAUNCHES, severity=Severity.MEDIUM)
def check(launch: Launch, view: View) -> Iterator[Outcome]:
    """Read HttpTokens."""
    name = _subject(launch).name
    violation = Violation(
        message=f"{name} lets instance metadata be read without a token",
        fix="Set MetadataOptions.HttpTokens to required.",
        path=(Step(name, "HttpTokens is not required", (launch.source or launch.app.owner).origin),),
    )
    if launch.source is None:
        yield from require(Answer(None, launch.missing), violation)
        return
    off = launch.source.imds_endpoint.is_("disabled")
    unset = launch.source.imds.holds(lambda tokens: tokens is None)
    required = Answer(None, (OPEN,)) if unset.is_yes else launch.source.imds.is_("required")
    seen = "has instance metadata off" if off.is_yes else "requires tokens for instance metadata"
    yield from require(off | required, violation, Step(name, seen))
