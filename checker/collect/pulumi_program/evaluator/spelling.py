"""How what is not known before an apply is spelled in this run.

Two runs of a program spell the same thing differently; what both agree on does not hang on it.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets

_PREFIXES = {
    "vpc": "vpc",
    "defaultVpc": "vpc",
    "subnet": "subnet",
    "defaultSubnet": "subnet",
    "securityGroup": "sg",
    "defaultSecurityGroup": "sg",
    "securityGroupRule": "sgrule",
    "securityGroupIngressRule": "sgr",
    "securityGroupEgressRule": "sgr",
    "instance": "i",
    "internetGateway": "igw",
    "egressOnlyInternetGateway": "eigw",
    "natGateway": "nat",
    "eip": "eipalloc",
    "allocation": "eipalloc",
    "association": "eipassoc",
    "routeTable": "rtb",
    "mainRouteTable": "rtb",
    "defaultRouteTable": "rtb",
    "routeTableAssociation": "rtbassoc",
    "networkAcl": "acl",
    "defaultNetworkAcl": "acl",
    "networkInterface": "eni",
    "primaryNetworkInterface": "eni",
    "launchTemplate": "lt",
    "volume": "vol",
    "snapshot": "snap",
    "ami": "ami",
    "image": "ami",
    "vpcEndpoint": "vpce",
    "vpcPeeringConnection": "pcx",
    "transitGateway": "tgw",
    "fileSystem": "fs",
    "mountTarget": "fsmt",
    "accessPoint": "fsap",
    "prefixList": "pl",
    "managedPrefixList": "pl",
    "dhcpOptions": "dopt",
    "keyPair": "key",
    "flowLog": "fl",
}
# Types whose id is their ARN.
_ARN_IDS = (
    "aws:lb/",
    "aws:alb/",
    "aws:acm/certificate:",
    "aws:sns/topic:",
    "aws:iam/policy:",
    "aws:ecs/cluster:",
    "aws:ecs/service:",
    "aws:secretsmanager/secret:",
)
_SERVICES = {
    "lb": "elasticloadbalancing",
    "alb": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "efs": "elasticfilesystem",
}
# Services whose ARNs have no Region; those of buckets have no account either.
_GLOBAL = ("s3", "iam", "route53", "cloudfront")
_HOSTS = ("dnsname", "endpoint", "address", "hostname", "fqdn", "domainname", "publicdns", "privatedns", "domain")
_ADDRESS = re.compile(r"(^|[a-z0-9])(ip|ips|Ip|Ips|ip[aA]ddress(es)?|IpAddress(es)?)$")
_NETWORK = re.compile(r"[cC]idr(Block)?s?$")
_ACCOUNTS = ("accountid", "ownerid", "owner", "account", "registryid", "callerreference")


class Spelling:
    """Placeholders of one run, the same for the same key, told from real values by a mark that cannot be guessed."""

    def __init__(self, name: str, region: str) -> None:
        self.name = name
        self.region = region
        self.is_first = name != "two"
        self.is_preview = name == "preview"
        token = secrets.token_hex(8)
        # In the first run the mark looks like part of an id; in the second its capital shows what changes letters.
        self.marker = "abcdef"[int(token[0], 16) % 6] + token[1:8] if self.is_first else f"Q{token[:11]}"
        self._account = str(10**11 + int(self._digest("account"), 16) % (9 * 10**11))

    def text(self, key: str, property: str, token: str = "", label: str = "") -> str:
        """Return the placeholder for a text property, in the form that AWS gives such a property.

        `key` names it within the run. `token` is the type of what it is a property of and `label` its name.
        """
        unique = self.marker + self._digest(key)[:8]
        last = _last(property)
        lower = last.lower()
        # Forms that a program takes apart have one in both runs: numbers and addresses cannot carry a mark.
        if _NETWORK.search(last):
            return self._network6(key) if "v6" in lower else self._network(key)
        if _ADDRESS.search(last):
            return self._address(key)
        if lower in _ACCOUNTS:
            return self.account()
        if lower.endswith(("arn", "arns")) or (property == "id" and token.startswith(_ARN_IDS)):
            return self._arn(unique, token, label)
        if not self.is_first:
            return f"Z{unique}x"
        return self._realistic(unique, last, token, label)

    def _realistic(self, unique: str, last: str, token: str, label: str) -> str:
        lower, slug = last.lower(), _slug(label)
        is_own = last in ("id", "ids")
        kind = _kind(token) if is_own else re.sub(r"Ids?$", "", last)
        if is_own or re.search(r"Ids?$", last):
            if kind in _PREFIXES:
                return f"{_PREFIXES[kind]}-0{unique}"
            if lower.endswith("zoneid") or kind == "zone":
                return f"Z0{unique}"
            return f"{slug}{unique}"
        if lower.endswith(("url", "uri")):
            return f"https://{slug}{unique}.amazonaws.com/{unique}"
        if lower.endswith(_HOSTS):
            port = ":5432" if lower == "endpoint" and token.startswith("aws:rds/instance:") else ""
            return f"{slug}{unique}.{self.region or 'us-east-1'}.amazonaws.com{port}"
        if lower.endswith(("json", "policy", "document")):
            return f'{{"Version":"2012-10-17","Id":"{unique}","Statement":[]}}'
        return f"{slug}{unique}"

    def _arn(self, unique: str, token: str, label: str) -> str:
        module = re.split(r"[:/]", token)[1] if ":" in token else ""
        service = _SERVICES.get(module, module) or "service"
        place = "" if service in _GLOBAL else self.region or "us-east-1"
        account = "" if service == "s3" else self.account()
        if not self.is_first:
            place = place and f"Z{unique}r"
            return f"Arn:Z{unique}p:Z{unique}s:{place}:{account}:Z{unique}t/Z{unique}n"
        kind = "" if service == "s3" else f"{_kind(token) or 'thing'}/"
        return f"arn:aws:{service}:{place}:{account}:{kind}{_slug(label)}{unique}"

    def account(self) -> str:
        """Return the number of the account: twelve digits."""
        return self._account

    def _network(self, key: str) -> str:
        # Addresses that are reserved and never assigned: no program has them from elsewhere.
        number = int(self._digest(key), 16)
        if self.is_first:
            return f"{240 + number % 7}.{number >> 8 & 255}.0.0/16"
        return f"{248 + number % 7}.{number >> 8 & 255}.{number >> 16 & 240}.0/20"

    def _network6(self, key: str) -> str:
        # Addresses for documentation.
        digest = self._digest(key)
        return f"2001:db8:1{digest[:3]}:1{digest[3:4]}00::/{56 if self.is_first else 60}"

    def _address(self, key: str) -> str:
        number = int(self._digest(key), 16)
        first = 240 + number % 7 if self.is_first else 248 + number % 7
        return f"{first}.{number >> 8 & 255}.{number >> 16 & 255}.{1 + (number >> 24) % 254}"

    def number(self, key: str) -> int:
        """Return a number that stands for a property such as a port, within the range of ports."""
        number = int(self._digest(key), 16)
        return 20001 + number % 19000 if self.is_first else 40001 + number % 19000

    @property
    def small(self) -> int:
        """A number that a program may count to."""
        return 1 if self.is_first else 2

    @property
    def length(self) -> int:
        """How many items a list has whose length is not known."""
        return 3 if self.is_first else 2

    @property
    def truth(self) -> bool:
        """What a boolean is that is not known."""
        return self.is_first

    def _digest(self, key: str) -> str:
        return hashlib.sha256(f"{self.marker}|{key}".encode()).hexdigest()


@functools.lru_cache(maxsize=4096)
def _kind(token: str) -> str:
    """Return what a type or a function is of: `subnet` for `aws:ec2/getSubnets:getSubnets`."""
    name = token.rsplit(":", 1)[-1]
    name = name.removeprefix("get")
    name = name[:1].lower() + name[1:]
    return name[:-1] if name[:-1] in _PREFIXES else name


@functools.lru_cache(maxsize=4096)
def _last(path: str) -> str:
    """Return the last name of a path, not counting places in lists."""
    return [part for part in path.split(".") if not part.isdigit()][-1]


@functools.lru_cache(maxsize=4096)
def _slug(label: str) -> str:
    kept = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:20]
    return f"{kept}-" if kept else ""
