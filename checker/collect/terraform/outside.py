"""Things that an input names and does not hold."""

from collections.abc import Iterator, Mapping

from checker.model.fact import Missing

_SUPPLY = "give the input that holds it too, or audit the account"
# What a parser asks of any record to learn how it was read; it is nothing that the thing itself could have.
_OF_THE_SOURCE = "~"


class Outside(Mapping[str, object]):
    """The fields of a thing that stands elsewhere: those that are known, and every other is a `Missing` that names it.

    Only the known ones are iterated over.
    """

    __slots__ = ("_known", "_name")

    def __init__(self, name: str, known: Mapping[str, object]) -> None:
        self._name = name
        self._known = {key: value for key, value in known.items() if value is not None}

    def with_known(self, known: Mapping[str, object]) -> "Outside":
        """Return the same thing of which `known` is known."""
        return Outside(self._name, known)

    def __getitem__(self, key: str) -> object:
        if key in self._known:
            return self._known[key]
        if key.startswith(_OF_THE_SOURCE):
            raise KeyError(key)
        return Missing(f"{key} of {self._name}, which stands outside of the input", _SUPPLY)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (key in self._known or not key.startswith(_OF_THE_SOURCE))

    def __repr__(self) -> str:
        return f"Outside({self._name!r})"

    def __reduce__(self) -> tuple[type["Outside"], tuple[str, dict[str, object]]]:
        return Outside, (self._name, self._known)
