"""Classic Load Balancers: raw answers as the first generation's API gives them."""

import pytest

from checker.model.call import Raw
from checker.model.fact import Fact, Known
from checker.model.record import Gap, Origin, Record, Scope, Status
from checker.resources import classic_load_balancer
from checker.resources.classic_load_balancer import ClassicListener, ClassicLoadBalancer
from checker.resources.reader import Reader

HERE = Scope("111122223333", "eu-west-1")
GAP = Gap("X", HERE, "elasticloadbalancing:DescribeX", Status.DENIED, "denied", "allow it")
WHOLE: Raw = {
    "LoadBalancerName": "old-shop",
    "DNSName": "Old-Shop-1.eu-west-1.elb.amazonaws.com",
    "Scheme": "internet-facing",
    "VPCId": "vpc-1",
    "Subnets": ["subnet-1", "subnet-2"],
    "SecurityGroups": ["sg-1"],
    "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
    "HealthCheck": {"Target": "HTTP:8081/health:deep", "Interval": 30},
    "ListenerDescriptions": [
        {"Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTP", "InstancePort": 8080}},
        {"Listener": {"Protocol": "tcp", "LoadBalancerPort": 25, "InstancePort": 2525}, "PolicyNames": []},
    ],
    "Attributes": {"CrossZoneLoadBalancing": {"Enabled": False}},
}


def read(raw: Raw) -> ClassicLoadBalancer:
    record = Record("aws-api", "ClassicLoadBalancer", HERE, raw, Origin("aws"))
    (found,) = classic_load_balancer.KIND.spellings["aws-api", "ClassicLoadBalancer"](Reader.of(record))
    return found


def value(fact: Fact[object]) -> object:
    assert isinstance(fact, Known), fact
    return fact.value


def test_a_classic_balancer_tells_its_place_and_who_stands_behind_it() -> None:
    found = read(WHOLE)

    assert (found.id, found.name, value(found.internet_facing)) == ("old-shop", "old-shop", True)
    assert value(found.dns_name) == "old-shop-1.eu-west-1.elb.amazonaws.com"
    assert (value(found.vpc), value(found.subnets)) == ("vpc-1", ("subnet-1", "subnet-2"))
    assert (value(found.groups), value(found.instances)) == (("sg-1",), ("i-1", "i-2"))
    assert value(found.cross_zone) is False


def test_a_listener_without_a_protocol_behind_it_keeps_its_own() -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html."""
    assert value(read(WHOLE).listeners) == (
        ClassicListener("HTTPS", 443, "HTTP", 8080),
        ClassicListener("TCP", 25, "TCP", 2525),
    )


@pytest.mark.parametrize(("target", "port"), [("TCP:5000", 5000), ("HTTP:80/a/b", 80), ("SSL:443", 443)])
def test_health_checks_name_their_port(target: str, port: int) -> None:
    assert value(read({**WHOLE, "HealthCheck": {"Target": target}}).health_port) == port


@pytest.mark.parametrize("target", ["HTTP", "HTTP:/", "HTTP:many"])
def test_a_health_check_of_another_shape_is_unknown(target: str) -> None:
    assert read({**WHOLE, "HealthCheck": {"Target": target}}).health_port.missing


def test_what_was_not_read_is_unknown() -> None:
    found = read(
        {**WHOLE, **dict.fromkeys(("Scheme", "ListenerDescriptions", "Instances", "Subnets", "Attributes"), GAP)}
    )

    for fact in (found.internet_facing, found.listeners, found.instances, found.subnets, found.cross_zone):
        assert fact.missing == (GAP.missing,)
    assert read({key: item for key, item in WHOLE.items() if key != "Attributes"}).cross_zone.missing


def test_a_balancer_without_instances_has_none() -> None:
    assert value(read({key: item for key, item in WHOLE.items() if key != "Instances"}).instances) == ()


@pytest.mark.parametrize("listener", [{}, {"Protocol": "TCP"}, {"Protocol": "TCP", "LoadBalancerPort": 80}])
def test_a_listener_that_hides_its_ends_is_unknown(listener: Raw) -> None:
    assert read({**WHOLE, "ListenerDescriptions": [{"Listener": listener}]}).listeners.missing
