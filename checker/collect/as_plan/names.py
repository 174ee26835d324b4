"""The names of instances in a plan, and which of them a value that is not known mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.collect.terraform.addresses import steps, suffix
from checker.collect.terraform.identity import identity_of
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.references import named_by
from checker.collect.terraform.types import canonical, family
from checker.model.symbol import Symbol

# A name inside a text; a `${` of the text's own is doubled.
_MENTIONED = re.compile(r"(?<!\$)\$\{([^{}]+)\}")
_ALONE = re.compile(r"\$\{[^{}]*\}")
_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
# Ids and ARNs that AWS gives are nobody else's; a name may be that of many things.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_OWN_ID = re.compile(r"arn:aws[a-z-]*:.+|[a-z]{1,12}-[0-9a-f]{8,17}|[a-z]{1,12}-[a-z]{1,12}-[0-9a-f]{8,17}")
# What things are called by other than what they are named for in AWS's network.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
_CALLED: Mapping[str, str] = {"bucket": "aws_s3_bucket", "function_name": "aws_lambda_function"}


@dataclass(frozen=True)
class Mention:
    """An attribute of an instance that a value hangs on: `attribute` is empty for the whole of it."""

    address: str
    attribute: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names as Terraform lists them, each with what it begins with."""
        return (f"{self.address}.{self.attribute}", self.address) if self.attribute else (self.address,)


class Names:
    """What the instances of an input are called in a plan of it.

    Each is a resource of the root module with an address of its own: keys and modules become part of its name, since
    a plan cannot tell what one module's expressions have to do with another's.
    """

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._of: dict[str, str] = {}
        self._ids: dict[tuple[str, str], set[str]] = {}
        self._owners: dict[str, set[str]] = {}
        taken: set[str] = set()
        for instance in instances:
            address = _free(_plain(instance), taken)
            taken.add(address)
            self._of[instance.address] = address
            for value in _ids(instance):
                self._ids.setdefault((family(instance.type), value), set()).add(address)
                self._owners.setdefault(value, set()).add(address)

    def of(self, instance: Instance) -> str:
        """Return the address of an instance in the plan."""
        return self._of[instance.address]

    def mentions(self, symbol: Symbol) -> Iterator[Mention]:
        """Yield what a symbol, or a text with symbols in it, hangs on, as far as the input has it."""
        for text in _MENTIONED.findall(symbol) if "${" in symbol else (str(symbol),):
            if mention := self._mentioned(text):
                yield mention

    def text(self, symbol: Symbol) -> str:
        """Return a text with symbols in it, with what these are called in the plan."""

        def name(found: re.Match[str]) -> str:
            mention = self._mentioned(found[1])
            return f"${{{mention.names[0]}}}" if mention else found[0]

        return _MENTIONED.sub(name, symbol)

    def readable(self, value: object) -> object:
        """Return a value with texts that are known but for names in them as texts, with these as `${name}`.

        Terraform leaves out the whole of such a text. What a policy says of actions and principals is known, though.
        """
        if isinstance(value, Symbol):
            is_text = "${" in value and not _ALONE.fullmatch(value)
            return self.text(value).replace("$${", "${") if is_text else value
        if isinstance(value, Mapping):
            return {key: self.readable(item) for key, item in value.items()}
        return [self.readable(item) for item in value] if isinstance(value, (list, tuple)) else value

    def _mentioned(self, text: str) -> Mention | None:
        address, attribute = text, ""
        while address and address not in self._of:
            address, _, last = address.rpartition(".")
            attribute = f"{last}.{attribute}" if attribute else last
        return Mention(self._of[address], attribute or "id") if address else None

    def called(self, type_: str, block: str, key: str, text: str) -> Mention | None:
        """Return the instance that a text is the id or the name of, if there is exactly one such."""
        types = {family(named) for named in named_by(canonical(type_), block, key)}
        types |= {_CALLED[key]} if key in _CALLED and _CALLED[key] != type_ else set()
        found = {address for own in types for address in self._ids.get((own, text), ())}
        if not types and _OWN_ID.fullmatch(text):
            found = self._owners.get(text, set())
        return Mention(next(iter(found)), "id") if len(found) == 1 else None


def _ids(instance: Instance) -> Iterator[str]:
    known = identity_of(instance.type)
    own = [key for key, type_ in _CALLED.items() if type_ == instance.type]
    for key in dict.fromkeys(("id", "arn", *known.id_is, *known.names, *own)):
        value = instance.values.get(key)
        if isinstance(value, str) and not isinstance(value, Symbol) and value:
            yield value


def _plain(instance: Instance) -> str:
    """Return `TYPE.NAME`, `data.TYPE.NAME` for what is only looked up, with a name that Terraform would take."""
    before, _, rest = instance.address.partition(f"{instance.type}.")
    modules = [part for part in before.replace("data.", "").replace("module.", "").split(".") if part]
    name = "_".join([*modules, *(f"{name}{suffix(key)}" for name, key in steps(rest))]) or rest
    name = _NOT_IN_A_NAME.sub("_", name).strip("_") or "_"
    name = name if name[0].isalpha() or name[0] == "_" else f"_{name}"
    return f"{'data.' if instance.is_data else ''}{instance.type}.{name}"


def _free(address: str, taken: Iterable[str]) -> str:
    """Return an address that nobody has yet."""
    found, number = address, 1
    while found in taken:
        number += 1
        found = f"{address}_{number}"
    return found
