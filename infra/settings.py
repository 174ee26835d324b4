"""What can be set for a stack, what it may be and what it is by default: `pulumi config set KEY VALUE`."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

import pulumi

from configuration import Reader, keys

NatGateways = Literal["zone", "regional", "one"]
SessionStore = Literal["cache", "table"]
Engine = Literal["rds", "aurora"]

# Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html (Aurora: up to 15)
MOST_READERS: dict[Engine, int] = {"rds": 5, "aurora": 15}
# A subnet is a sixteenth of the network, and a load balancer wants one of /27 or larger.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
LARGEST_BLOCK, SMALLEST_BLOCK = 16, 23
# GiB. The disk grows to four times of what it begins with, and RDS has none above 64 TiB.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
GROWTH, LARGEST_STORAGE = 4, 65536
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
LONGEST_BACKUP = 35
# Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_DAYS = ("1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731", "1096", "1827")

# Databases refuse two hyphens in a row, and load balancers a name that begins with `internal-`.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
_NAME = re.compile(r"(?!internal(-|$))(?!.*--)[a-z][a-z0-9-]{1,16}[a-z0-9]")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_NAMES = "3 to 18 small letters, digits and single hyphens, a letter first and not `internal`"
_ZONE_ID = re.compile(r"Z[A-Z0-9]{1,31}")
_INSTANCE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
# Instances with AWS's own processors have a `g` behind their generation.
# Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
_ARM = re.compile(r"(a1|[a-z]+[0-9]+g[a-z0-9-]*)\..+")
_CACHE = re.compile(r"cache\.[a-z0-9]+\.[a-z0-9]+")
# Aurora has no class below medium.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html
_DATABASE: dict[Engine, re.Pattern[str]] = {
    "rds": re.compile(r"db\.[a-z0-9]+\.[a-z0-9]+"),
    "aurora": re.compile(r"db\.[a-z0-9]+\.(?!micro|small)[a-z0-9]+"),
}
_IMAGE = re.compile(r"/[\w./-]+")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one stack. The defaults are a shop that sells; `Pulumi.dev.yaml` is the small one."""

    region: str
    """`aws:region`; it needs as many Availability Zones as `zones` says."""
    domain: str
    """Name that the shop is reached by. It has no default."""
    name: str = "myclothes"
    """What the names of all resources begin with."""
    cidr: IPv4Network = IPv4Network("10.0.0.0/16")
    """Addresses of the network."""
    zones: int = 3
    """Availability Zones that the shop stands in."""
    nat_gateways: NatGateways = "zone"
    """`zone`: one in each zone; `regional`: one, which AWS keeps in every zone; `one`: one in the first zone only."""
    hosted_zone_id: str | None = None
    """Hosted zone of the domain, if there is one; else one is made."""
    certificate_arn: str | None = None
    """Certificate of ACM for the domain, if there is one; else one is requested and validated in the hosted zone."""
    web_firewall: bool = False
    """Whether AWS WAF looks at requests before the load balancer takes them."""
    health_check: bool = True
    """Whether Route 53 looks at the shop from outside."""
    app_image: str = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    """Parameter of SSM that holds the id of the app's image."""
    app_instance_type: str = "t3.small"
    app_min: int = 3
    app_max: int = 12
    session_store: SessionStore = "cache"
    """Where sessions are kept: `cache` for ElastiCache, `table` for DynamoDB."""
    cache_node_type: str = "cache.t4g.small"
    files: bool = True
    """Whether the instances share a file system."""
    database_engine: Engine = "rds"
    """Which PostgreSQL: RDS with a standby, or Aurora."""
    database_class: str = "db.t4g.medium"
    database_readers: int = 2
    database_storage: int = 50
    """GiB of the database's disk to begin with; it grows by itself. Aurora needs no such number."""
    passwords: int = 1
    """How often passwords were drawn: a higher number replaces those of the database and of the cache."""
    backup_days: int = 7
    log_days: int = 30
    protect: bool = True
    """Whether Pulumi and AWS refuse to delete what holds data: to be set to false, and applied, before a destroy."""
    final_snapshot: bool = True
    """Whether a database that is deleted leaves a snapshot."""


def load() -> Settings:
    """Return the settings of the running stack; raises as `parse` does."""
    config = pulumi.Config()
    return parse(config.get, keys(config.name), region=pulumi.Config("aws").require("region"), project=config.name)


def parse(get: Callable[[str], str | None], given: Collection[str], *, region: str, project: str) -> Settings:
    """Return the settings that `get` finds by their keys; `given` are the keys that are set.

    Raises:
        pulumi.RunError: one line for everything that is wrong; Pulumi prints it without a traceback.
    """
    read, usual = Reader(get, project), Settings(region=region, domain="")
    engine = read.choice("databaseEngine", MOST_READERS, usual.database_engine)
    app_min = read.number("appMin", 2, 99, usual.app_min)
    settings = Settings(
        region=region,
        domain=read.required("domain", _DOMAIN, "a domain in small letters, such as shop.example.com"),
        name=read.text("name", _NAME, _NAMES, usual.name),
        cidr=read.block("cidr", LARGEST_BLOCK, SMALLEST_BLOCK, usual.cidr),
        zones=read.number("zones", 2, 3, usual.zones),
        nat_gateways=read.choice("natGateways", ("zone", "regional", "one"), usual.nat_gateways),
        hosted_zone_id=read.optional("hostedZoneId", _ZONE_ID, "the id of a hosted zone, such as Z0123456789ABC"),
        # A load balancer takes certificates of its own Region only.
        certificate_arn=read.optional(
            "certificateArn",
            re.compile(rf"arn:aws[a-z-]*:acm:{re.escape(region)}:[0-9]{{12}}:certificate/[\w-]+"),
            f"the ARN of a certificate of ACM in {region}",
        ),
        web_firewall=read.switch("webFirewall", default=usual.web_firewall),
        health_check=read.switch("healthCheck", default=usual.health_check),
        app_image=read.text("appImage", _IMAGE, "the name of a parameter of SSM", usual.app_image),
        app_instance_type=read.text("appInstanceType", _INSTANCE, "a type of instance", usual.app_instance_type),
        app_min=app_min,
        # A group that cannot grow is no answer to a sale.
        app_max=read.number("appMax", app_min + 1, 500, max(usual.app_max, app_min + 1)),
        session_store=read.choice("sessionStore", ("cache", "table"), usual.session_store),
        cache_node_type=read.text("cacheNodeType", _CACHE, "a type of cache node", usual.cache_node_type),
        files=read.switch("files", default=usual.files),
        database_engine=engine,
        database_class=read.text(
            "databaseClass", _DATABASE[engine], f"a class of database instances for {engine}", usual.database_class
        ),
        database_readers=read.number("databaseReaders", 1, MOST_READERS[engine], usual.database_readers),
        database_storage=read.number("databaseStorage", 20, LARGEST_STORAGE // GROWTH, usual.database_storage),
        passwords=read.number("passwords", 1, 9999, usual.passwords),
        backup_days=read.number("backupDays", 1, LONGEST_BACKUP, usual.backup_days),
        log_days=int(read.choice("logDays", LOG_DAYS, str(usual.log_days))),
        protect=read.switch("protect", default=usual.protect),
        final_snapshot=read.switch("finalSnapshot", default=usual.final_snapshot),
    )
    read.problems.extend(_unbootable(settings, project))
    read.refuse_others(given)
    if read.problems:
        raise pulumi.RunError("\n- ".join(("the configuration of this stack has to be mended:", *read.problems)))
    return settings


def _unbootable(settings: Settings, project: str) -> Iterator[str]:
    """Yield what is wrong where the image's name tells that it is for other processors than the instances have."""
    fits, other = ("arm64", "x86_64") if _ARM.fullmatch(settings.app_instance_type) else ("x86_64", "arm64")
    if other in settings.app_image:
        yield (
            f"{project}:appImage is {settings.app_image!r}; {settings.app_instance_type} has to have one for {fits}: "
            f"pulumi config set appImage {settings.app_image.replace(other, fits)}"
        )
