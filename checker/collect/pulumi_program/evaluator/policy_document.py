"""The JSON of an IAM policy that a program writes as a data source: computed, not looked up.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from .values import is_unknown, revealed


def policy_document(arguments: Mapping[str, object], _region: str) -> dict[str, object] | None:
    """Return the answer of `aws:iam/getPolicyDocument`, None where a document that it merges is no JSON."""
    if is_unknown(dict(arguments)):
        return None
    try:
        sources = [_parsed(text) for text in _items(arguments.get("sourcePolicyDocuments"))]
        overrides = [_parsed(text) for text in _items(arguments.get("overridePolicyDocuments"))]
        for each, documents in (("sourceJson", sources), ("overrideJson", overrides)):
            if arguments.get(each):
                documents.append(_parsed(arguments[each]))
    except (TypeError, ValueError):
        return None
    written = [_statement(each) for each in _items(arguments.get("statements")) if isinstance(each, Mapping)]
    document: dict[str, object] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    statements: list[dict[str, object]] = []
    for source in sources:
        statements.extend(_statements(source))
    statements.extend(written)
    for override in overrides:
        for statement in _statements(override):
            # A statement replaces the one of the same Sid, in its place.
            at = [
                n for n, each in enumerate(statements) if statement.get("Sid") and each.get("Sid") == statement["Sid"]
            ]
            statements[at[0] if at else len(statements) :] = [statement, *(statements[at[0] + 1 :] if at else [])]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    answer = {name: value for name, value in arguments.items() if value is not None}
    compact = json.dumps(document, separators=(",", ":"))
    return {**answer, "id": str(zlib.crc32(text.encode())), "json": text, "minifiedJson": compact}


def _parsed(text: object) -> Mapping[str, object]:
    parsed = json.loads(text) if isinstance(text, str) and text.strip() else {}
    if not isinstance(parsed, dict):
        raise TypeError(text)
    return parsed


def _statements(document: Mapping[str, object]) -> list[dict[str, object]]:
    found = document.get("Statement", [])
    return [dict(each) for each in (found if isinstance(found, list) else [found]) if isinstance(each, Mapping)]


def _items(value: object) -> list[object]:
    value = revealed(value)
    return [revealed(each) for each in value] if isinstance(value, list) else []


def _texts(value: object) -> object:
    """Return a list as IAM writes it: one item stands alone; `&{` is how the data source spells `${`."""
    texts = [str(each).replace("&{", "${") for each in _items(value)]
    return texts[0] if len(texts) == 1 else texts


def _statement(written: Mapping[str, object]) -> dict[str, object]:
    statement: dict[str, object] = {}
    if written.get("sid"):
        statement["Sid"] = written["sid"]
    statement["Effect"] = written.get("effect") or "Allow"
    for name in ("actions", "notActions", "resources", "notResources"):
        if written.get(name):
            statement[name[:1].upper() + name[1:-1]] = _texts(written[name])
    for name in ("principals", "notPrincipals"):
        if written.get(name):
            statement[name[:1].upper() + name[1:-1]] = _principals(written[name])
    conditions: dict[str, dict[str, object]] = {}
    for each in _items(written.get("conditions")):
        if isinstance(each, Mapping):
            conditions.setdefault(str(each.get("test")), {})[str(each.get("variable"))] = _texts(each.get("values"))
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(written: object) -> object:
    principals: dict[str, list[object]] = {}
    for each in _items(written):
        if isinstance(each, Mapping):
            principals.setdefault(str(each.get("type")), []).extend(_items(each.get("identifiers")))
    if principals == {"*": ["*"]}:
        return "*"
    return {kind: found[0] if len(found) == 1 else found for kind, found in principals.items()}
