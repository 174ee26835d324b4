"""Where the program gets values from the SDK: what nobody knows is handed over as `UnknownText`, `UnknownMapping`."""

from __future__ import annotations

import fnmatch
import functools
import re
import sys
from collections.abc import Callable, Mapping

import pulumi

from .answers import open_mark
from .positions import caller
from .questions import Questions
from .spelling import Spelling
from .tables import Tables
from .unknown import UnknownMapping, UnknownText


class Delivery:
    """Makes values of the program out of those that the engine answers with."""

    def __init__(self, spelling: Spelling, questions: Questions) -> None:
        self._questions = questions
        self._tables = Tables(questions.is_made_up)
        self._mark = open_mark(spelling)

    def value(self, value: object) -> object:
        """Return a value with every text in it that nobody knows told as one."""
        if type(value) is str:
            return UnknownText.of(value, self._questions, self._tables) if self._questions.is_made_up(value) else value
        if type(value) is dict:
            if self._mark in value:
                return self.open({name: self.value(each) for name, each in value.items() if name != self._mark})
            made = {name: self.value(each) for name, each in value.items()}
            return made if any(made[name] is not value[name] for name in value) else value
        if type(value) in (list, tuple):
            items = [self.value(each) for each in value]  # type: ignore[attr-defined]  # one of the two
            changed = any(one is not other for one, other in zip(items, value))  # type: ignore[call-overload]  # noqa: B905
            return type(value)(items) if changed else value  # type: ignore[call-arg]  # one of the two
        return value

    def open(self, value: dict[str, object]) -> UnknownMapping:
        """Return a mapping as one of which nobody knows the keys."""
        return UnknownMapping(value, self._questions)

    def serve(self, config: Mapping[str, str | None]) -> None:
        """Hand over what the SDK reads of answers, and secrets of the configuration (those without a text)."""
        rpc = sys.modules["pulumi.runtime.rpc"]
        self._serve(rpc, "deserialize_property", lambda _given, made: self.value(made))
        self._serve(
            rpc,
            "translate_output_properties",
            lambda given, made: self.open(made) if isinstance(given, UnknownMapping) and type(made) is dict else made,
        )
        secret = {key for key, text in config.items() if text is None}
        get: Callable[..., object] | None = getattr(pulumi.Config, "_get", None)
        if secret and get is not None:
            pulumi.Config._get = self._reading(get, secret)  # noqa: SLF001
        self._match()
        self._write_yaml()

    def _serve(self, module: object, name: str, change: Callable[[object, object], object]) -> None:
        original: Callable[..., object] | None = getattr(module, name, None)
        if original is None:
            return

        @functools.wraps(original)
        def served(given: object, *arguments: object, **options: object) -> object:
            return change(given, original(given, *arguments, **options))

        setattr(module, name, served)

    def _reading(self, get: Callable[..., object], secret: set[str]) -> Callable[..., object]:
        @functools.wraps(get)
        def read(config: pulumi.Config, key: str, *arguments: object, **options: object) -> object:
            text = get(config, key, *arguments, **options)
            if isinstance(text, str) and config.full_key(key) in secret:
                self._questions.hide(str.__str__(text))
                return self.value(text)
            return text

        return read

    def _match(self) -> None:
        """Take note of patterns, which Python's own code compares with a text unseen."""
        for module, name, place in ((re, "match", 1), (re, "search", 1), (re, "fullmatch", 1), (fnmatch, "fnmatch", 0)):
            setattr(module, name, self._matching(getattr(module, name), place))

    def _matching(self, match: Callable[..., object], place: int) -> Callable[..., object]:
        @functools.wraps(match)
        def matched(*arguments: object, **options: object) -> object:
            answer = match(*arguments, **options)
            text = arguments[place] if len(arguments) > place else None
            frame = caller()
            if isinstance(text, UnknownText) and frame is not None and self._questions.is_own(frame):
                pattern = getattr(arguments[1 - place], "pattern", arguments[1 - place])
                self._questions.tell(text, f"matches {pattern!r}", answer=bool(answer), frame=frame)
            return answer

        return matched

    def _write_yaml(self) -> None:
        """Let YAML be written of such texts: it goes by the class itself."""
        yaml = sys.modules.get("yaml")  # the SDK has imported it
        for name in ("SafeRepresenter", "Representer"):
            representer = getattr(getattr(yaml, "representer", None), name, None)
            if representer is not None:
                representer.add_representer(UnknownText, lambda own, text: own.represent_str(str.__str__(text)))
                representer.add_representer(UnknownMapping, representer.represent_dict)
