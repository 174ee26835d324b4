"""One collection from previews: what there will be after the update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from checker.collect.pulumi.addresses import name_of, type_of
from checker.collect.pulumi.gathered import Gathered
from checker.collect.pulumi.leaving import Leaving
from checker.collect.pulumi.once import Stacks
from checker.collect.pulumi.providers import AWS
from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.pulumi.values import decode, is_told_later
from checker.collect.pulumi.wiring import wired
from checker.collect.pulumi_preview.planned import planned_of
from checker.collect.pulumi_preview.reading import preview_of
from checker.collect.source import Progress
from checker.collect.terraform.ledger import of_file
from checker.model.call import Listed
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Collection, Coverage, Gap, Origin, Scope, Status

NAME = "pulumi-preview"
_NOWHERE = Scope("", "")
# Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go (StepEventStateMetadata)
_DOCUMENT = "preview without PULUMI_ENABLE_STREAMING_JSON_PREVIEW, whose events do not tell what is made from what"


def collect(paths: Sequence[Path], kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.pulumi_preview.source.PreviewSource.collect` says, and raise what it raises."""
    return gathered(paths, progress).collection(kinds)


def gathered(paths: Sequence[Path], progress: Progress) -> Gathered:
    """Return all that the previews tell; raises as `collect` does.

    Several previews are one world: a stack may name what another one makes.
    """
    registered: list[Registered] = []
    gaps: list[Gap] = []
    lines: list[Coverage] = []
    gone: list[Registered] = []
    written: dict[str, frozenset[str]] = {}
    stacks = Stacks()
    for done, path in enumerate(paths):
        progress(str(path), done, len(paths))
        preview = preview_of(path)
        planned = planned_of(preview.steps, NAME, path)
        stacks.add(path, planned.registered)
        lines.append(of_file(NAME, path, sum(terraform_type(one.type) is not None for one in planned.registered)))
        for fault in preview.faults:
            item = f"the rest of {path}"
            gaps.append(Gap(ANYTHING, _NOWHERE, item, Status.UNREADABLE, fault.why, fault.supply))
            lines.append(Coverage(NAME, _NOWHERE, item, Status.UNREADABLE, 0, fault.why))
        gone.extend(planned.gone)
        written.update(planned.written)
        whole = map(_advised, planned.registered) if preview.is_stream else planned.registered
        registered.extend((*whole, *_defaults(planned.registered, preview.config)))
    return Gathered(
        name=NAME,
        registered=wired(registered),
        gaps=gaps,
        coverage=lines,
        paths=tuple(map(str, paths)),
        leaving=Leaving(gone, written),
    )


def _advised(one: Registered) -> Registered:
    """Return a resource of a stream, whose unknown values another form of the preview may tell."""
    return replace(one, properties={name: _otherwise(value) for name, value in one.properties.items()})


def _otherwise(value: object) -> object:
    if isinstance(value, Missing):
        return Missing(value.fact, _DOCUMENT) if is_told_later(value) else value
    if isinstance(value, Mapping):
        return {key: _otherwise(item) for key, item in value.items()}
    return [_otherwise(item) for item in value] if isinstance(value, list) else value


def _defaults(registered: Sequence[Registered], config: Mapping[str, object]) -> Iterator[Registered]:
    """Yield the default providers that resources name and no step tells: they have the configuration of the stack."""
    known = {one.urn for one in registered}
    own = decode({key.removeprefix("aws:"): value for key, value in config.items() if key.startswith("aws:")})
    for urn in sorted({one.provider.rpartition("::")[0] for one in registered} - known):
        if type_of(urn) == AWS:
            yield Registered(urn=urn, type=AWS, name=name_of(urn), properties=own, origin=Origin(NAME))
