"""
Plain HTTP that serves content.

What it checks
    Every HTTP listener of the edge, and each of its rules, does nothing but redirect to HTTPS.

Why it matters
    A page or a cookie sent in plain text is anybody's on the way; one rule that forwards is enough.

How to fix
    Let the HTTP listener's default action and all of its rules redirect to HTTPS.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

from collections.abc import Iterator

from checker.graph.view import View
from checker.model.fact import known_or
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Step, Unsettled, Violation
from checker.resources.listener import Action
from checker.rules.interface import rule
from checker.rules.subjects import EdgeListener, listeners


@rule("EDG001", subject=listeners("HTTP"), severity=Severity.HIGH)
def check(edge: EdgeListener, view: View) -> Iterator[Outcome]:
    """Look at the default action and at each rule's."""
    listener, name = edge.listener, f"{edge.edge.owner.label}:{known_or(edge.listener.port, 0)}"
    actions, missing = view.graph.balancing.actions(listener)
    plain = [action for action in actions if not _redirects(action)]
    if plain and listener.protocol.missing:
        yield Unsettled(f"the protocol of {name} is not known", listener.protocol.missing)
        return
    for action in plain:
        yield Violation(
            message=f"{name} answers plain HTTP: it takes the action {_told(action)}",
            fix="Redirect it to HTTPS.",
            path=(Step(name, f"listens on HTTP and takes the action {_told(action)}", listener.origin),),
        )
    if missing:
        yield Unsettled(f"the rules of {name} are not known", missing)
    elif not actions:
        yield NotApplicable("no action")
    elif not plain:
        yield Seen(Step(name, "only redirects to HTTPS", listener.origin))


def _redirects(action: Action) -> bool:
    # Logging in is done before another action and serves nothing itself; it exists on HTTPS listeners only.
    return action.type == "redirect" and (action.protocol or "").upper() == "HTTPS"


def _told(action: Action) -> str:
    return f"redirect to {action.protocol}" if action.type == "redirect" else action.type
