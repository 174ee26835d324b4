"""MyClothes.com: Route 53 -> load balancer -> Auto Scaling group -> session store, database and shared files."""

import pulumi

import settings
from access_logs import AccessLogs
from app import App
from aurora import Aurora
from cache import Cache
from certificate import Certificate
from database import Database
from dns import Dns
from edge import Edge
from files import Files
from firewall import Firewall
from flow_logs import FlowLogs
from hosted_zone import HostedZone
from network import Network
from sessions import SessionTable
from web_firewall import WebFirewall

shop = settings.load()
name = shop.name

network = Network(name, shop)
FlowLogs(name, shop, vpc_id=network.vpc.id)
firewall = Firewall(name, shop, vpc_id=network.vpc.id)

zone = HostedZone(name, shop)
certificate = Certificate(name, shop, zone_id=zone.zone_id)
logs = AccessLogs(name, shop)
edge = Edge(
    name,
    shop,
    vpc_id=network.vpc.id,
    subnets=network.public,
    security_group=firewall.edge,
    certificate_arn=certificate.arn,
    logs=logs,
)
if shop.web_firewall:
    WebFirewall(name, load_balancer=edge.load_balancer)
dns = Dns(name, shop, zone_id=zone.zone_id, load_balancer=edge.load_balancer)

sessions = (
    Cache(name, shop, subnets=network.data, security_group=firewall.cache)
    if firewall.cache
    else SessionTable(name, shop)
)
Engine = Aurora if shop.database_engine == "aurora" else Database
database = Engine(name, shop, zones=network.zones, subnets=network.data, security_group=firewall.database)
files = Files(name, shop, subnets=network.data, security_group=firewall.files) if firewall.files else None

app = App(
    name,
    shop,
    subnets=network.app,
    security_group=firewall.app,
    target_group=edge.target_group,
    environment={**sessions.environment, **database.environment, **(files.environment if files else {})},
    may={"sessions": sessions.policy, "database": database.policy},
    # A new instance mounts files, installs what it needs and reports to Session Manager in its first minute.
    after=[network, firewall, *([files] if files else [])],
)

pulumi.export("url", f"https://{shop.domain}")
pulumi.export("nameServers", zone.name_servers)
pulumi.export("loadBalancer", edge.load_balancer.dns_name)
pulumi.export("healthCheck", dns.health_check_id)
pulumi.export("accessLogs", logs.bucket.id)
pulumi.export("vpc", network.vpc.id)
pulumi.export("appGroup", app.group.name)
for key, value in {**sessions.environment, **database.environment}.items():
    head, *tail = key.lower().split("_")
    pulumi.export(head + "".join(word.title() for word in tail), value)
if files:
    pulumi.export("fileSystem", files.file_system.id)
if shop.protect:
    pulumi.export("toDestroy", "pulumi config set protect false && pulumi up && pulumi destroy")
