"""Provider configurations: the Region, account and default tags of what is made through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checker.collect.hcl.blocks import Shape
from checker.collect.hcl.declarations import Declaration
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.scopes import Scope
from checker.collect.hcl.syntax import Attribute, Block, Expression, Literal, Object, Variable
from checker.collect.hcl.values import Value
from checker.model.symbol import Symbol

_ARN_PARTS = 6


@dataclass(frozen=True)
class Provider:
    """A configured provider; Region and account are empty where they are not known.

    `name` tells providers of unknown Regions apart. `tags` is None where there are no default tags.
    """

    name: str
    region: str = ""
    account: str = ""
    tags: Value = None


def provider_of(declaration: Declaration, scope: Scope, name: str) -> Provider:
    """Return a provider as it is configured; the environment and shared files are not asked.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration
    """
    shape = Shape.of(declaration.body, is_json=declaration.is_json)

    def text(of: Shape, key: str) -> str:
        return plain_text(evaluate(of.attributes[key], scope)) if key in of.attributes else ""

    def inner(type_: str) -> Shape | None:
        blocks: tuple[Block, ...] = shape.blocks.get(type_, ())
        return Shape.of(blocks[0].body, is_json=declaration.is_json) if blocks else None

    tags = inner("default_tags")
    found = evaluate(tags.attributes["tags"], scope) if tags and "tags" in tags.attributes else None
    role = inner("assume_role")
    account = _account(text(role, "role_arn")) if role else ""
    allowed = (
        evaluate(shape.attributes["allowed_account_ids"], scope) if "allowed_account_ids" in shape.attributes else None
    )
    if not account and isinstance(allowed, list) and len(allowed) == 1:
        account = plain_text(allowed[0])
    return Provider(name, text(shape, "region"), account, found)


def plain_text(value: Value) -> str:
    """Return a known text, and an empty one where there is none."""
    return value if isinstance(value, str) and not isinstance(value, Symbol) else ""


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) >= _ARN_PARTS and parts[4].isdecimal() else ""


def provider_key(expression: Expression | None) -> tuple[str, ...] | None:
    """Return how an expression such as `aws.east` calls a provider: its name and alias."""
    if isinstance(expression, Variable):
        return (expression.name,)
    if isinstance(expression, Attribute) and isinstance(expression.of, Variable):
        return (expression.of.name, expression.name)
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return tuple(expression.value.split(".", 1))
    return None


def passed(
    expression: Expression | None, find: Callable[[tuple[str, ...]], Provider | None]
) -> dict[tuple[str, ...], Provider]:
    """Return the providers that a module call hands down, by the names that they have inside.

    Source: https://developer.hashicorp.com/terraform/language/meta-arguments/module-providers
    """
    found: dict[tuple[str, ...], Provider] = {}
    for key, value in expression.items if isinstance(expression, Object) else ():
        inside, outside = provider_key(key), provider_key(value)
        provider = find(outside) if outside else None
        if inside and provider:
            found[inside] = provider
    return found
