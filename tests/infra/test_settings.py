"""What may be set for a stack, and what is said of everything else."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from types import ModuleType

import pytest

pulumi = pytest.importorskip("pulumi")

INFRA = Path(__file__).parents[2] / "infra"
MODULES = ("settings", "configuration")


@pytest.fixture(scope="module")
def settings() -> Iterator[ModuleType]:
    """Import the program's settings as the program does: from its own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(INFRA))
        yield importlib.import_module("settings")
    for name in MODULES:
        sys.modules.pop(name, None)


def parsed(settings: ModuleType, values: Mapping[str, str]) -> object:
    given = {"domain": "shop.example.com", **values}
    return settings.parse(given.get, given, region="eu-west-1", project="myclothes")


def refusal(settings: ModuleType, values: Mapping[str, str]) -> list[str]:
    """Return the lines that say what is wrong with a configuration, without the first."""
    with pytest.raises(pulumi.RunError) as raised:
        parsed(settings, values)
    return [line.removeprefix("- ") for line in str(raised.value).splitlines()[1:]]


def test_what_is_not_set_has_its_default(settings: ModuleType) -> None:
    assert parsed(settings, {}) == settings.Settings(region="eu-west-1", domain="shop.example.com")


def test_what_is_set_is_taken(settings: ModuleType) -> None:
    texts = {
        "name": "shop",
        "cidr": "172.16.0.0/20",
        "zones": "2",
        "natGateways": "regional",
        "hostedZoneId": "Z0123456789ABC",
        "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1-2",
        "webFirewall": "true",
        "healthCheck": "false",
        "appImage": "/shop/image-arm64",
        "appInstanceType": "m7g.large",
        "appMin": "20",
        "appMax": "40",
        "sessionStore": "table",
        "cacheNodeType": "cache.r7g.large",
        "files": "false",
        "databaseEngine": "aurora",
        "databaseClass": "db.r7g.large",
        "databaseReaders": "15",
        "databaseStorage": "100",
        "passwords": "3",
        "backupDays": "35",
        "logDays": "365",
        "protect": "false",
        "finalSnapshot": "false",
    }

    expected = settings.Settings(
        region="eu-west-1",
        domain="shop.example.com",
        name="shop",
        cidr=IPv4Network("172.16.0.0/20"),
        zones=2,
        nat_gateways="regional",
        hosted_zone_id="Z0123456789ABC",
        certificate_arn="arn:aws:acm:eu-west-1:123456789012:certificate/1-2",
        web_firewall=True,
        health_check=False,
        app_image="/shop/image-arm64",
        app_instance_type="m7g.large",
        app_min=20,
        app_max=40,
        session_store="table",
        cache_node_type="cache.r7g.large",
        files=False,
        database_engine="aurora",
        database_class="db.r7g.large",
        database_readers=15,
        database_storage=100,
        passwords=3,
        backup_days=35,
        log_days=365,
        protect=False,
        final_snapshot=False,
    )
    assert parsed(settings, texts) == expected


def test_every_setting_has_a_key(settings: ModuleType) -> None:
    asked: set[str] = set()

    def get(key: str) -> str | None:
        asked.add(key)
        return "shop.example.com" if key == "domain" else None

    settings.parse(get, (), region="eu-west-1", project="myclothes")
    head = [name.split("_") for name in settings.Settings.__dataclass_fields__ if name != "region"]
    assert asked == {first + "".join(map(str.title, rest)) for first, *rest in head}


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("domain", "Shop.example.com", "a domain"),
        ("domain", "localhost", "a domain"),
        ("domain", "https://shop.example.com", "a domain"),
        ("name", "x", "3 to 18 small letters"),
        ("name", "a-name-of-nineteen-c", "3 to 18 small letters"),
        ("name", "shop_1", "3 to 18 small letters"),
        ("name", "my--shop", "single hyphens"),
        ("name", "internal-shop", "not `internal`"),
        ("cidr", "10.0.0.0/15", "/16 to /23"),
        ("cidr", "10.0.0.0/24", "/16 to /23"),
        ("cidr", "10.0.0.1/16", "private IPv4"),
        ("cidr", "8.8.0.0/16", "private IPv4"),
        ("cidr", "fd00::/16", "private IPv4"),
        ("cidr", "127.0.0.0/16", "private IPv4"),
        ("cidr", "169.254.0.0/16", "private IPv4"),
        ("cidr", "240.0.0.0/16", "private IPv4"),
        ("zones", "1", "from 2 to 3"),
        ("zones", "4", "from 2 to 3"),
        ("zones", "three", "from 2 to 3"),
        ("zones", "2.0", "from 2 to 3"),
        ("natGateways", "none", "zone or regional or one"),
        ("hostedZoneId", "shop.example.com", "the id of a hosted zone"),
        ("certificateArn", "arn:aws:iam::123456789012:server-certificate/x", "a certificate of ACM"),
        ("certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1-2", "ACM in eu-west-1"),
        ("webFirewall", "yes", "true or false"),
        ("webFirewall", "True", "true or false"),
        ("appImage", "ami-123", "a parameter of SSM"),
        ("appInstanceType", "t3", "a type of instance"),
        ("appMin", "1", "from 2 to 99"),
        ("appMax", "3", "from 4 to 500"),
        ("sessionStore", "dynamodb", "cache or table"),
        ("cacheNodeType", "t4g.small", "a type of cache node"),
        ("databaseEngine", "postgres", "rds or aurora"),
        ("databaseClass", "t4g.medium", "a class of database instances"),
        ("databaseReaders", "0", "from 1 to 5"),
        ("databaseReaders", "6", "from 1 to 5"),
        ("databaseStorage", "10", "from 20 to"),
        ("databaseStorage", "16385", "from 20 to 16384"),
        ("passwords", "0", "from 1 to"),
        ("backupDays", "0", "from 1 to 35"),
        ("logDays", "10", "7 or 14 or 30"),
        ("protect", "", "true or false"),
    ],
)
def test_a_bad_value_is_told_with_its_key_what_is_allowed_and_what_to_type(
    settings: ModuleType, key: str, value: str, allowed: str
) -> None:
    (line,) = refusal(settings, {key: value})

    assert line.startswith(f"myclothes:{key} is {value!r}; it has to be ")
    assert allowed in line
    assert line.endswith(f"pulumi config set {key} VALUE")


def test_aurora_has_up_to_fifteen_readers_and_no_small_instances(settings: ModuleType) -> None:
    aurora = {"databaseEngine": "aurora"}
    assert "from 1 to 15" in refusal(settings, {**aurora, "databaseReaders": "16"})[0]
    assert "db.t4g.medium" in refusal(settings, {**aurora, "databaseClass": "db.t4g.micro"})[0]


def test_an_image_for_other_processors_than_the_instances_have_is_refused(settings: ModuleType) -> None:
    (line,) = refusal(settings, {"appInstanceType": "t4g.small"})
    assert line.startswith("myclothes:appImage is ") and "t4g.small" in line
    parsed(settings, {"appInstanceType": "t4g.small", "appImage": line.split()[-1]})
    # The g before the generation is for graphics.
    assert "x86_64" in refusal(settings, {"appInstanceType": "g6.xlarge", "appImage": "/shop/arm64"})[0]


def test_a_setting_that_there_is_not_is_refused(settings: ModuleType) -> None:
    (line,) = refusal(settings, {"natGateway": "one"})
    assert line == "myclothes:natGateway is no setting; did you mean natGateways? pulumi config rm natGateway"


def test_a_domain_has_to_be_set(settings: ModuleType) -> None:
    with pytest.raises(pulumi.RunError, match=r"myclothes:domain is not set; .*: pulumi config set domain VALUE"):
        settings.parse({}.get, (), region="eu-west-1", project="myclothes")


def test_all_that_is_wrong_is_told_at_once(settings: ModuleType) -> None:
    lines = refusal(settings, {"zones": "9", "protect": "maybe", "logDays": "2"})
    assert [line.split()[0] for line in lines] == ["myclothes:zones", "myclothes:logDays", "myclothes:protect"]
