"""Records of several inputs of Terraform's as one: programs, plans and states that tell of one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checker.collect.terraform.records import DIALECT
from checker.collect.terraform.types import DATA, GLOBAL, family
from checker.model.fact import Missing
from checker.model.record import Collection, Record, Scope
from checker.model.symbol import Symbol


def placed(collections: Sequence[Collection]) -> tuple[Collection, ...]:
    """Return the collections with the places that some of Terraform's do not tell, where all others agree on them."""
    scopes = {record.scope for one in collections for record in one.records if record.dialect == DIALECT}
    account = _only({scope.account for scope in scopes})
    region = _only({scope.region for scope in scopes} - {GLOBAL})

    def place(scope: Scope) -> Scope:
        return Scope(scope.account or account, scope.region or region)

    return tuple(
        replace(
            one,
            records=tuple(
                replace(record, scope=place(record.scope)) if record.dialect == DIALECT else record
                for record in one.records
            ),
            gaps=tuple(replace(gap, scope=place(gap.scope)) for gap in one.gaps),
        )
        if any(record.dialect == DIALECT for record in one.records)
        else one
        for one in collections
    )


def _only(found: set[str]) -> str:
    named = found - {""}
    return next(iter(named)) if len(named) == 1 else ""


def completed(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return what two inputs tell of a thing, each with what only the other one knows.

    What is not known to one and known to the other is no contradiction, nor is what one of them leaves out.
    """
    here, there = dict(one), dict(other)
    for key in dict.fromkeys((*one, *other)):
        first, second = one.get(key), other.get(key)
        if _yields(first, second):
            here[key] = second
        elif _yields(second, first):
            there[key] = first
    return here, there


def _yields(value: object, to: object) -> bool:
    if value is None or isinstance(value, Missing):
        return True
    return isinstance(value, Symbol) and isinstance(to, str) and not isinstance(to, Symbol)


def without_strangers(records: Sequence[Record]) -> tuple[Record, ...]:
    """Return the records without those of things outside of one input that another input holds."""
    held = {
        (family(record.type), str(record.raw.get("id")))
        for record in records
        if record.dialect == DIALECT and not record.type.startswith(DATA)
    }
    return tuple(
        record
        for record in records
        if record.dialect != DIALECT
        or not record.type.startswith(DATA)
        or (family(record.type), str(record.raw.get("id"))) not in held
    )
