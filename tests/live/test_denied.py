"""Every call of an audit refused in turn: what could not be read is named, and never becomes a PASS."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from checker.app import policy
from checker.demo import shop
from checker.demo.plan import ShopOptions
from tests.live.account import FORKS, Account, Audit, World, audit, rule

pytestmark = pytest.mark.skipif(not FORKS, reason="accounts are copied by forking")
FAULT_KINDS: Mapping[str, Mapping[str, object]] = {
    "denied": {"code": "DENY"},
    "throttled": {"code": "THROTTLE"},
    "failed": {"code": "InternalFailure", "status": 500},
    "garbage": {"garbage": True},
    "reset": {"reset": True},
}
STATUS = {"denied": "denied", "throttled": "throttled", "failed": "failed", "garbage": "failed", "reset": "failed"}
PARTS = 6
# Every call is denied; the other ways to fail lead to the same gap, so a few calls of different services do.
SAMPLE = (
    "ec2.DescribeSecurityGroupRules",
    "ec2.DescribeRouteTables",
    "elasticloadbalancing.DescribeListeners",
    "rds.DescribeDBInstances",
    "dynamodb.DescribeTable",
)


def _broken(world: World) -> None:
    """A shop with a table and a cluster, one with a cache and instances, and in each something that is wrong."""
    for name, options in {
        "one": ShopOptions(custom_acls=True),
        "two": ShopOptions(sessions="table", database="aurora", cidr="10.1.0.0/16", files=False),
    }.items():
        ids = world.shops[name] = shop.build(world.session, name, options)
        world.change(name, rule(ids["sg.db"], 5432, IpRanges=[{"CidrIp": "0.0.0.0/0"}]))
        world.change(name, rule(ids["sg.app"], (8080, 9090), UserIdGroupPairs=[{"GroupId": ids["sg.alb"]}]))
        off = [{"Key": "stickiness.enabled", "Value": "false"}]
        world.client("elbv2").modify_target_group_attributes(TargetGroupArn=ids["tg"], Attributes=off)
        forward = [{"Type": "forward", "TargetGroupArn": ids["tg"]}]
        world.client("elbv2").modify_listener(ListenerArn=ids["listener.http"], DefaultActions=forward)
        world.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=ids["asg"], VPCZoneIdentifier=ids["subnet.app.0"], HealthCheckType="EC2", MinSize=1
        )
    two = world.shops["two"]
    world.client("rds").modify_db_cluster(DBClusterIdentifier=two["db"], DeletionProtection=False)
    world.client("iam").delete_role_policy(RoleName=two["role"], PolicyName="sessions")
    one = world.shops["one"]
    world.client("rds").modify_db_instance(
        DBInstanceIdentifier=one["db"], MultiAZ=False, BackupRetentionPeriod=0, ApplyImmediately=True
    )


def _listed(world: World) -> tuple[Audit, list[str]]:
    world.emulator.calls.clear()
    return audit(world), sorted(set(world.emulator.calls) - {"sts.GetCallerIdentity"})


def _with_faults(world: World, faults: Sequence[Mapping[str, object]], workers: int = 4, attempts: int = 2) -> Audit:
    world.emulator.faults = list(faults)
    return audit(world, workers=workers, max_attempts=attempts)


def _with_actions(world: World, actions: Sequence[str]) -> Audit:
    world.emulator.deny_except(list(actions))
    return audit(world)


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    made = Account(_broken)
    yield made
    made.close()


@pytest.fixture(scope="session")
def listed(account: Account) -> tuple[Audit, list[str]]:
    """Return the audit with every call answered, and the calls it made as service.Action."""
    done: tuple[Audit, list[str]] = account.run(_listed)
    return done


def _verdicts(done: Audit) -> dict[str, str]:
    return {each["key"]: each["verdict"] for each in done.results()}


def _unread(done: Audit) -> dict[str, str]:
    """Return the calls that were not answered, each with its status."""
    lines = done.report["coverage"]
    return {line["item"]: line["status"] for line in lines if line["status"] not in ("ok", "empty")}


def _wrongs(call: str, kind: str, done: Audit, usual: Audit) -> Iterator[str]:
    """Yield what is wrong with an audit that lacked one call."""
    if done.exit_code not in (1, 4):
        yield f"{call} {kind}: exit code {done.exit_code}"
    told = _unread(done).get(call.replace(".", ":"))
    if told != STATUS[kind]:
        yield f"{call} {kind}: the ledger says {told}"
    after = _verdicts(done)
    for key, verdict in _verdicts(usual).items():
        if verdict == "FAIL" and after.get(key) in ("PASS", "NOT_APPLICABLE"):
            yield f"{call} {kind}: {key} was FAIL and is {after[key]}"
    for result in done.results("ERROR"):
        yield f"{call} {kind}: {result['rule']} {result['message']}"
    for result in done.results("UNKNOWN"):
        if not result["missing"]:
            yield f"{call} {kind}: {result['key']} names nothing that is missing"


def test_account_is_broken_enough(listed: tuple[Audit, list[str]]) -> None:
    usual, calls = listed

    assert usual.told("UNKNOWN", "ERROR") == []
    assert len({each["rule"] for each in usual.results("FAIL")}) > 10
    assert len(calls) > 25
    assert set(SAMPLE) <= set(calls)


@pytest.mark.sampled(one_in=8)
@pytest.mark.parametrize("part", range(PARTS))
def test_denied_call_is_named_and_makes_nothing_pass(
    account: Account, listed: tuple[Audit, list[str]], part: int
) -> None:
    usual, calls = listed
    wrongs: list[str] = []
    for call in calls[part::PARTS]:
        service, action = call.split(".")
        done = account.run(_with_faults, [{"service": service, "action": action, "code": "DENY"}])
        wrongs.extend(_wrongs(call, "denied", done, usual))

    assert wrongs == []


@pytest.mark.sampled(one_in=8)
@pytest.mark.parametrize("kind", [kind for kind in FAULT_KINDS if kind != "denied"])
def test_call_that_fails_otherwise_is_named_and_makes_nothing_pass(
    account: Account, listed: tuple[Audit, list[str]], kind: str
) -> None:
    usual, _ = listed
    wrongs: list[str] = []
    for call in SAMPLE[:-1] if kind == "garbage" else SAMPLE:
        service, action = call.split(".")
        done = account.run(_with_faults, [{"service": service, "action": action, **FAULT_KINDS[kind]}])
        wrongs.extend(_wrongs(call, kind, done, usual))

    assert wrongs == []


def test_detail_answered_with_garbage_is_named(account: Account, listed: tuple[Audit, list[str]]) -> None:
    usual, _ = listed
    done = account.run(_with_faults, [{"service": "dynamodb", "action": "DescribeTable", "garbage": True}])

    assert list(_wrongs("dynamodb.DescribeTable", "garbage", done, usual)) == []


def test_load_balancers_denied_is_unknown_as_nothing_can_be_judged(account: Account) -> None:
    denied = {"service": "elasticloadbalancing", "action": "DescribeLoadBalancers", "code": "DENY"}
    done = account.run(_with_faults, [denied])

    assert (done.exit_code, done.results("FAIL", "PASS")) == (4, [])
    assert [each["subject"]["kind"] for each in done.results("UNKNOWN")] == ["scope"]


def test_every_third_call_throttled_changes_no_verdict(account: Account, listed: tuple[Audit, list[str]]) -> None:
    usual, _ = listed
    done = account.run(_with_faults, [{"code": "THROTTLE", "every": 3}], 1, 6)

    assert _unread(done) == {}
    assert done.report == usual.report


def _needed() -> list[str]:
    statement = policy()["Statement"]
    assert isinstance(statement, list)
    return sorted(set(statement[0]["Action"]) - {"ec2:DescribeRegions"})


def test_policy_is_enough(account: Account, listed: tuple[Audit, list[str]]) -> None:
    usual, _ = listed
    done = account.run(_with_actions, _needed())

    assert done.report == usual.report


@pytest.mark.sampled(one_in=8)
@pytest.mark.parametrize("part", range(PARTS))
def test_policy_has_nothing_to_spare(account: Account, listed: tuple[Audit, list[str]], part: int) -> None:
    """Without any action that this account's audit makes use of, there is a gap that names it."""
    _, calls = listed
    used = [action for action in _needed() if action.replace(":", ".") in calls]
    spared = []
    for action in used[part::PARTS]:
        done = account.run(_with_actions, [each for each in _needed() if each != action])
        if _unread(done) != {action: "denied"}:
            spared.append((action, _unread(done)))

    assert spared == []


def test_policy_names_what_the_audit_calls(listed: tuple[Audit, list[str]]) -> None:
    _, calls = listed

    assert {call.replace(".", ":") for call in calls} <= set(_needed())


def test_nothing_allowed_but_one_call_is_no_pass(account: Account) -> None:
    done = account.run(_with_actions, ["ec2:DescribeVpcs"])

    assert done.exit_code == 4
    assert done.results("PASS", "FAIL") == []
