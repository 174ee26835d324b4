"""A whole plan, in the form that `terraform show -json PLAN` writes.

Source: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.collect.as_plan.declared import Declared
from checker.collect.as_plan.expressions import Expressions
from checker.collect.as_plan.names import Names
from checker.collect.as_plan.providers import Providers, full_name
from checker.collect.as_plan.values import Told, told_of, unknowns
from checker.collect.terraform.instance import Instance

# The form is Terraform 1.11's; minor versions only add to it.
FORMAT, TERRAFORM = "1.2", "1.11.4"
Json = dict[str, object]


@dataclass(frozen=True)
class Plan:
    """A plan, the instance that each address in it stands for, and how many values are neither known nor names."""

    document: Mapping[str, object]
    instances: Mapping[str, Instance]
    unknown: int = 0


def plan_of(declared: Declared) -> Plan:
    """Return a plan that brings about what is declared, or that changes nothing of what stands already.

    What is not known is marked as known after the apply, and secrets are marked as sensitive and not told. A plan
    beside which something could not be read is marked as not complete.
    """
    names = Names(declared.instances)
    expressions = Expressions(names)
    providers = Providers.of(declared.instances)
    blocks = [_configured(one, names.of(one), expressions.of(one), providers) for one in declared.instances]
    asked: dict[str, set[str]] = {}
    for mention in expressions.mentioned:
        asked.setdefault(mention.address, set()).add(mention.attribute.partition(".")[0])
    resources = [_Resource.of(one, names, asked, stands=declared.stands) for one in declared.instances]
    planned = [one for one in resources if not one.is_read]
    root = {"resources": [one.planned() for one in planned]}
    document: Json = {
        "format_version": FORMAT,
        "terraform_version": TERRAFORM,
        "planned_values": {"root_module": root},
        "resource_changes": [one.change(stands=declared.stands) for one in planned if not one.instance.uncertain],
        "deferred_changes": [
            {"reason": "instance_count_unknown", "resource_change": one.change(stands=declared.stands)}
            for one in planned
            if one.instance.uncertain
        ],
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": TERRAFORM,
            "values": {"root_module": {"resources": [one.planned() for one in resources if one.is_read]}},
        },
        "configuration": {"provider_config": providers.document, "root_module": {"resources": blocks}},
        "complete": not declared.gaps,
        "errored": False,
    }
    unknown = sum(unknowns(one.values) for one in declared.instances if not one.is_data)
    return Plan(document, {names.of(one): one for one in declared.instances}, unknown)


def _configured(instance: Instance, address: str, expressions: Json, providers: Providers) -> Json:
    return {
        **_head(instance, address),
        "provider_config_key": providers.key(instance),
        "expressions": expressions,
        "schema_version": 0,
    }


def _head(instance: Instance, address: str) -> Json:
    mode = "data" if instance.is_data else "managed"
    return {"address": address, "mode": mode, "type": instance.type, "name": address.rpartition(".")[2]}


@dataclass(frozen=True)
class _Resource:
    """One instance as the parts of a plan tell it."""

    instance: Instance
    address: str
    told: Told
    shown: object

    @classmethod
    def of(cls, instance: Instance, names: Names, asked: Mapping[str, set[str]], *, stands: bool) -> _Resource:
        """Return an instance whose attributes that others mention are marked as not known where they are not set."""
        found = told_of(instance.values)
        known = found.known if isinstance(found.known, Mapping) else {}
        marks = dict(found.unknown) if isinstance(found.unknown, Mapping) else {}
        open_ = asked.get(names.of(instance), set()) | (set() if stands else {"id"})
        marks.update((name, True) for name in sorted(open_) if name not in known and name not in marks)
        shown = told_of({key: names.readable(value) for key, value in instance.values.items()}).known
        return cls(instance, names.of(instance), Told(known, marks, found.sensitive), shown)

    @property
    def is_read(self) -> bool:
        """Tell whether it is a data source whose answer is known, and so was there before the plan."""
        return self.instance.is_data and not _has_mark(self.told.unknown)

    def planned(self) -> Json:
        """Return it as planned values tell it."""
        return {
            **_head(self.instance, self.address),
            "provider_name": full_name(self.instance.type),
            "schema_version": 0,
            "values": self.shown,
            "sensitive_values": self.told.sensitive,
        }

    def change(self, *, stands: bool) -> Json:
        """Return its change."""
        actions = ["read"] if self.instance.is_data else ["no-op"] if stands else ["create"]
        before = self.told.known if stands and not self.instance.is_data else None
        return {
            **_head(self.instance, self.address),
            "provider_name": full_name(self.instance.type),
            "change": {
                "actions": actions,
                "before": before,
                "after": self.told.known,
                "after_unknown": self.told.unknown,
                "before_sensitive": False if before is None else self.told.sensitive,
                "after_sensitive": self.told.sensitive,
            },
        }


def _has_mark(marks: object) -> bool:
    if isinstance(marks, Mapping):
        return any(map(_has_mark, marks.values()))
    return any(map(_has_mark, marks)) if isinstance(marks, list) else marks is True
