"""The JSON document that a data source makes of the statements written in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from checker.collect.hcl.asking import Asking
from checker.collect.hcl.functions.documents import jsondecode, jsonencode
from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}


def document(instance: Asking, name: str) -> Value:
    """Return the document as text, None for anything else that the data source has.

    Names in it that only an apply would settle stand there as symbols do in texts, and make the text one.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
    """
    if name not in ("json", "minified_json"):
        return None
    try:
        made = _document(instance)
        text = jsonencode(made)
    except UndecidedError as error:
        return error.missing
    except FailureError as error:
        return Missing(f"{instance.address}.{name} ({error})", "mend the document")
    return text if isinstance(text, Symbol) or name == "minified_json" else json.dumps(made, indent=2)


def _document(instance: Asking) -> dict[str, Value]:
    statements: list[Value] = []
    for source in _documents(instance, "source_policy_documents", "source_json"):
        _merge(statements, source)
    _merge(statements, [_statement(block) for block in _blocks(instance.given("statement"))])
    for override in _documents(instance, "override_policy_documents", "override_json"):
        _merge(statements, override)
    id_ = instance.given("policy_id")
    result: dict[str, Value] = {"Version": instance.given("version") or "2012-10-17"}
    return {**result, **({"Id": id_} if id_ else {}), "Statement": statements}


def _merge(statements: list[Value], added: list[Value]) -> None:
    """Add statements; one with the Sid of an earlier one takes its place."""
    for statement in added:
        sid = _sid(statement)
        same = [index for index, other in enumerate(statements) if sid and _sid(other) == sid]
        if same:
            statements[same[0]] = statement
        else:
            statements.append(statement)


def _sid(statement: Value) -> Value:
    return statement.get("Sid") if isinstance(statement, dict) else None


def _documents(instance: Asking, name: str, old: str) -> Iterator[list[Value]]:
    for value in (instance.given(old), instance.given(name)):
        if value is None:
            continue
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Missing):
                raise UndecidedError(item)
            found = jsondecode(item) if item else {}
            statements = found.get("Statement", []) if isinstance(found, dict) else []
            yield statements if isinstance(statements, list) else [statements]


def _blocks(value: Value) -> Iterator[dict[str, Value]]:
    for block in value if isinstance(value, list) else ():
        if isinstance(block, dict):
            yield block
        elif isinstance(block, Missing):
            raise UndecidedError(block)
    if isinstance(value, Missing):
        raise UndecidedError(value)


def _statement(block: Mapping[str, Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    if block.get("sid"):
        result["Sid"] = block["sid"]
    result["Effect"] = block.get("effect") or "Allow"
    for field, key in _LISTS.items():
        values = _texts(block.get(field))
        if values:
            result[key] = values
    for field, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _principals(block.get(field))
        if principals is not None:
            result[key] = principals
    conditions: dict[str, Value] = {}
    for one in _blocks(block.get("condition")):
        test = conditions.setdefault(str(one.get("test")), {})
        if isinstance(test, dict):
            test[str(one.get("variable"))] = _texts(one.get("values"), is_sorted=False)
    if conditions:
        result["Condition"] = conditions
    return result


def _principals(value: Value) -> Value:
    found: dict[str, Value] = {}
    for one in _blocks(value):
        names, type_ = _texts(one.get("identifiers")), str(one.get("type"))
        if type_ == "*" and names == "*":
            return "*"
        found[type_] = names
    return found or None


def _texts(value: Value, *, is_sorted: bool = True) -> Value:
    """Return a list of texts as the document spells it: one alone without brackets, `&{` as `${`."""
    if isinstance(value, Missing):
        raise UndecidedError(value)
    if not isinstance(value, list):
        return value
    texts = [item.replace("&{", "${") if type(item) is str else item for item in value]
    if is_sorted and all(isinstance(item, str) for item in texts):
        texts.sort(key=str, reverse=True)  # as the provider writes them
    return texts[0] if len(texts) == 1 else texts
