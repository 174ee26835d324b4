"""The report of a pull request: files and lines, a waiver, a baseline, and names that nobody should give."""

from datetime import date

from checker.model.fact import Missing
from checker.model.finding import HopKind, Result, Severity, Standing, State, Step, Subject, Verdict, Witness
from checker.model.record import Coverage, Origin, Scope, Status
from checker.model.report import Crash, Document, Report, RuleView, StackView
from checker.model.waiver import Waiver
from tests.report.sample_report import CHANGES, FIX, RULES

PAGE = """
Database that is reachable from elsewhere.

What it checks
    Every packet that is let in comes from the app tier of its stack
    or from what the blueprint lists.

Why it matters
    A second way in is one that no review of the app will find.

How to fix
    Remove the rule named in the path.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""
HERE = Scope("", "eu-west-1")
STACK = "/eu-west-1/aws_lb.shop"
# What a name can try: a command of GitHub's, a formula, markup, a mention, HTML, a link, a colour of the terminal.
HOSTILE = (
    '=HYPERLINK("http://evil.example")\n::error file=a.tf,line=1::owned%0A'
    "|`code`|<b>@team</b> [see](http://evil.example) #1\x1b[31m\x00"
)


def place(file: str, line: int, address: str | None = None) -> Origin:
    """Return a place in HCL."""
    return Origin("terraform-hcl", file, line, address)


DATABASE = Subject(
    "database",
    "aws_db_instance.main",
    "shop-db",
    HERE,
    origin=place("modules/data/main.tf", 12, "module.data.aws_db_instance.main"),
)
CACHE = Subject(
    "cache", "shop-cache", "shop-cache", HERE, origin=place("cache.tf", 3, 'aws_elasticache_cluster.this["a"]')
)
EDGE = Subject("edge", "aws_lb.shop", "shop", HERE, origin=place("edge #1.tf", 7, "aws_lb.shop"))
APP = Subject(
    "app_group", "aws_autoscaling_group.app", HOSTILE, HERE, origin=place("app.tf", 21, "aws_autoscaling_group.app")
)
SCOPE = Subject("scope", str(HERE), str(HERE), HERE)
OPEN = (
    Step("internet", "anyone may open a connection"),
    Step("aws_subnet.a", "has a default route to an internet gateway", place("network.tf", 31), hop=HopKind.ROUTE),
    Step("sg-0d4e5f60", "rule sgr-01 allows tcp 3306 from 0.0.0.0/0", place("groups.tf", 44), hop=HopKind.INGRESS),
)
WAIVER = Waiver(
    "SES001", "aws_lb.shop", "moved to a cookie of the app", "web team", date(2027, 1, 31), "waivers.yaml:3"
)
TABLE = Missing("var.password_policy, which has no default", "give it with --var password_policy=VALUE")


def result(rule: str, verdict: Verdict, subject: Subject, message: str, **more: object) -> Result:
    """Return a result with the severity of its rule."""
    severity = next(item.severity for item in RULES if item.id == rule)
    values: dict[str, object] = {"severity": severity, "stack": STACK, **more}
    return Result(rule=rule, verdict=verdict, subject=subject, message=message, **values)  # type: ignore[arg-type]  # keywords of Result


RESULTS = (
    result(
        "NET005",
        Verdict.FAIL,
        DATABASE,
        "the whole internet gets to tcp 3306",
        fix=FIX,
        changes=CHANGES,
        path=OPEN,
        state=State.REACHABLE,
        witness=Witness("203.0.113.9", "10.0.2.5", "tcp", 3306),
        also=("aws_instance.bastion gets to tcp 22 (low, latent)",),
        baseline=Standing.NEW,
    ),
    result(
        "NET004",
        Verdict.FAIL,
        CACHE,
        "the whole internet gets to tcp 6379",
        fix=FIX,
        changes=CHANGES,
        path=OPEN,
        state=State.LATENT,
        severity=Severity.MEDIUM,
        baseline=Standing.KNOWN,
    ),
    result("NET010", Verdict.FAIL, APP, f"{HOSTILE} may use tcp 0-65535", fix=HOSTILE, state=State.REACHABLE),
    result("SES001", Verdict.WAIVED, EDGE, "no stickiness", waived=Verdict.FAIL, waiver=WAIVER),
    result("DAT003", Verdict.UNKNOWN, DATABASE, "whether clients must use TLS", missing=(TABLE,)),
    result(
        "AZ004", Verdict.PASS, DATABASE, "nothing violates this rule", evidence=(Step("shop-db", "Multi-AZ is on"),)
    ),
    result("AZ004", Verdict.NOT_APPLICABLE, CACHE, "not a database"),
    result("SES001", Verdict.ERROR, APP, "the rule crashed: KeyError: 'cookie' (session_not_sticky.py:41)"),
    result("STACKS", Verdict.UNKNOWN, SCOPE, "a module was not read", stack=None, missing=(TABLE,), counts=False),
)


def with_page(rule: RuleView) -> RuleView:
    """Return a rule with a manual page where the sample has one."""
    page = PAGE if rule.id == "NET005" else ""
    return RuleView(rule.id, rule.name, rule.title, rule.severity, rule.url, rule.controls, page)


def sample_review() -> Report:
    """Return the report of one stack in HCL."""
    return Report(
        version="0.1.0",
        source="terraform-hcl",
        accounts=(),
        regions=("eu-west-1",),
        paths=("infra",),
        stacks=(StackView(STACK, "aws_lb.shop", "shop", HERE, ("aws_vpc.main",), True, None, {"edge": ("shop",)}, {}),),
        rules=tuple(map(with_page, RULES)),
        results=tuple(sorted(RESULTS, key=lambda item: item.key)),
        coverage=(
            Coverage("terraform-hcl", HERE, "main.tf", Status.OK, 12),
            Coverage("terraform-hcl", HERE, "module.vpn", Status.UNREADABLE, 0, "the module is not here"),
        ),
        documents=(Document("blueprint", "policies/blueprints/three_tier_web.yaml", "ab" * 32),),
        crashes=(Crash("SES001", "SES001||eu-west-1|app_group|app|", "KeyError: 'cookie' (session_not_sticky.py:41)"),),
        exit_codes=(5, 1, 4),
        facts={"commit": "0123456789abcdef0123456789abcdef01234567", "repository": "https://github.com/example/shop"},
    )
