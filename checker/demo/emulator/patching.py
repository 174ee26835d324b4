"""The one way the emulator changes moto: a method is replaced by a function that is given the original."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from moto.core.responses import ActionResult


def replaces(owner: type, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that puts its function in place of `owner.name`; the function gets the original first."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, name)

        @wraps(original)
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            return function(original, self, *args, **kwargs)

        setattr(owner, name, method)
        return function

    return decorate


def answers(owner: type, name: str) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
    """Return a decorator that answers action `name` (snake case) of response class `owner`, which moto lacks."""

    def decorate(function: Callable[[Any], object]) -> Callable[[Any], object]:
        def method(self: Any) -> ActionResult:
            return ActionResult(function(self))

        method.__name__ = name
        setattr(owner, name, method)
        return function

    return decorate


def answer_empty(owner: type, lists: dict[str, str]) -> None:
    """Let the actions of `lists` (snake case name: key of the list) answer that there is nothing of their kind."""
    for name, key in lists.items():
        answers(owner, name)(partial(_nothing, key))


def _nothing(key: str, _: Any) -> object:
    return {key: []}


def store(backend: Any, name: str) -> dict[str, Any]:
    """Return the backend's own mapping called `name`; moto's reset empties it with the backend."""
    mapping: dict[str, Any] = backend.__dict__.setdefault(f"tierproof_{name}", {})
    return mapping
