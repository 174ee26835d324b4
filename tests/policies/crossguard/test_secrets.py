"""Secrets come to the pack in plain text, and none of them leaves it."""

from collections.abc import Mapping

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.engine import UNKNOWN, Violation, of_resource, of_stack, secret, violations
from tests.policies.crossguard.shop import Made, called, changed, shop

Service = analyzer_pb2_grpc.AnalyzerStub


def planted(value: object) -> object:
    """Return a value whose texts are secrets that say so."""
    if isinstance(value, Mapping):
        return {key: planted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [planted(item) for item in value]
    return secret(f"hunter2-{value}") if isinstance(value, str) and value != UNKNOWN else value


def plant(properties: Struct, key: str | None = None) -> None:
    """Make secrets of one property, or of each."""
    for name in [key] if key else list(properties):
        properties.update({name: planted(_plain(properties[name]))})


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if hasattr(value, "append") else value  # type: ignore[attr-defined]  # a list of protobuf's


def said(service: Service, made: tuple[Made, ...], stack: proto.AnalyzeStackRequest) -> list[Violation]:
    found: list[Violation] = []
    for one in made:
        request = of_resource(one, made, preview=False)
        plant(request.properties)
        found.extend(violations(service.Analyze(request)))
    return [*found, *violations(service.AnalyzeStack(stack))]


def test_a_secret_in_every_property_of_everything_reaches_no_message(service: Service, name: str) -> None:
    made = called(shop(), name)
    stack = of_stack(made, preview=False)
    for resource in stack.resources:
        plant(resource.properties)
    found = said(service, made, stack)

    # Nothing is known any more, which is told.
    assert found
    assert "hunter2" not in str(found)


def test_a_secret_in_each_kind_of_property_reaches_no_message(service: Service, name: str) -> None:
    faulty = changed(shop(), "database", multiAz=False, storageEncrypted=False)
    made = called(changed(faulty, "cache", multiAzEnabled=False), name)
    keys = sorted({key for one in made for key in one.inputs})
    for start in range(4):
        stack = of_stack(made, preview=False)
        for resource in stack.resources:
            for key in keys[start::4]:
                if key in resource.properties:
                    plant(resource.properties, key)
        assert "hunter2" not in str(violations(service.AnalyzeStack(stack)))


def test_what_aws_makes_of_a_secret_and_does_not_mark_is_hidden_too(service: Service, name: str) -> None:
    made = called(changed(shop(), "database", multiAz=False), name)
    stack = of_stack(made, preview=False)
    [database] = [one for one in stack.resources if one.name == f"{name}-database"]
    database.properties.update({"identifier": "hunter2", "password": secret("hunter2")})
    database.properties.update({"arn": "arn:aws:rds:eu-west-1:123456789012:db:hunter2", "id": "db-hunter2"})
    found = violations(service.AnalyzeStack(stack))

    assert {one.rule for one in found} >= {"AZ004"}
    assert "hunter2" not in str(found)
    assert "[secret]" in str(found)


def test_secrets_of_the_configuration_are_hidden(process: Service, service: Service, name: str) -> None:
    given = {"shop:token": "hunter2"}
    process.ConfigureStack(
        proto.AnalyzerStackConfigureRequest(
            stack="dev", project="shop", config=given, config_secret_keys=["shop:token"]
        )
    )
    made = called(changed(shop(), "database", multiAz=False, identifier="hunter2"), name)
    found = violations(service.AnalyzeStack(of_stack(made, preview=False)))

    assert [one.rule for one in found] == ["AZ004"]
    assert "hunter2" not in str(found)
