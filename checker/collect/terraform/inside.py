"""Which things an input holds, by every name that something may call them by."""

from collections.abc import Iterable, Mapping

from checker.collect.terraform.identity import identity_of
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.types import family
from checker.model.symbol import Symbol


class Inside:
    """The names of the instances of an input; equal names of different types are different things."""

    def __init__(self, instances: Iterable[tuple[Instance, Mapping[str, object]]]) -> None:
        self._ids: dict[tuple[str, str], str] = {}
        self._addresses: set[str] = set()
        for instance, raw in instances:
            self._addresses.add(instance.address)
            type_, id_ = family(instance.type), str(raw["id"])
            known = identity_of(instance.type)
            for name in (*known.names, *known.id_is, "name", "arn", "id"):
                value = raw.get(name)
                if isinstance(value, str) and value:
                    self._ids[type_, str(value)] = id_

    def find(self, type_: str, name: str) -> str | None:
        """Return the id of the instance of a type that is called `name`, and None where there is none."""
        return self._ids.get((family(type_), str(name)))

    def has(self, type_: str, name: str) -> bool:
        """Tell whether `name` is an instance, of a type where it is known, or something that comes of an instance."""
        if (family(type_), str(name)) in self._ids:
            return True
        return isinstance(name, Symbol) and self._is_of_instance(name)

    def _is_of_instance(self, symbol: str) -> bool:
        while symbol:
            if symbol in self._addresses:
                return True
            symbol = symbol.rpartition(".")[0]
        return False
