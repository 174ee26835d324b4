"""One report with everything in it that a format may have to show."""

from checker.model import traffic
from checker.model.change import Action, Change, GroupRule
from checker.model.fact import Missing
from checker.model.finding import (
    Result,
    Severity,
    State,
    Step,
    Subject,
    Verdict,
    Witness,
)
from checker.model.record import Coverage, Origin, Scope, Status
from checker.model.report import Crash, Document, Report, RuleView, StackView

SHOP = Scope("123456789012", "eu-west-1")
OTHER = Scope("123456789012", "eu-central-1")
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"
STACK = "123456789012/eu-west-1/shop"
DATABASE = Subject(
    "database",
    "shop-db",
    "shop-db",
    SHOP,
    arn="arn:aws:rds:eu-west-1:123456789012:db:shop-db",
    tags={"team": "web", "Name": "shop-db"},
    origin=Origin("terraform", "data.tf", 12, "aws_db_instance.main"),
)
CACHE = Subject("cache", "shop-cache", "shop-cache", SHOP)
APP = Subject("app_group", "shop-app", "shop-app", SHOP)
EDGE = Subject("edge", ARN, "shop", SHOP, arn=ARN)
OPEN = (
    Step("internet", "anyone may open a connection"),
    Step(
        "subnet-0a1b2c3d", "has a default route to internet gateway igw-0a1b2c3d", Origin("terraform", "network.tf", 31)
    ),
    Step("sg-0d4e5f60", "rule sgr-01 allows tcp 3306 from 0.0.0.0/0 [office] and is shared by every store of the shop"),
)
FIX = "Delete rule sgr-01 of sg-0d4e5f60 and allow the group of the app tier instead."
CHANGES = (
    Change(
        Action.REPLACE,
        "sg-0d4e5f60",
        GroupRule(True, traffic.tcp(3306), "sg-0a11e9c2"),
        GroupRule(True, traffic.tcp(3306), "0.0.0.0/0"),
        "sgr-01",
    ),
)
RULES = tuple(
    RuleView(
        id,
        name,
        title,
        severity,
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        controls,
    )
    for id, name, title, severity, controls in (
        ("AZ004", "database-in-one-zone", "Database in one zone", Severity.HIGH, ()),
        (
            "DAT003",
            "not-encrypted-in-transit",
            "Store without encryption in transit",
            Severity.MEDIUM,
            ("PCI-DSS-4.0:4.2.1",),
        ),
        ("NET004", "cache-reachable-from-elsewhere", "Cache reachable from elsewhere", Severity.HIGH, ()),
        ("NET005", "database-reachable-from-elsewhere", "Database reachable from elsewhere", Severity.HIGH, ()),
        ("NET010", "allowed-source-has-excess-ports", "Allowed source has excess ports", Severity.LOW, ()),
        ("SES001", "session-not-sticky", "Session not sticky", Severity.MEDIUM, ()),
        ("STACKS", "stack-not-seen", "Something that was not seen could hide or complete a stack", Severity.HIGH, ()),
    )
)
ROLE = Missing(
    "rds:DescribeDBParameters of parameter group shop-params in 123456789012/eu-west-1 (denied)",
    "allow rds:DescribeDBParameters to the role that audits; tierproof permissions prints the whole policy",
)


def fail(rule: str, subject: Subject, message: str, **more: object) -> Result:
    """Return a FAIL with the severity of its rule."""
    severity = next(item.severity for item in RULES if item.id == rule)
    values: dict[str, object] = {"severity": severity, "state": State.REACHABLE, "stack": STACK, **more}
    return Result(rule=rule, verdict=Verdict.FAIL, subject=subject, message=message, **values)  # type: ignore[arg-type]  # keywords of Result


def sample_report() -> Report:
    """Return the report of one judged stack and one candidate."""
    packet = Witness("203.0.113.9", "10.0.2.5", "tcp", 3306)
    ping = Witness("2001:db8::9", "2001:db8:1::5", "icmpv6", 128, "ipv6")
    results = (
        fail(
            "NET005",
            DATABASE,
            "the whole internet gets to tcp 3306",
            fix=FIX,
            changes=CHANGES,
            path=OPEN,
            witness=packet,
            also=("i-0bastion gets to tcp 22 (low, latent)",),
        ),
        fail(
            "NET004",
            CACHE,
            "the whole internet gets to tcp 6379",
            fix=FIX,
            path=OPEN,
            state=State.LATENT,
            severity=Severity.MEDIUM,
            witness=ping,
        ),
        fail(
            "SES001",
            EDGE,
            "target group \x1b[31mshop-web\x1b[0m forwards without stickiness",
            fix="Turn on lb_cookie stickiness for target group shop-web.",
        ),
        fail("NET010", APP, "the load balancer may use tcp 0-65535, and needs 8080", fix="Narrow rule sgr-02 to 8080."),
        Result(
            "DAT003", Verdict.UNKNOWN, Severity.MEDIUM, DATABASE, STACK, "whether clients must use TLS", missing=(ROLE,)
        ),
        Result(
            "AZ004",
            Verdict.PASS,
            Severity.HIGH,
            DATABASE,
            STACK,
            "nothing violates this rule",
            evidence=(Step("shop-db", "Multi-AZ is on"), Step("shop-db", "subnet group spans 3 zones")),
        ),
        Result("AZ004", Verdict.NOT_APPLICABLE, Severity.HIGH, CACHE, STACK, "not a database"),
        Result(
            "SES001",
            Verdict.ERROR,
            Severity.MEDIUM,
            APP,
            STACK,
            "the rule crashed: KeyError: 'cookie' (session_not_sticky.py:41)",
            fix="report it as a defect of tierproof",
        ),
        Result(
            "STACKS",
            Verdict.UNKNOWN,
            Severity.HIGH,
            Subject("scope", str(OTHER), str(OTHER), OTHER),
            None,
            "load balancers could not be listed",
            missing=(
                Missing(
                    "elasticloadbalancing:DescribeLoadBalancers in 123456789012/eu-central-1 (denied)",
                    "allow elasticloadbalancing:DescribeLoadBalancers",
                ),
            ),
            counts=False,
        ),
    )
    return Report(
        version="0.1.0",
        source="aws",
        accounts=("123456789012",),
        regions=("eu-central-1", "eu-west-1"),
        paths=(),
        stacks=(
            StackView(
                STACK,
                ARN,
                "shop",
                SHOP,
                ("vpc-0a1b2c3d",),
                True,
                None,
                {
                    "edge": ("shop",),
                    "app": ("shop-app",),
                    "cache": ("shop-cache",),
                    "data": ("shop-db", "shop-db-reader-1"),
                },
                {
                    "edge": ("eu-west-1a", "eu-west-1b"),
                    "app": ("eu-west-1a", "eu-west-1b"),
                    "cache": ("eu-west-1a",),
                    "data": ("eu-west-1a", "eu-west-1b", "eu-west-1c"),
                },
            ),
            StackView(
                "123456789012/eu-west-1/intranet",
                "intranet",
                "intranet",
                SHOP,
                ("vpc-0a1b2c3d",),
                False,
                "its load balancer is internal",
                {"edge": ("intranet",)},
                {"edge": ("eu-west-1a",)},
            ),
        ),
        rules=RULES,
        results=tuple(sorted(results, key=lambda result: result.key)),
        coverage=(
            Coverage("aws", SHOP, "ec2:DescribeVpcs", Status.OK, 2),
            Coverage(
                "aws", SHOP, "rds:DescribeDBParameters", Status.DENIED, 0, "AccessDenied: not authorized to perform it"
            ),
            *(
                Coverage("aws", Scope("123456789012", region), "Region", Status.NOT_OPTED_IN)
                for region in ("af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ca-west-1", "il-central-1")
            ),
        ),
        documents=(Document("blueprint", "policies/blueprints/three_tier_web.yaml", "ab" * 32),),
        crashes=(
            Crash(
                "SES001",
                "SES001|123456789012|eu-west-1|app_group|shop-app|" + STACK,
                "KeyError: 'cookie' (session_not_sticky.py:41)",
            ),
        ),
        exit_codes=(5, 1, 4),
        collected_at="2025-11-21T15:00:00Z",
        facts={"commit": "0123456789abcdef0123456789abcdef01234567"},
    )
