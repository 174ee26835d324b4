"""The documented stack in Terraform, as written and with one line changed so that it breaks a rule."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples/terraform"


@dataclass(frozen=True)
class Broken:
    """A line of a file that is changed, and the rules that then fail."""

    file: str
    before: str
    after: str
    rules: frozenset[str]


def _broken(file: str, before: str, after: str, *rules: str) -> Broken:
    return Broken(file, before, after, frozenset(rules))


_REDIRECT = """    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
"""
_DATABASE_RULE = """  description                  = "The app"
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 5432"""
_APP_RULE = """  description                  = "The load balancer"
  referenced_security_group_id = aws_security_group.edge.id"""
_GROUPS = "  vpc_security_group_ids = [aws_security_group.app.id]\n  update_default_version"
_PUBLIC = """  network_interfaces {
    associate_public_ip_address = true
    security_groups             = [aws_security_group.app.id]
  }
  update_default_version"""

_TO_CACHE = """  description                  = "The session cache"
  referenced_security_group_id = aws_security_group.cache[0].id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379"""

BROKEN: Mapping[str, Broken] = {
    "the database is open to the world": _broken(
        "security.tf",
        _DATABASE_RULE,
        _DATABASE_RULE.replace(
            "referenced_security_group_id = aws_security_group.app.id",
            'cidr_ipv4                    = "0.0.0.0/0"',
        ),
        "NET005",
    ),
    "the app is open to the world": _broken(
        "security.tf",
        _APP_RULE,
        _APP_RULE.replace(
            "referenced_security_group_id = aws_security_group.edge.id",
            'cidr_ipv4                    = "0.0.0.0/0"',
        ),
        "NET003",
    ),
    "the load balancer has another port open": _broken(
        "security.tf", "from_port         = 80\n", "from_port         = 22\n", "NET002"
    ),
    "no standby": _broken("database.tf", "multi_az                  = true", "multi_az = false", "AZ004"),
    "one subnet for the app": _broken(
        "app.tf",
        "= module.network.app_subnet_ids",
        "= [module.network.app_subnet_ids[0]]",
        "AZ002",
    ),
    "no read replica": _broken("database.tf", "toset(slice(local.zones, 1, 3))", "toset([])", "DAT001"),
    "sessions that do not stick": _broken("edge.tf", "cookie_duration = 3600", "enabled = false", "SES001"),
    "content by plain HTTP": _broken(
        "edge.tf",
        _REDIRECT,
        '    type             = "forward"\n    target_group_arn = aws_lb_target_group.app.arn\n',
        "EDG001",
    ),
    "a database on plain disks": _broken(
        "database.tf", "storage_encrypted         = true", "storage_encrypted = false", "DAT002"
    ),
    "a cache in clear text": _broken(
        "sessions.tf", "transit_encryption_enabled = true", "transit_encryption_enabled = false", "DAT003"
    ),
    "one instance": _broken("app.tf", "min_size                  = 3", "min_size = 1", "APP004"),
    "the app in public subnets": _broken(
        "network/routes.tf",
        "nat_gateway_id         = aws_nat_gateway.this[each.key].id",
        "gateway_id             = aws_internet_gateway.this.id",
        "NET009",
    ),
    "public addresses on launch": _broken("app.tf", _GROUPS, _PUBLIC, "APP003"),
    "old metadata": _broken("app.tf", '= "required"\n    http_put', '= "optional"\n    http_put', "APP001"),
    "old TLS": _broken("edge.tf", "TLS13-1-2-2021-06", "2016-08", "EDG003"),
    "no backups": _broken("database.tf", "backup_retention_period   = 7", "backup_retention_period = 0", "DAT004"),
    "one NAT gateway for all": _broken(
        "network/routes.tf", "aws_nat_gateway.this[each.key].id", "aws_nat_gateway.this[var.zones[0]].id", "AZ006"
    ),
    "the app misses its cache": _broken("sessions.tf", _TO_CACHE, _TO_CACHE.replace("6379", "6378"), "NET007"),
}


def write(folder: Path, *names: str) -> Path:
    """Write the example with the named lines broken, and return its folder."""
    shutil.copytree(EXAMPLE, folder)
    for name in names:
        broken = BROKEN[name]
        file = folder / broken.file
        text = file.read_text(encoding="utf-8")
        assert text.count(broken.before) == 1, name
        file.write_text(text.replace(broken.before, broken.after), encoding="utf-8")
    return folder
