"""Configuration that is a secret nobody can read here: answered by the type that the program asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulumi

from .anything import Anything
from .spelling import Spelling


def texts(config: Mapping[str, str | None], spelling: Spelling) -> dict[str, str]:
    """Return the configuration with a text for every secret."""
    return {key: _text(spelling, key) if text is None else text for key, text in config.items()}


def _text(spelling: Spelling, key: str) -> str:
    return spelling.text(f"config|{key}", "secret", "", "")


def answer_by_type(config: Mapping[str, str | None], spelling: Spelling) -> None:
    """Let the SDK answer what asks for a number, a boolean or an object of a secret with one."""
    secret = {key for key, text in config.items() if text is None}
    if not secret:
        return
    answers: dict[str, Callable[[str], object]] = {
        "_get_bool": lambda _key: spelling.truth,
        "_get_int": lambda key: spelling.number(f"config|{key}"),
        "_get_float": lambda key: float(spelling.number(f"config|{key}")),
        "_get_object": lambda key: Anything(spelling, f"config|{key}"),
    }
    for name, answer in answers.items():
        original = getattr(pulumi.Config, name, None)
        if original is not None:
            setattr(pulumi.Config, name, _answering(original, answer, secret))


def _answering(
    original: Callable[..., object], answer: Callable[[str], object], secret: set[str]
) -> Callable[..., object]:
    def get(self: pulumi.Config, key: str, *args: object, **options: object) -> object:
        whole = self.full_key(key)
        return answer(whole) if whole in secret else original(self, key, *args, **options)

    return get
