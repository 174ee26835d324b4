"""Databases, caches, zones and gaps, held to AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.graph.connections import attempts
from checker.graph.flows import own_ports, required_flows
from checker.graph.graph import Graph
from checker.graph.place import Initiates
from checker.model import traffic
from checker.model.fact import Known
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_instance import DbInstance
from checker.resources.listener import Listener
from checker.resources.serverless_cache import ServerlessCache
from tests.graph.network import SCOPE, Network
from tests.graph.shop import ALB, Change, blueprint, shop, stack_of, verdicts

ALARM = {"FAIL", "UNKNOWN"}


def database(graph: Graph) -> DbInstance:
    """Return the shop's writer."""
    return next(one for one in graph.index.all(DbInstance).items if one.id == "shop-db")


def reachable(change: Change) -> bool:
    """Tell whether the internet comes to some place of the database."""
    graph = shop({**change, "network_interface": {f"eni-db-{at}": None for at in "abc"}})
    return any(graph.reachability.from_internet(one.place).passes.must for one in graph.endpoints.of(database(graph)))


def test_a_public_database_is_exposed_only_with_a_route_and_a_rule() -> None:  # semantics 50
    public: Change = {"db_instance": {"shop-db": {"public": True}}}
    routed: Change = {
        "route_table": {
            "rtb-data": {"routes": [{"to": "10.0.0.0/16", "via": "local"}, {"to": "0.0.0.0/0", "via": "igw-1"}]}
        }
    }
    open_: Change = {
        "security_group_rule": {"sgr-db-x": {"group": "sg-db", "traffic": "tcp 5432", "peer": "0.0.0.0/0"}}
    }

    assert reachable({**public, **routed, **open_})
    assert (
        not reachable({**routed, **open_})
        and not reachable({**public, **open_})
        and not reachable({**public, **routed})
    )


def test_inside_the_vpc_a_public_database_still_is_what_groups_say() -> None:  # semantics 50
    assert not ALARM & set(verdicts("NET007", {"db_instance": {"shop-db": {"public": True}}}).values())


def test_a_database_may_stand_in_every_subnet_of_its_group() -> None:  # semantics 51
    graph = shop({"network_interface": {"eni-db-b": None, "eni-db-c": None}})
    places = {one.place.subnet for one in graph.endpoints.of(database(graph))}

    assert places == {"subnet-data-a", "subnet-data-b", "subnet-data-c"}
    assert "subnet-app-a" not in places


def test_a_way_closed_to_the_standbys_zone_is_closed() -> None:  # semantics 51
    change: Change = {
        "network_acl": {
            "acl-1": {
                "subnets": [
                    f"subnet-{tier}"
                    for tier in ("public-a", "public-b", "public-c", "app-a", "app-b", "app-c", "data-a", "data-b")
                ]
            },
            "acl-x": {"vpc": "vpc-1", "subnets": ["subnet-data-c"], "entries": []},
        },
        "db_instance": {"shop-db-replica": None},
        "network_interface": {f"eni-{what}-c": None for what in ("db", "cache")},
        "cache_subnet_group": {"shop-cache": {"subnets": ["subnet-data-a", "subnet-data-b"]}},
    }

    assert "FAIL" in verdicts("NET007", change).values()


def test_a_standby_is_not_a_reader() -> None:  # semantics 51
    alone: Change = {"db_instance": {"shop-db-replica": None}}

    assert verdicts("AZ004", alone)["shop-db"] == "PASS" and verdicts("DAT001", alone)["shop-db"] == "FAIL"
    assert (
        verdicts("AZ004", {"db_instance": {"shop-db": {"multi_az": False}, "shop-db-replica": None}})["shop-db"]
        == "FAIL"
    )


def test_a_cache_has_no_public_address_and_opens_nothing() -> None:  # semantics 52
    graph = shop(
        {
            "security_group_rule": {"sgr-c": {"group": "sg-cache", "traffic": "all", "peer": "0.0.0.0/0"}},
            "subnet": {f"subnet-data-{at}": {"public_on_launch": True} for at in "abc"},
        }
    )
    (cache,) = {one.owner for one in graph.endpoints.all() if one.owner.kind == "replication_group"}
    found = graph.endpoints.of(cache)

    assert found and all(one.place.public is False and one.initiates is Initiates.NEVER for one in found)
    assert all(not graph.reachability.from_internet(one.place).passes.may for one in found)
    assert (
        verdicts(
            "NET004",
            {"security_group_rule": {"sgr-c": {"group": "sg-cache", "traffic": "tcp 6379", "peer": "10.0.0.0/16"}}},
        )["shop-cache"]
        == "FAIL"
    )


@pytest.mark.parametrize(
    ("engine", "endpoint", "port"),
    [("memcached", None, 11211), ("redis", None, 6379), ("valkey", None, 6379), ("redis", 7000, 7000)],
)
def test_the_port_is_the_clusters_own(engine: str, endpoint: int | None, port: int) -> None:  # semantics 52
    nodes = [{"CacheNodeId": "0001", "Endpoint": {"Port": endpoint}}] if endpoint else []
    graph = (
        Network()
        .add(
            "CacheCluster", CacheClusterId="c", Engine=engine, EngineVersion="7.0", SecurityGroups=[], CacheNodes=nodes
        )
        .graph()
    )
    found = own_ports(graph.index.all(CacheCluster).items[0])

    assert isinstance(found, Known) and found.value == traffic.tcp(port)


def test_a_serverless_cache_listens_on_two_ports() -> None:  # semantics 52
    graph = (
        Network()
        .add(
            "ServerlessCache",
            ServerlessCacheName="c",
            Engine="valkey",
            SecurityGroupIds=[],
            SubnetIds=[],
            Status="available",
        )
        .graph()
    )
    found = own_ports(graph.index.all(ServerlessCache).items[0])

    assert isinstance(found, Known) and found.value == traffic.tcp(6379, 6380)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "PASS"),
        ({"failover": False}, "FAIL"),
        ({"multi_az": False}, "FAIL"),
        ({"replicas": 0, "zones": ["us-east-1a"], "members": ["shop-cache-001"]}, "FAIL"),
    ],
)
def test_a_cache_survives_a_zone_with_failover_and_a_replica_elsewhere(
    fields: dict[str, object], verdict: str
) -> None:  # semantics 53
    assert verdicts("AZ003", {"replication_group": {"shop-cache": fields}})["shop-cache"] == verdict


@pytest.mark.parametrize(("subnets", "verdict"), [(["a", "b"], "PASS"), (["a"], "FAIL"), (["a", "twin"], "FAIL")])
def test_zones_are_counted_not_subnets(subnets: list[str], verdict: str) -> None:  # semantics 54
    twin = {"vpc": "vpc-1", "cidrs": ["10.0.48.0/20"], "zone": "us-east-1a"}
    change: Change = {
        "subnet": {"subnet-public-twin": twin},
        "load_balancer": {ALB: {"subnets": [f"subnet-public-{at}" for at in subnets]}},
        "network_interface": {f"eni-alb-{at}": None for at in "abc" if at not in subnets},
    }

    assert verdicts("AZ001", change)["shop-alb"] == verdict


def test_zones_of_targets_count_apart_from_those_of_the_load_balancer() -> None:  # semantics 54
    one_zone: Change = {
        "auto_scaling_group": {
            "shop-app": {"subnets": ["subnet-app-a"], "zones": ["us-east-1a"], "instances": ["i-app-a"]}
        },
        "instance": {f"i-app-{at}": None for at in "bc"},
        "network_interface": {f"eni-app-{at}": None for at in "bc"},
    }

    assert verdicts("AZ001", one_zone)["shop-alb"] == "PASS"
    assert verdicts("AZ002", one_zone)["shop-app"] == "FAIL" and verdicts("AZ002")["shop-app"] == "PASS"


def between_app_and_database(*kinds: str) -> tuple[bool, bool]:
    """Tell whether the app surely and possibly reaches the database, without the listings of some kinds."""
    graph = shop({kind: dict.fromkeys(_ids(kind)) for kind in kinds}, kinds)
    source, target = (
        next(one.place for one in graph.endpoints.all() if f"eni-{name}" in one.interfaces)
        for name in ("app-a", "db-a")
    )
    passes = graph.reachability.between(source, target).passes
    return traffic.tcp(5432) <= passes.must, traffic.tcp(5432) <= passes.may


@pytest.mark.parametrize(
    "kinds", [("network_acl",), ("route_table",), ("vpc",), ("security_group", "security_group_rule")]
)
def test_a_listing_that_was_not_read_is_never_taken_for_empty(kinds: tuple[str, ...]) -> None:  # semantics 55
    assert between_app_and_database(*kinds) == (False, True)


@pytest.mark.parametrize("kinds", [(), ("internet_gateway",), ("instance",), ("load_balancer", "listener")])
def test_what_the_rest_decides_is_decided(kinds: tuple[str, ...]) -> None:  # semantics 55
    assert between_app_and_database(*kinds) == (True, True)


def _ids(kind: str) -> list[str]:
    graph = shop()
    return [one.id for one in graph.inventory.resources if one.kind == kind]


@pytest.mark.parametrize("rule", ["NET003", "NET004", "NET005", "NET006"])
def test_groups_that_were_not_read_leave_the_verdict_open(rule: str) -> None:  # semantics 55
    hidden: Change = {
        "security_group": dict.fromkeys(_ids("security_group")),
        "security_group_rule": dict.fromkeys(_ids("security_group_rule")),
    }

    assert set(verdicts(rule, hidden, ("security_group", "security_group_rule")).values()) == {"UNKNOWN"}
    assert set(verdicts(rule).values()) == {"PASS"}


def test_listeners_and_listings_carry_their_scope() -> None:  # semantics 55
    graph = Network().hide("Listener").graph()

    assert graph.index.missing(Listener, SCOPE) and not graph.index.all(Listener).complete


def test_every_required_flow_of_the_documented_shop_is_tried() -> None:  # semantics 41, 51
    view = stack_of(shop())
    flows = list(required_flows(view.stack, view.graph, blueprint()))

    assert {(flow.source.tier, flow.target.tier) for flow in flows if flow.source} == {
        ("edge", "app"),
        ("app", "cache"),
        ("app", "data"),
        ("app", "files"),
    }
    assert all(list(attempts(flow, view.graph)) for flow in flows)
