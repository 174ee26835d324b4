"""Small reports to compare."""

from checker.model.difference import Side
from checker.model.finding import Verdict
from checker.model.past import PastReport, PastResult, PastRule, PastStack, PastSubject

RULES = ("NET005", "DAT002", "STACKS")


def past(
    verdict: Verdict = Verdict.FAIL, id: str = "db-1", name: str = "", *, rule: str = "NET005", **more: object
) -> PastResult:
    """Return a result of the stack `shop`; keywords of its subject are told apart by name."""
    parts = {key: more.pop(key) for key in ("account", "region", "address", "file", "line", "kind") if key in more}
    values: dict[str, object] = {"account": "1", "region": "eu-west-1", "kind": "database", **parts}
    subject = PastSubject(id=id, name=name or id, **values)  # type: ignore[arg-type]  # keywords of PastSubject
    stack = more.pop("stack", "s-1")
    key = f"{rule}|{subject.account}|{subject.region}|{subject.kind}|{id}|{stack}"
    whole: dict[str, object] = {"severity": "high", "message": "open to the world", "stack": stack, **more}
    return PastResult(key=key, rule=rule, verdict=verdict, subject=subject, **whole)  # type: ignore[arg-type]  # keywords of PastResult


def report(*results: PastResult, rules: tuple[str, ...] = RULES, stacks: tuple[str, ...] = ("s-1",)) -> PastReport:
    """Return a report in which every stack is called `shop`, or `shop-2` and so on."""
    return PastReport(
        rules=tuple(PastRule(id=rule, name=rule.lower()) for rule in rules),
        stacks=tuple(
            PastStack(id=id, name="shop" if index == 0 else f"shop-{index + 1}", judged=True)
            for index, id in enumerate(stacks)
        ),
        results=results,
    )


def side(found: PastReport, path: str = "old.json") -> Side:
    """Return a report as one side of a comparison."""
    return Side(path, "report", found, "ab" * 32)
