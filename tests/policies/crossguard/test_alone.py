"""What one resource decides alone is told before it is made, and blocks where it is known to be of the shop."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.conftest import Configure
from tests.policies.crossguard.engine import Violation, of_resource, violations
from tests.policies.crossguard.faults import WRONG
from tests.policies.crossguard.shop import Made, Of, OneOf, called, changed, shop

Service = analyzer_pb2_grpc.AnalyzerStub
TABLE = Made("table", "aws:dynamodb/table:Table", {"hashKey": "id", "attributes": [{"name": "id", "type": "S"}]})


def ask(service: Service, made: tuple[Made, ...], name: str, *, preview: bool = True) -> list[Violation]:
    [one] = [one for one in made if one.name == name]
    return violations(service.Analyze(of_resource(one, made, preview=preview)))


def policies_alone(service: Service) -> set[str]:
    return {
        policy.name
        for policy in service.GetAnalyzerInfo(Empty()).policies
        if policy.policy_type == proto.POLICY_TYPE_RESOURCE
    }


def test_every_such_policy_is_tried(service: Service) -> None:
    assert {name.partition("-")[0] for name in policies_alone(service)} == set(WRONG)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("rule", WRONG)
def test_a_fault_of_one_resource_is_told_before_it_is_made(
    service: Service, name: str, rule: str, preview: bool
) -> None:
    which, inputs = WRONG[rule]
    [told] = ask(service, called(changed(shop(), which, **inputs), name), f"{name}-{which}", preview=preview)

    assert (told.rule, told.name) == (rule, f"{name}-{which}")
    # Whether it is of the documented shop at all is not known of one resource.
    assert told.level == "advisory"
    assert "not decided" not in told.message


def test_nothing_is_told_of_the_documented_shop(service: Service, name: str) -> None:
    made = called(shop(), name)

    assert [told for one in made for told in violations(service.Analyze(of_resource(one, made)))] == []


def test_the_engine_may_ask_for_several_at_once(service: Service, name: str) -> None:
    faulty = shop()
    for which, inputs in WRONG.values():
        faulty = changed(faulty, which, **inputs)
    made = called(faulty, name)
    asked = [of_resource(one, made) for one in made] * 2
    with ThreadPoolExecutor(8) as pool:
        found = [one for answer in pool.map(service.Analyze, asked) for one in violations(answer)]

    assert sorted(one.rule for one in found) == sorted([*WRONG, *WRONG])


def test_what_is_not_known_is_not_told(service: Service, name: str) -> None:
    for which, inputs in WRONG.values():
        hidden = {key: OneOf((Of("vpc"),)) for key in inputs}
        assert ask(service, called(changed(shop(), which, **hidden), name), f"{name}-{which}") == []


def test_what_is_claimed_for_a_stack_is_blocked(service: Service, name: str) -> None:
    claimed = changed(shop(), "database", multiAz=False, tags={"tierproof:stack": "shop"})
    [told] = ask(service, called(claimed, name), f"{name}-database")

    assert (told.rule, told.level) == ("AZ004", "mandatory")


def test_a_team_lets_everything_be_blocked(service: Service, configure: Configure, name: str) -> None:
    configure({"AZ004-database-in-one-zone-before-creation": {"blocks": "every"}})
    [told] = ask(service, called(changed(shop(), "database", multiAz=False), name), f"{name}-database")

    assert told.level == "mandatory"


def test_a_table_of_nobodys_is_left_alone(service: Service, configure: Configure, name: str) -> None:
    [table] = called([TABLE], name)
    before = violations(service.Analyze(of_resource(table)))
    configure({"DAT004-no-backups-before-creation": {"blocks": "every"}})
    after = violations(service.Analyze(of_resource(table)))

    assert before == []
    assert [(one.rule, one.level) for one in after] == [("DAT004", "mandatory")]


def test_a_node_of_another_store_is_judged_with_that(service: Service, name: str) -> None:
    given = {"clusterIdentifier": "orders", "instanceClass": "db.r6g.large", "engine": "aurora-postgresql"}
    [node] = called([Made("node", "aws:rds/clusterInstance:ClusterInstance", given)], name)

    assert violations(service.Analyze(of_resource(node))) == []


def test_what_the_members_of_a_cluster_decide_is_left_to_them(service: Service, name: str) -> None:
    kept = {"storageEncrypted": True, "backupRetentionPeriod": 7, "deletionProtection": True}
    cluster = Made("orders", "aws:rds/cluster:Cluster", {"engine": "aurora-postgresql", **kept})
    # A preview of a new stack does not know the cluster's name yet.
    given = {"clusterIdentifier": Of("orders"), "instanceClass": "db.r6g.large", "engine": "aurora-postgresql"}
    made = called([cluster, Made("node", "aws:rds/clusterInstance:ClusterInstance", given)], name)

    assert [told for one in made for told in violations(service.Analyze(of_resource(one, made)))] == []
