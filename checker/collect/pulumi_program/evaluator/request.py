"""What the evaluator is asked to run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One evaluation.

    `folder` holds the project file, `main` is the folder or file that is run; both are absolute. `config` has full
    keys (`aws:region`); a value of None is a secret that nobody can read. `stack_outputs` are other stacks' outputs by
    the stack's name. `spelling` is `one`, `two` or `preview`. `region` is empty where none is configured.
    """

    project: str
    stack: str
    organization: str
    folder: str
    main: str
    config: Mapping[str, str | None]
    secret_keys: Sequence[str]
    stack_outputs: Mapping[str, Mapping[str, object]]
    spelling: str
    region: str = ""
    zones: Sequence[str] = ()


def request_of(document: str) -> Request:
    """Return the request that a JSON document spells.

    Raises:
        TypeError: a field is missing or not known.
        ValueError: it is no JSON.
    """
    return Request(**json.loads(document))
