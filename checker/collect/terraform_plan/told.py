"""What a plan knows that its program does not: the values of variables, and what data sources found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.collect.hcl.instances import Answers
from checker.collect.hcl.instances import Instance as Evaluated
from checker.collect.hcl.root import Root
from checker.collect.hcl.values import Value
from checker.collect.hcl.workspace import expand
from checker.collect.source import Inputs
from checker.collect.terraform.instance import Instance
from checker.model.record import Comment


@dataclass(frozen=True)
class Told:
    """Values for the evaluation of a program: `variables` of its root by name, `found` by a data source's address."""

    variables: Mapping[str, object]
    found: Mapping[str, Mapping[str, object]]

    def tell(self, root: Root) -> None:
        """Let a root module be evaluated with these values, the last word for each."""
        root.given.texts.clear()
        root.given.hidden.clear()
        root.given.values.update(self.variables)  # type: ignore[arg-type]  # what JSON holds is a value
        if root.context.answers is not None:
            root.context.answers = _Answers(root.context.answers, self.found)


@dataclass(frozen=True)
class _Answers:
    """The answers of data sources: the plan's own, and for others what the configuration tells."""

    others: Answers
    found: Mapping[str, Mapping[str, object]]

    def attribute(self, instance: Evaluated, name: str) -> Value:
        known = self.found.get(instance.address)
        if known is None:
            return self.others.attribute(instance, name)
        return known.get(name)  # type: ignore[return-value]  # what JSON holds is a value

    def match(self, instance: Evaluated) -> Evaluated | None:
        return None if instance.address in self.found else self.others.match(instance)


@dataclass(frozen=True)
class Program:
    """The instances that a program comes to, by address, and the comments beside its lines."""

    instances: Mapping[str, Instance]
    comments: tuple[Comment, ...]


def evaluated(folder: Path, told: Told, source: str) -> Program:
    """Return what a program comes to with the values that a plan knows."""
    found = expand([folder], Inputs(), source, tell=told.tell)
    return Program({one.address: one for one in found.instances if not one.uncertain}, found.comments)
