"""What the program declares for `prod`, resource by resource."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.programs import Program, program

INFRA = Path(__file__).parents[2] / "infra"
RULES = ("SecurityGroupIngressRule", "SecurityGroupEgressRule")
# What cannot be made again from the program alone.
DATA = {"Zone", "Bucket", "FileSystem", "Secret", "ReplicationGroup"}


def test_every_rule_of_a_security_group_says_what_it_is_for(prod: Program) -> None:
    for rule in prod.all(*RULES):
        assert len(rule.inputs["description"]) > 5, rule.name


def test_rules_are_resources_of_their_own(prod: Program) -> None:
    assert not any({"ingress", "egress"} & set(group.inputs) for group in prod.all("SecurityGroup"))
    assert not any(one.type == "SecurityGroupRule" for one in prod.resources)


def test_only_the_world_is_named_by_addresses(prod: Program) -> None:
    by_address = {
        (rule.type, rule.inputs["securityGroupId"], rule.inputs["fromPort"]): rule.inputs["cidrIpv4"]
        for rule in prod.all(*RULES)
        if "referencedSecurityGroupId" not in rule.inputs
    }
    assert by_address == {
        ("SecurityGroupIngressRule", "myclothes-edge-id", 80): "0.0.0.0/0",
        ("SecurityGroupIngressRule", "myclothes-edge-id", 443): "0.0.0.0/0",
        ("SecurityGroupEgressRule", "myclothes-app-id", 443): "0.0.0.0/0",
    }


def test_what_holds_data_is_protected(prod: Program) -> None:
    protected = {(one.type, one.name) for one in prod.resources if one.protect}

    assert {type for type, _ in protected} == DATA | {"Instance"}
    assert all(one.protect for one in prod.all(*DATA))
    assert ("Instance", "myclothes-database") in protected
    database = next(one for one in prod.all("Instance") if "replicateSourceDb" not in one.inputs).inputs
    assert database["deletionProtection"]
    assert not database["skipFinalSnapshot"] and database["finalSnapshotIdentifier"]
    assert not database["deleteAutomatedBackups"] and database["backupRetentionPeriod"] == 14
    assert prod.all("LoadBalancer")[0].inputs["enableDeletionProtection"]
    assert "toDestroy" in prod.exports


@pytest.mark.sampled(one_in=4)
def test_without_protection_nothing_stands_in_the_way_of_a_destroy() -> None:
    bare = program("prod", "protect=false", "sessionStore=table", "databaseEngine=aurora")

    assert not any(one.protect for one in bare.resources)
    flags = ("deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection")
    assert not any(one.inputs.get(flag) for one in bare.resources for flag in flags)
    assert bare.all("Bucket")[0].inputs["forceDestroy"]
    assert "toDestroy" not in bare.exports


def test_passwords_are_secrets_from_the_beginning(prod: Program) -> None:
    holders = {(one.type, key) for one in prod.resources for key in one.secrets}

    assert holders == {("SecretVersion", "secretString"), ("ReplicationGroup", "authToken"), ("Instance", "password")}
    assert not any("drawn" in one.plain for one in prod.resources)


def test_instances_start_when_what_their_first_minute_needs_is_there(prod: Program) -> None:
    waits = {urn.split("::")[2].rpartition(":")[2] for urn in prod.all("Group")[0].after}
    assert {"MountTarget", "NatGateway", "Route", "VpcEndpoint", "SecurityGroupEgressRule"} <= waits


@pytest.mark.sampled(one_in=4)
def test_higher_passwords_make_new_versions_and_nothing_else(prod: Program) -> None:
    again = program("prod", "passwords=2")

    def names(of: Program) -> set[tuple[str, str]]:
        return {(one.type, one.name) for one in of.resources}

    assert {type for type, _ in names(prod) ^ names(again)} == {"SecretVersion"}
    assert not {one.name for one in prod.all("SecretVersion")} & {one.name for one in again.all("SecretVersion")}


def test_names_leave_room_for_what_pulumi_adds(prod: Program) -> None:
    # Load balancers and target groups have the shortest names: 32 characters, of which 8 are Pulumi's.
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    longest = {one.name.replace("myclothes", "x" * 18) for one in prod.all("LoadBalancer", "TargetGroup")}
    assert max(map(len, longest)) + 8 <= 32


def test_people_get_the_exports_that_they_need(prod: Program) -> None:
    assert {
        "url",
        "nameServers",
        "loadBalancer",
        "vpc",
        "appGroup",
        "cacheHost",
        "databaseHost",
        "databaseReaderHosts",
        "databaseSecret",
        "fileSystem",
        "accessLogs",
    } <= prod.exports


def test_the_program_imports_nothing_of_the_checker() -> None:
    for path in INFRA.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.partition(".")[0] in ("checker", "tierproof") for name in names), path


def test_no_module_hides_one_of_the_standard_library() -> None:
    # Pulumi puts the folder of the program first on the path.
    assert not {path.stem for path in INFRA.glob("*.py")} & (sys.stdlib_module_names - {"__main__"})


def test_each_component_has_a_file_of_its_own() -> None:
    for path in INFRA.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        components = [node for node in tree.body if isinstance(node, ast.ClassDef) and "Component" in ast.dump(node)]
        assert len(components) <= 1, path


def test_the_script_of_new_instances_is_a_script() -> None:
    done = subprocess.run(["bash", "-n", str(INFRA / "boot.sh")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
