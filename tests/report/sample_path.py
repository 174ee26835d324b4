"""Answers about paths with everything in them that a report may have to show."""

from checker.graph.query.answer import (
    Admitted,
    EndView,
    PathAnswer,
    PathReport,
    Reach,
    Reached,
    ReachList,
    Route,
    Stop,
    Way,
)
from checker.model import traffic
from checker.model.fact import Missing
from checker.model.finding import Witness
from checker.model.record import Coverage, Origin, Scope, Status

SCOPE = Scope("111122223333", "eu-west-1")
WORLD = EndView("internet", "internet", "internet", "the internet", None, 0)
APP = EndView("app", "tier", "111122223333/eu-west-1/shop/app", "shop/app", SCOPE, 3)
DATABASE = EndView("shop-db", "db_instance", "shop-db", "shop-db", SCOPE, 3)
LIST = Missing("the entries of prefix list pl-1", "allow ec2:GetManagedPrefixListEntries")
FILE, API = Origin("terraform", "network.tf", 12), Origin("aws")


def _report(answer: PathAnswer | ReachList) -> PathReport:
    unread = Coverage("aws", SCOPE, "ec2:GetManagedPrefixListEntries", Status.DENIED, 0, "AccessDenied")
    read = Coverage("aws", SCOPE, "ec2:DescribeVpcs", Status.OK, 1)
    return PathReport(
        "0.1.0", "aws", ("111122223333",), ("eu-west-1",), (), "2026-11-21T12:00:00Z", answer, (read, unread)
    )


def reachable() -> PathReport:
    """Return an answer of two classes that differ, with a remark and a route that does not pass."""
    packet = Witness("10.0.64.5", "10.0.128.9", "tcp", 5432)
    hops = (
        Stop("security-group-egress", "sg-app", "sgr-1 lets out all traffic to 0.0.0.0/0", True, API),
        Stop("route", "rtb-app of subnet-app-a", "sends 10.0.0.0/16 to local", True, FILE),
        Stop("security-group-ingress", "sg-db", "sgr-2 admits tcp 5432 from sg-app", True, API),
    )
    closed = Stop(
        "network-acl", "acl-1 of subnet-data-c", "entry 50 denies tcp 5432 from 10.0.96.0/20", False, API,
        "SUBNET_ACL_RESTRICTION",
        "remove inbound entry 50 of acl-1, or add under a lower number an inbound entry that allows tcp 5432",
    )  # fmt: skip
    routes = (
        Route(Way.PRIVATE, Reach.REACHABLE, ("subnet-app-a",), ("subnet-data-a",), traffic.tcp(5432), packet, hops),
        Route(
            Way.PRIVATE, Reach.NOT_REACHABLE, ("subnet-app-c",), ("subnet-data-c",), traffic.NOTHING,
            Witness("10.0.96.5", "10.0.160.9", "tcp", 5432), (*hops[:2], closed),
        ),
    )  # fmt: skip
    ping = traffic.icmp(traffic.ICMP, 8, -1)
    allowed = (
        Admitted(("subnet-app-a",), ("subnet-data-a",), traffic.tcp(22) | traffic.tcp(5432)),
        Admitted(("subnet-app-b",), ("subnet-data-a", "subnet-data-b"), traffic.tcp(5432)),
    )
    possible = (Admitted(("subnet-app-b",), ("subnet-data-b",), ping),)
    remark = "replies to some client ports are blocked by a network ACL: some connections will fail"
    asked = traffic.EVERYTHING - traffic.ICMP_ERRORS
    return _report(PathAnswer(APP, DATABASE, asked, Reach.REACHABLE, allowed, possible, routes, remarks=(remark,)))


def relayed() -> PathReport:
    """Return an answer that is no, with a way through a load balancer, and names that a terminal would obey."""
    packet = Witness("203.0.113.9", "10.0.64.5", "tcp", 443)
    stop = Stop(
        "route", "rtb-app of subnet-app-a", "has no way to or from the internet here\x1b[31m", False, FILE,
        "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "go through a load balancer",
    )  # fmt: skip
    later = Stop("security-group-ingress", "sg-app", "no rule admits tcp 443", False, API, "ENI_SG_RULES_MISMATCH")
    route = Route(
        Way.INTERNET, Reach.NOT_REACHABLE, ("the IPv4 internet",), ("subnet-app-a", "subnet-app-b"), traffic.NOTHING,
        packet, (stop, later),
    )  # fmt: skip
    legs = (
        Route(
            Way.INTERNET, Reach.REACHABLE, ("the IPv4 internet",), ("subnet-public-a",), traffic.tcp(443),
            Witness("203.0.113.9", "198.51.100.7", "tcp", 443),
        ),
        Route(
            Way.PRIVATE, Reach.REACHABLE, ("subnet-public-a",), ("subnet-app-a",), traffic.tcp(8080),
            Witness("10.0.0.5", "10.0.64.5", "tcp", 8080),
        ),
    )  # fmt: skip
    relay = Route(
        Way.BALANCER, Reach.REACHABLE, ("the internet",), ("shop/app",), traffic.tcp(443), through="shop-alb", legs=legs
    )
    return _report(PathAnswer(WORLD, APP, traffic.tcp(443), Reach.NOT_REACHABLE, (), (), (route, relay)))


def unknown() -> PathReport:
    """Return an answer that a missing fact decides."""
    hops = (
        Stop("security-group-egress", "sg-app", "sgr-1 lets out all traffic to 0.0.0.0/0", True, API),
        Stop("security-group-ingress", "sg-db", "admits tcp 5432 at most", None, API),
    )
    route = Route(
        Way.PRIVATE, Reach.UNKNOWN, ("subnet-app-a",), ("subnet-data-a",), traffic.tcp(5432),
        Witness("10.0.64.5", "10.0.128.9", "tcp", 5432), hops, (LIST,),
    )  # fmt: skip
    possible = (Admitted(("subnet-app-a",), ("subnet-data-a",), traffic.tcp(5432)),)
    return _report(PathAnswer(APP, DATABASE, traffic.tcp(5432), Reach.UNKNOWN, (), possible, (route,), (LIST,)))


def listing() -> PathReport:
    """Return a list with many alike, the internet, a relay and an open question."""
    names = tuple(f"host-{number}" for number in range(8))
    ports = traffic.tcp(5432) | traffic.tcp(8000, 8080)
    entries = (
        Reached(Reach.REACHABLE, "auto_scaling_group", "shop/app", ("shop-app",), 1, 3, traffic.tcp(5432)),
        Reached(Reach.REACHABLE, "network_interface", None, names, 40_000, 40_000, ports),
        Reached(Reach.REACHABLE, "internet", None, ("198.51.100.0/24",), 1, 0, traffic.tcp(22), "198.51.100.0/24"),
        Reached(Reach.REACHABLE, "internet", None, ("the internet",), 1, 0, traffic.tcp(443), through="shop-alb"),
        Reached(Reach.UNKNOWN, "instance", None, ("bastion",), 1, 1, traffic.tcp(5432), missing=(LIST,)),
    )
    note = "shop-db is a member of shop-cluster, which decides where it may stand"
    return _report(ReachList(DATABASE, True, traffic.EVERYTHING - traffic.ICMP_ERRORS, entries, (), (note,)))


SAMPLES = {"reachable": reachable, "relayed": relayed, "unknown": unknown, "listing": listing}
