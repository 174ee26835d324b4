"""What an unknown value of a first plan stands for, by the references of its expression.

A plan tells which names an expression mentions and not what it does with them. An unknown value comes of at least one
unknown name, so where an expression mentions exactly one that can be the id of a thing of the type that the attribute
names, the value is that id. A list may hold literals beside: no list is told by its references.
Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from checker.collect.terraform.addresses import Key, steps, suffix
from checker.collect.terraform.identity import attribute_of
from checker.collect.terraform.references import named_by
from checker.collect.terraform.types import canonical, family
from checker.collect.terraform_plan.merge import Resolve
from checker.collect.terraform_plan.planned import Planned
from checker.collect.terraform_plan.program import NOT_REPEATED, Module, Program, Repeat
from checker.model.symbol import Symbol

_DEPTH = 40
# A text with names in it, each as `${name}`: Terraform tells the names only, `tierproof export` the text too.
TEMPLATE = "template"
_NAME = re.compile(r"(?<!\$)\$\{([^{}]+)\}")
# Names whose values a plan always knows, in a root module.
_KNOWN = frozenset({"count", "path", "terraform", "self"})


@dataclass(frozen=True)
class Source:
    """An attribute of an instance that is not known before the apply; `attribute` is empty for the whole of it."""

    address: str
    attribute: str


class AmbiguousError(Exception):
    """The references do not tell what a value comes of."""


@dataclass(frozen=True)
class Wiring:
    """The references of a program, and the instances that they lead to; `world` goes before each name made of them."""

    program: Program
    planned: Mapping[str, Planned]
    world: str = ""

    def resolver(self, owner: Planned) -> Resolve:
        """Return what finds the values of one instance's expressions."""

        def resolve(expression: object, block: str, key: str) -> object:
            template = expression.get(TEMPLATE) if isinstance(expression, Mapping) else None
            if isinstance(template, str):
                return self._text(template)
            targets = {family(type_) for type_ in named_by(canonical(owner.type), block, key)}
            if owner.module is None or not targets or not isinstance(expression, Mapping):
                return None
            try:
                sources = self._sources(expression, owner.module, owner.repeat, 0)
            except AmbiguousError:
                return None
            # An expression may tell a whole list of blocks; then it mentions what all their attributes name.
            found = [value for source in sources if (value := self._value(source, targets)) is not None]
            return found[0] if len(found) == 1 else None

        return resolve

    def name(self, symbol: Symbol) -> object:
        """Return what a symbol of the program is called in the plan: a real id, where the plan knows it."""
        address, attribute = str(symbol), ""
        while address not in self.planned:
            address, _, last = address.rpartition(".")
            if not address:
                return Symbol(f"{self.world}{symbol}")
            attribute = f"{last}.{attribute}" if attribute else last
        if "." in attribute:
            return Symbol(f"{self.world}{symbol}")
        planned = self.planned[address]
        return attribute_of(
            planned.type, f"{self.world}{address}", attribute or "id", lambda name: self._given(planned, name)
        )

    def _text(self, template: str) -> object:
        """Return a text with what each name in it is called in the plan, or with its value where the plan knows it."""
        found = {name: self.name(Symbol(name)) for name in _NAME.findall(template)}
        if not all(isinstance(value, str) for value in found.values()):
            return None
        put = {name: f"${{{value}}}" if isinstance(value, Symbol) else str(value) for name, value in found.items()}
        return Symbol(_NAME.sub(lambda match: put[match[1]], template))

    def _value(self, source: Source, targets: Collection[str]) -> object:
        """Return an attribute's value if it can be what names a thing of one of the types `targets`."""
        planned = self.planned.get(source.address)
        type_ = planned.type if planned else _type_of(source.address)
        name = source.attribute or "id"
        address = f"{self.world}{source.address}"
        found = attribute_of(type_, address, name, lambda name: self._given(planned, name))
        if not isinstance(found, str):
            return None
        own = (address, f"{address}.{name}")
        is_other = family(type_) not in targets and not any(name.endswith(_stem(target)) for target in targets)
        return None if found in own and is_other else found

    def _given(self, planned: Planned | None, name: str) -> object:
        return None if planned is None else planned.given(name, self.resolver(planned))

    def _sources(self, expression: object, module: Module, repeat: Repeat, depth: int) -> frozenset[Source]:
        """Return the unknown things that an expression mentions; raises `AmbiguousError` where that cannot be told."""
        if depth > _DEPTH:
            raise AmbiguousError
        if not isinstance(expression, Mapping):
            # Blocks inside of what is asked for.
            items = expression if isinstance(expression, list) else []
            return frozenset().union(*(self._of_block(item, module, repeat, depth) for item in items))
        if "constant_value" in expression:
            return frozenset()
        references = expression.get("references")
        if not isinstance(references, list):
            # A call such as uuid() mentions nothing and is not known.
            raise AmbiguousError
        return frozenset().union(
            *(self._mentioned(name, module, repeat, depth, references) for name in _whole(references))
        )

    def _of_block(self, block: object, module: Module, repeat: Repeat, depth: int) -> frozenset[Source]:
        inner = block.values() if isinstance(block, Mapping) else ()
        return frozenset().union(*(self._sources(item, module, repeat, depth + 1) for item in inner))

    def _mentioned(
        self, name: str, module: Module, repeat: Repeat, depth: int, beside: Sequence[object]
    ) -> frozenset[Source]:
        path = steps(name)
        if not path:
            raise AmbiguousError
        first, rest = path[0][0], path[1:]
        match first:
            case "each":
                return self._each(rest, module, repeat, depth)
            case "var":
                return self._variable(rest, module, depth)
            case "module":
                return self._output(rest, module, depth)
            case "local":
                raise AmbiguousError
            case _ if first in _KNOWN:
                return frozenset()
        return self._resource(path, module)

    def _each(self, rest: Sequence[tuple[str, Key]], module: Module, repeat: Repeat, depth: int) -> frozenset[Source]:
        if not rest or rest[0][0] == "key" or repeat.for_each is None:
            return frozenset()
        references = repeat.for_each.get("references")
        if not isinstance(references, list):
            return frozenset()
        names = [name for name in _whole(references) if steps(name)[:1] != (("var", None),)]
        path = steps(names[0]) if len(names) == 1 else ()
        if len(path) == 2 and path[0][0] not in ("each", "local", "module", "data"):  # TYPE.NAME
            # Each of the instances of another resource: the keys are that resource's own, or they are not found.
            address = f"{module.prefix}{path[0][0]}.{path[1][0]}{suffix(repeat.key)}"
            if address in self.planned and len(rest) > 1:
                return self._unknown(address, rest[1][0])
        return self._sources(repeat.for_each, module, NOT_REPEATED, depth + 1)

    def _variable(self, rest: Sequence[tuple[str, Key]], module: Module, depth: int) -> frozenset[Source]:
        if module.call is None or module.parent is None or not rest:
            return frozenset()  # a plan knows the variables of its root
        expression = module.call.expressions.get(rest[0][0])
        if expression is None:
            return frozenset()
        return self._sources(expression, module.parent, module.repeat, depth + 1)

    def _output(self, rest: Sequence[tuple[str, Key]], module: Module, depth: int) -> frozenset[Source]:
        if len(rest) < 2:  # NAME.OUTPUT
            raise AmbiguousError
        inner = self.program.module((*module.path, rest[0]))
        output = inner.text.outputs.get(rest[1][0]) if inner else None
        if inner is None or output is None:
            raise AmbiguousError
        return self._sources(output.expression, inner, NOT_REPEATED, depth + 1)

    def _resource(self, path: Sequence[tuple[str, Key]], module: Module) -> frozenset[Source]:
        size = 3 if path[0][0] == "data" else 2
        if len(path) < size:
            raise AmbiguousError
        name, key = path[size - 1]
        own = ".".join([*(step for step, _ in path[: size - 1]), name])
        address = f"{module.prefix}{own}{suffix(key)}"
        if len(path) > size:
            return self._unknown(address, path[size][0])
        block = module.resources.get(own)
        if key is None and (block is None or block.count_expression or block.for_each_expression):
            # All of them, or some of them.
            raise AmbiguousError
        return frozenset({Source(address, "")})

    def _unknown(self, address: str, attribute: str) -> frozenset[Source]:
        planned = self.planned.get(address)
        if planned is not None and planned.is_known(attribute):
            return frozenset()
        return frozenset({Source(address, attribute)})


def _whole(references: Sequence[object]) -> list[str]:
    """Return the references without those that only begin another: `aws_vpc.main` beside `aws_vpc.main.id`."""
    names = list(dict.fromkeys(name for name in references if isinstance(name, str)))
    return [name for name in names if not any(other.startswith((f"{name}.", f"{name}[")) for other in names)]


def _stem(type_: str) -> str:
    """Return how attributes end that name what came with another thing: `default_security_group_id` of a VPC."""
    return f"{type_.removeprefix('aws_').removeprefix('ec2_transit_gateway_')}_id"


def _type_of(address: str) -> str:
    path = steps(address)
    return path[-2][0] if len(path) > 1 else ""
