"""The engine starts the pack, asks what it holds and lets it go."""

from pathlib import Path

import pytest
import yaml
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc
from typer.testing import CliRunner

import checker
from checker.cli.main import application
from checker.rules.catalog import rules
from tests.policies.crossguard.engine import PACK, configured, of_resource, pack, run
from tests.policies.crossguard.shop import Made, called, changed, shop

Service = analyzer_pb2_grpc.AnalyzerStub


def test_every_rule_is_a_policy_of_the_stack(service: Service) -> None:
    info = service.GetAnalyzerInfo(Empty())
    stack = {policy.name: policy for policy in info.policies if policy.policy_type == proto.POLICY_TYPE_STACK}

    assert info.supportsConfig
    assert set(stack) == {f"{rule.id}-{rule.name}" for rule in rules()} | {"STACKS-stack-not-seen"}
    for rule in rules():
        policy = stack[f"{rule.id}-{rule.name}"]
        assert policy.enforcementLevel == proto.MANDATORY
        assert policy.description.startswith(rule.title)
        assert policy.url.startswith("https://")
        assert policy.remediation_steps
        assert list(policy.tags) == list(rule.controls)
        assert proto.PolicySeverity.Name(policy.severity).endswith(str(rule.severity).upper())
        assert set(policy.configSchema.properties) == {"blueprint", "allow", "on_unknown"}
    # What was not seen is no fault of the stack.
    assert stack["STACKS-stack-not-seen"].enforcementLevel == proto.ADVISORY


def test_what_looks_at_one_resource_says_so(service: Service) -> None:
    policies = {policy.name: policy for policy in service.GetAnalyzerInfo(Empty()).policies}
    alone = {name for name, policy in policies.items() if policy.policy_type == proto.POLICY_TYPE_RESOURCE}

    assert alone
    assert all(
        name.endswith("-before-creation") and name.removesuffix("-before-creation") in policies for name in alone
    )
    assert all(set(policies[name].configSchema.properties) == {"blueprint", "blocks"} for name in alone)


def test_its_version_is_tierproofs(service: Service) -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))

    assert service.GetPluginInfo(Empty()).version == checker.__version__ == project["version"]
    assert service.GetAnalyzerInfo(Empty()).version == checker.__version__


def test_it_changes_nothing_and_leaves_other_clouds_alone(service: Service, name: str) -> None:
    bucket = Made(f"{name}-files", "gcp:storage/bucket:Bucket", {"location": "EU"})

    assert not service.Remediate(of_resource(bucket)).remediations
    assert not service.Analyze(of_resource(bucket)).diagnostics


def test_a_teams_own_pack_holds_the_same_policies_and_its_own_blueprint(tmp_path: Path) -> None:
    written = CliRunner().invoke(application(), ["init", "pulumi", "blueprint", "--into", str(tmp_path)])
    folder = tmp_path / "tierproof-policies"
    project = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    main = folder / "__main__.py"
    blueprint = tmp_path / "tierproof-blueprint.yaml"
    text = blueprint.read_text(encoding="utf-8")
    blueprint.write_text(text.replace("stickiness: required", "stickiness: optional"), encoding="utf-8")
    main.write_text(
        main.read_text(encoding="utf-8").replace(
            "serve(Path(__file__).parent)", 'serve(Path(__file__).parent, blueprint="../tierproof-blueprint.yaml")'
        ),
        encoding="utf-8",
    )
    loose = changed(shop(), "targets", stickiness={"type": "lb_cookie", "enabled": False})

    assert written.exit_code == 0
    assert project["runtime"]["name"] == "python"
    assert (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == "tierproof[crossguard]"
    assert "optional" in blueprint.read_text(encoding="utf-8")
    with pack(folder) as service:
        assert len(service.GetAnalyzerInfo(Empty()).policies) > len(rules())
        assert run(service, called(loose, "team")) == []
        service.Configure(configured({"SES001-session-not-sticky": {"blueprint": str(_default())}}))
        assert [one.rule for one in run(service, called(loose, "team"))] == ["SES001"]


def test_all_files_of_a_teams_pack_are_written_or_none(tmp_path: Path) -> None:
    main = tmp_path / "tierproof-policies" / "__main__.py"
    main.parent.mkdir()
    main.write_text("mine", encoding="utf-8")
    refused = CliRunner().invoke(application(), ["init", "pulumi", "--into", str(tmp_path)])

    assert refused.exit_code == 2
    assert [path.name for path in main.parent.iterdir()] == ["__main__.py"]
    assert main.read_text(encoding="utf-8") == "mine"


def _default() -> Path:
    return PACK.parent / "blueprints" / "three_tier_web.yaml"


@pytest.mark.parametrize("missing", ["PulumiPolicy.yaml", "__main__.py", "requirements.txt"])
def test_the_pack_is_whole(missing: str) -> None:
    assert (PACK / missing).is_file()
