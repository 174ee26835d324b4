"""One call: every page of it, and what went wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import jmespath  # type: ignore[import-untyped]  # it has no types
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from jmespath.parser import ParsedResult  # type: ignore[import-untyped]  # as above

from checker.collect.aws.actions import action_name
from checker.collect.aws.refusal import (
    FAULTS,
    Refusal,
    knows_no_such_operation,
    not_an_answer,
    refusal,
    refuses_page_token,
)
from checker.collect.aws.session import Endpoint
from checker.model.call import Call

SECRET_FIELD = "UserData"  # noqa: S105  # a field's name
# Output and input names of page tokens, for operations that botocore has no paginator of.
_TOKENS = (
    ("NextToken", "NextToken"),
    ("NextMarker", "Marker"),
    ("Marker", "Marker"),
    ("NextMarker", "NextMarker"),
    ("nextToken", "nextToken"),
)
Paging = tuple[tuple[str, ...], tuple[ParsedResult, ...], ParsedResult | None]

_compile = lru_cache(maxsize=None)(jmespath.compile)


@dataclass(frozen=True)
class Answer:
    """What a call gave, as far as it was read, and why there is no more; `unknown` says that there is no such call."""

    value: object
    refusal: Refusal | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Operation:
    """A declared call as one endpoint has it.

    `inputs` take the values of `outputs` for the next page, while `more` (where there is one) holds. `listing` is the
    field of the answer, a list, that the result is made of.
    """

    action: str
    method: Callable[..., Mapping[str, object]]
    result: ParsedResult
    inputs: tuple[str, ...]
    outputs: tuple[ParsedResult, ...]
    more: ParsedResult | None
    head: str | None
    listing: str | None
    has_secrets: bool
    optional: bool

    def next_page(self, page: Mapping[str, object]) -> dict[str, object]:
        """Return the arguments that ask for the page after this one, empty after the last."""
        if self.more is not None and not self.more.search(page):
            return {}
        found = {name: output.search(page) for name, output in zip(self.inputs, self.outputs, strict=True)}
        return {name: value for name, value in found.items() if value}


def operation(call: Call, endpoint: Endpoint) -> Operation:
    """Return a declared call as `endpoint` has it.

    Raises:
        AttributeError: this version of boto3 does not know the operation.
    """
    client = endpoint.client
    names = client.meta.method_to_api_mapping
    if call.operation not in names:
        raise AttributeError(f"this version of boto3 has no {call.service} {call.operation}; install a newer one")
    model = client.meta.service_model.operation_model(names[call.operation])
    inputs, outputs, more = _paging(model, endpoint)
    shape = model.output_shape
    head = re.match(r"[A-Za-z]\w*", call.result)
    member = shape.members.get(head[0]) if shape and head else None
    return Operation(
        action=action_name(call, names),
        method=getattr(client, call.operation),
        result=_compile(call.result),
        inputs=inputs,
        outputs=outputs,
        more=more,
        head=head[0] if head and member is not None else None,
        listing=head[0] if head and isinstance(member, ListShape) else None,
        has_secrets=shape is not None and _mentions(shape, SECRET_FIELD, set()),
        optional=call.optional,
    )


def ask(operation: Operation, arguments: Mapping[str, object]) -> Answer:
    """Return the answer to one call: all of its pages, or those before the one that failed."""
    merged: dict[str, object] = {}
    page_arguments: dict[str, object] = {}
    restarted = False
    while True:
        try:
            page = operation.method(**arguments, **page_arguments)
        except FAULTS as error:
            if operation.optional and not page_arguments and knows_no_such_operation(error):
                return Answer(None, refusal(error), unknown=True)
            if page_arguments and not restarted and refuses_page_token(error):
                merged, page_arguments, restarted = {}, {}, True
                continue
            return _answer(operation, merged, refusal(error))
        if operation.head and operation.head not in page and not _is_from_aws(page):
            return _answer(operation, merged, not_an_answer(f"no {operation.head} and no request id in it"))
        add_page(merged, page)
        following = operation.next_page(page)
        if not following:
            return _answer(operation, merged, None)
        if following == page_arguments:
            return _answer(operation, merged, not_an_answer("the same page token twice"))
        page_arguments = following


def _answer(operation: Operation, merged: Mapping[str, object], why: Refusal | None) -> Answer:
    value = operation.result.search(merged)
    if value is None and operation.listing:
        value = []
    if isinstance(value, list):
        # A result that makes a list of one thing holds null where the answer left that thing out.
        value = [item for item in value if item is not None]
    return Answer(_without_secrets(value) if operation.has_secrets else value, why)


def _is_from_aws(page: Mapping[str, object]) -> bool:
    # An empty list may be left out of an answer; a page of a proxy or a portal has no request id.
    about = page.get("ResponseMetadata")
    return isinstance(about, Mapping) and bool(about.get("RequestId"))


def add_page(into: dict[str, object], page: Mapping[str, object]) -> None:
    """Add a page to those before it: lists grow, mappings are merged, of anything else the last one stands."""
    for key, value in page.items():
        before = into.get(key)
        if key == "ResponseMetadata":
            continue
        if isinstance(before, list) and isinstance(value, list):
            before.extend(value)
        elif isinstance(before, dict) and isinstance(value, Mapping):
            add_page(before, value)
        else:
            into[key] = value


def _without_secrets(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_secrets(inner) for key, inner in value.items() if key != SECRET_FIELD}
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value


def _paging(
    model: OperationModel, endpoint: Endpoint
) -> tuple[tuple[str, ...], tuple[ParsedResult, ...], ParsedResult | None]:
    try:
        config = endpoint.paginators.get_paginator(model.name)
    except ValueError:
        return _paging_by_name(model)
    inputs, outputs = config["input_token"], config["output_token"]
    more = _compile(config["more_results"]) if "more_results" in config else None
    if isinstance(inputs, str):
        return (inputs,), (_compile(outputs),), more
    return tuple(inputs), tuple(map(_compile, outputs)), more


def _paging_by_name(model: OperationModel) -> Paging:
    told = model.output_shape.members if model.output_shape else {}
    taken = model.input_shape.members if model.input_shape else {}
    for output, input_ in _TOKENS:
        if output in told and input_ in taken:
            return (input_,), (_compile(output),), None
    return (), (), None


def _mentions(shape: Shape, field: str, seen: set[str]) -> bool:
    if shape.name in seen:
        return False
    seen.add(shape.name)
    if isinstance(shape, StructureShape):
        return field in shape.members or any(_mentions(inner, field, seen) for inner in shape.members.values())
    if isinstance(shape, ListShape):
        return _mentions(shape.member, field, seen)
    return isinstance(shape, MapShape) and _mentions(shape.value, field, seen)
