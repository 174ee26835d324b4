"""Snapshots: what is written is what is read, without secrets, whole or refused."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from checker.app import read
from checker.collect.snapshot.secrets import Cleaner, Removed
from checker.collect.snapshot.writing import cleaner_of, write
from checker.errors import SourceError, UsageError
from checker.model.call import DetailCall, ListCall
from checker.model.fact import Missing
from checker.model.record import Collection, Coverage, Gap, Origin, Record, Scope, Status
from checker.resources.catalog import kinds
from checker.resources.kind import Kind
from checker.resources.vpc import Vpc

HERE = Scope("111122223333", "eu-west-1")
GLOBAL = Scope("111122223333", "global")
LIVE = Origin("aws")
GAP = Gap("Vpc", HERE, "ec2:DescribeVpcs", Status.DENIED, "AccessDenied: no", "allow it")


def record(type_: str, raw: Mapping[str, object], scope: Scope = HERE) -> Record:
    return Record("aws-api", type_, scope, raw, LIVE)


def collection(*records: Record, gaps: tuple[Gap, ...] = ()) -> Collection:
    line = Coverage("aws", HERE, "ec2:DescribeVpcs", Status.OK, len(records))
    return Collection("aws", records, gaps, (line,), collected_at="2026-01-02T03:04:05+00:00", facts={"a": "b"})


def saved(folder: Path, found: Collection) -> Path:
    write(found, kinds(), folder / "snap")
    return folder / "snap"


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    detail = replace(GAP, type="LoadBalancer", item="elasticloadbalancing:DescribeTags", parent="lb")
    found = collection(
        record("Vpc", {"VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "a\u2028b ☂"}], "IsDefault": False}),
        record("LoadBalancer", {"LoadBalancerArn": "lb", "Attributes": detail, "$odd": {"$gap": 1}}),
        record("HostedZone", {"Id": "/hostedzone/Z1", "Count": 3}, GLOBAL),
        gaps=(GAP, detail),
    )

    again = read([saved(tmp_path, found)], None, kinds())

    assert sorted(map(repr, again.records)) == sorted(map(repr, found.records))
    assert (again.gaps, again.coverage, again.facts) == (found.gaps, found.coverage, found.facts)
    assert again.collected_at == found.collected_at
    assert again.source == "snapshot"


def test_equal_bytes_and_private_files(tmp_path: Path) -> None:
    found = collection(record("Vpc", {"VpcId": "vpc-1"}), record("HostedZone", {"Id": "Z1"}, GLOBAL))
    first, second = saved(tmp_path, found), tmp_path / "again"
    write(found, kinds(), second)

    assert content(first) == content(second)
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) for path in first.rglob("*") if path.is_file()}
        assert modes == {0o600}
        assert stat.S_IMODE(first.stat().st_mode) == 0o700


PLANTED = "hunter2-planted-secret"


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        ("LaunchTemplateVersion", {"LaunchTemplateId": "lt-1", "LaunchTemplateData": {"UserData": PLANTED}}),
        ("LaunchConfiguration", {"LaunchConfigurationName": "a", "UserData": PLANTED}),
        ("DBInstance", {"DBInstanceIdentifier": "a", "PendingModifiedValues": {"MasterUserPassword": PLANTED}}),
        (
            "DBInstance",
            {"DBInstanceIdentifier": "a", "Parameters": [{"ParameterName": "x_password", "ParameterValue": PLANTED}]},
        ),
        ("Listener", {"ListenerArn": "l", "DefaultActions": [{"AuthenticateOidcConfig": {"ClientSecret": PLANTED}}]}),
        ("ReplicationGroup", {"ReplicationGroupId": "a", "AuthToken": PLANTED}),
        ("Instance", {"InstanceId": "i-1", "Tags": [{"Key": "db-password", "Value": PLANTED}]}),
        ("Instance", {"InstanceId": "i-1", "Environment": {"Variables": {"HOST": PLANTED}}}),
        ("Instance", {"InstanceId": "i-1", "Tags": [{"Key": "url", "Value": f"https://me:{PLANTED}@db.example.com/"}]}),
        ("Instance", {"InstanceId": "i-1", "Notes": f"AKIAIOSFODNN7EXAMPLE {PLANTED}"}),
        ("Instance", {"InstanceId": "i-1", "Notes": f"-----BEGIN RSA PRIVATE KEY-----\n{PLANTED}"}),
        ("VpnConnection", {"VpnConnectionId": "v", "Options": {"TunnelOptions": [{"PreSharedKey": PLANTED}]}}),
        (
            "VpnConnection",
            {"VpnConnectionId": "v", "CustomerGatewayConfiguration": f"<pre_shared_key>{PLANTED}</pre_shared_key>"},
        ),
    ],
)
def test_planted_secrets_are_in_no_byte(tmp_path: Path, type_: str, raw: Mapping[str, object]) -> None:
    folder = saved(tmp_path, collection(record(type_, raw)))

    assert PLANTED.encode() not in content(folder)
    assert b"AKIAIOSFODNN7EXAMPLE" not in content(folder)


def test_secrets_in_errors_go_too(tmp_path: Path) -> None:
    error = "the key AKIAIOSFODNN7EXAMPLE was refused"
    line = Coverage("aws", HERE, "ec2:DescribeVpcs", Status.DENIED, 0, error)
    found = replace(collection(gaps=(replace(GAP, error=error),)), coverage=(line,))

    assert b"AKIAIOSFODNN7EXAMPLE" not in content(saved(tmp_path, found))


def test_removed_value_is_unknown_when_read(tmp_path: Path) -> None:
    folder = saved(tmp_path, collection(record("ReplicationGroup", {"ReplicationGroupId": "a", "AuthToken": "x"})))

    (again,) = read([folder], None, kinds()).records
    missing = again.raw["AuthToken"]
    assert isinstance(missing, Missing)
    assert "removed" in missing.fact


def test_what_rules_read_is_kept() -> None:
    """Names that say secret and hold none: fixed choices, flags, times and ARNs."""
    cleaner = cleaner_of(kinds())
    raw = {
        "MetadataOptions": {"HttpTokens": "required"},
        "AuthTokenEnabled": True,
        "CreationToken": "files",
        "MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:a"},
        "Auth": [{"SecretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:a", "IAMAuth": "REQUIRED"}],
        "Tags": [{"Key": "Name", "Value": "web"}],
        "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/a",
    }

    assert cleaner.clean(raw) == raw


def test_secret_names() -> None:
    cleaner = Cleaner(frozenset({"Marked"}), frozenset({"TokenState"}))

    cleaned = cleaner.clean({"Marked": "a", "TokenState": "b", "ApiKey": "c", "Passwords": ["d"], "ClientToken": "e"})

    assert cleaned == {
        "Marked": Removed(),
        "TokenState": "b",
        "ApiKey": Removed(),
        "Passwords": Removed(),
        "ClientToken": "e",
    }


@pytest.mark.parametrize("version", [2, 10])
def test_newer_format_is_refused(tmp_path: Path, version: int) -> None:
    folder = saved(tmp_path, collection(record("Vpc", {"VpcId": "vpc-1"})))
    manifest = folder / "manifest.json"
    manifest.write_text(
        manifest.read_text("utf-8").replace("tierproof.snapshot/1", f"tierproof.snapshot/{version}"), "utf-8"
    )

    with pytest.raises(UsageError, match=rf"version {version}.* version 1") as caught:
        read([folder], None, kinds())

    assert caught.value.exit_code == 2


def damage_truncate(folder: Path) -> None:
    path = next(folder.rglob("*.jsonl"))
    path.write_bytes(path.read_bytes()[:-20])


def damage_remove(folder: Path) -> None:
    next(folder.rglob("*.jsonl")).unlink()


def damage_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:200])


def damage_escape(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("111122223333/eu-west-1.jsonl", "../../x.jsonl"), "utf-8")


def damage_lists(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "gaps": 3}), "utf-8")


@pytest.mark.parametrize("damage", [damage_truncate, damage_remove, damage_manifest, damage_escape, damage_lists])
def test_damaged_snapshot_is_refused(tmp_path: Path, damage: object) -> None:
    folder = saved(tmp_path, collection(record("Vpc", {"VpcId": "vpc-1"})))
    assert callable(damage)
    damage(folder)

    with pytest.raises(SourceError, match="damaged") as caught:
        read([folder], None, kinds())

    assert str(folder) in caught.value.where
    assert "collect again" in caught.value.hint


def test_snapshot_is_replaced_and_other_folders_are_not(tmp_path: Path) -> None:
    folder = saved(tmp_path, collection(record("Vpc", {"VpcId": "vpc-1"})))
    write(collection(record("Vpc", {"VpcId": "vpc-2"}, Scope("111122223333", "us-east-1"))), kinds(), folder)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")

    assert [item.raw["VpcId"] for item in read([folder], None, kinds()).records] == ["vpc-2"]
    with pytest.raises(UsageError, match=r"thesis\.txt"):
        write(collection(), kinds(), mine)
    write(collection(), kinds(), mine, force=True)
    assert (mine / "thesis.txt").read_text() == "years of work"
    assert read([mine], None, kinds()).records == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "snap"]


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")

    with pytest.raises(UsageError, match="file"):
        write(collection(), kinds(), tmp_path / "a")
    with pytest.raises(UsageError, match="no folder"):
        write(collection(), kinds(), tmp_path / "b" / "c")


def test_kind_of_tomorrow_is_a_gap_and_not_empty(tmp_path: Path) -> None:
    """A type that nobody asked for when the snapshot was taken was not seen; so was a part of a known one."""
    folder = saved(tmp_path, collection(record("Vpc", {"VpcId": "vpc-1"})))
    listing = ListCall(service="ec2", operation="describe_new_things", type="NewThing", result="NewThings")
    detail = DetailCall(
        service="ec2",
        operation="describe_vpc_moods",
        of="Vpc",
        identity="VpcId",
        argument="VpcId",
        result="Mood",
        into="Mood",
    )
    tomorrow = Kind(type=Vpc, spellings={}, calls=(listing, detail))

    found = read([folder], None, [*kinds(), tomorrow])

    assert [(gap.type, gap.scope) for gap in found.gaps] == [("NewThing", HERE)]
    assert isinstance(found.records[0].raw["Mood"], Gap)


def test_two_snapshots_of_one_thing_disagree(tmp_path: Path) -> None:
    write(collection(record("Vpc", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"})), kinds(), tmp_path / "a")
    write(collection(record("Vpc", {"VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"})), kinds(), tmp_path / "b")

    both = read([tmp_path / "a", tmp_path / "b"], None, kinds())
    (found,) = both.records

    # Which two, is told by their folders; and it is the attribute that is unknown, not all details of the scope.
    assert isinstance(gap := found.raw["CidrBlock"], Gap)
    assert str(tmp_path / "a") in gap.error and str(tmp_path / "b") in gap.error
    assert not any(gap.parent for gap in both.gaps)
    assert found.raw["VpcId"] == "vpc-1"
