"""A listener of a load balancer, with its rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known, known_or
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, text_of, texts_at
from checker.resources.terraform import common


@dataclass(frozen=True)
class Action:
    """What is done with a request; `target_groups` are `(ARN, weight)` pairs of a forward, `sticky` between them.

    `protocol`, `port` and `status_code` are those of a redirect; `#{protocol}` and `#{port}` are the listener's own.
    """

    type: str
    target_groups: tuple[tuple[str, int], ...] = ()
    sticky: bool = False
    protocol: str | None = None
    port: str | None = None
    status_code: str | None = None


@dataclass(frozen=True)
class ListenerRule:
    """A rule; `priority` is a number's text, or `default`."""

    id: str
    is_default: bool
    priority: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Listener(Resource):
    """A listener, called by its ARN; `actions` are its default ones, `rules` may include the default rule.

    `rules` are empty where they were not asked because they could change nothing: another rule of an HTTPS listener
    whose load balancer has one target group, and which forwards to it by default, can only forward to that group.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
    """

    kind = "listener"
    belongs = ("load_balancer",)

    load_balancer: Fact[str]
    port: Fact[int]
    protocol: Fact[str]
    policy: Fact[str | None]
    certificates: Fact[tuple[str, ...]]
    actions: Fact[tuple[Action, ...]]
    rules: Fact[tuple[ListenerRule, ...]]


def _from_api(reader: Reader) -> Iterator[Listener]:
    yield Listener(
        id=reader.must("ListenerArn"),
        scope=reader.scope,
        origin=reader.origin,
        arn=reader.plain("ListenerArn"),
        load_balancer=reader.text("LoadBalancerArn"),
        port=reader.number("Port"),
        protocol=reader.text("Protocol"),
        policy=reader.maybe("SslPolicy"),
        certificates=reader.texts("Certificates", "CertificateArn"),
        actions=reader.each("DefaultActions", _action),
        rules=_rules(reader),
    )


def _rules(reader: Reader) -> Fact[tuple[ListenerRule, ...]]:
    # The rules of HTTP listeners are always asked, so without an answer they were not read.
    if reader.plain("Protocol") == "HTTP" and not reader.has("Rules"):
        return reader.unknown("Rules")
    return reader.each("Rules", _rule)


def _rule(reader: Reader) -> Fact[ListenerRule]:
    priority = reader.plain("Priority", "default")
    return reader.flag("IsDefault", default=priority == "default").then(
        lambda is_default: reader.each("Actions", _action).map(
            lambda actions: ListenerRule(reader.plain("RuleArn"), is_default, priority, actions)
        )
    )


def _action(reader: Reader) -> Fact[Action]:
    return reader.text("Type").then(lambda type_: _action_of(reader, type_))


def _action_of(reader: Reader, type_: str) -> Fact[Action]:
    match type_:
        case "redirect":
            return _redirect(reader)
        case "forward":
            return _forward(reader)
        case _:
            return Known(Action(type_))


def _redirect(reader: Reader) -> Fact[Action]:
    return reader.text("RedirectConfig.Protocol", default="#{protocol}").then(
        lambda protocol: reader.text("RedirectConfig.Port", default="#{port}").then(
            lambda port: reader.maybe("RedirectConfig.StatusCode").map(
                lambda code: Action("redirect", protocol=protocol, port=port, status_code=code)
            )
        )
    )


def _forward(reader: Reader) -> Fact[Action]:
    return _targets(reader).then(
        lambda groups: reader.flag("ForwardConfig.TargetGroupStickinessConfig.Enabled", default=False).map(
            lambda sticky: Action("forward", groups, sticky)
        )
    )


def _targets(reader: Reader) -> Fact[tuple[tuple[str, int], ...]]:
    # A forward to one group may be told by its ARN alone; where both are there, they name the same group.
    if reader.has("ForwardConfig.TargetGroups"):
        return reader.each("ForwardConfig.TargetGroups", _weighted)
    return reader.text("TargetGroupArn").map(lambda arn: ((arn, 1),))


def _weighted(reader: Reader) -> Fact[tuple[str, int]]:
    return reader.text("TargetGroupArn").then(
        lambda arn: reader.number("Weight", default=1).map(lambda weight: (arn, weight))
    )


_DECLARED_RULE = "aws_lb_listener_rule"
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (SslPolicy)
_POLICY_UNASKED = "ELBSecurityPolicy-2016-08"


def _from_terraform(reader: Reader) -> Iterator[Listener]:
    """Yield an `aws_lb_listener` with the rules that name it.

    Certificates that are attached besides the listener's own are left out, as they are in the API's answer.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener
    """
    protocol = _declared_protocol(reader)
    yield Listener(
        **common(reader, "name"),
        load_balancer=reader.id("load_balancer_arn"),
        port=reader.number("port"),
        protocol=protocol,
        policy=protocol.then(lambda found: _declared_policy(reader, found)),
        certificates=reader.maybe_id("certificate_arn").map(lambda arn: (arn,) if arn else ()),
        actions=reader.each("default_action", _declared_action),
        rules=reader.each(_DECLARED_RULE, _declared_rule),
    )


def _declared_protocol(reader: Reader) -> Fact[str]:
    # Only listeners of application load balancers may leave it out, and those of gateways, which have no port either.
    if reader.has("protocol") or not reader.has("port"):
        return reader.text("protocol").map(str.upper)
    return Known("HTTP")


def _declared_policy(reader: Reader, protocol: str) -> Fact[str | None]:
    own = reader.maybe("ssl_policy")
    return own.map(lambda name: name or (_POLICY_UNASKED if protocol in ("HTTPS", "TLS") else None))


def _declared_rule(rule: Reader) -> Fact[ListenerRule]:
    # A rule without a priority gets the next that is free.
    priority = known_or(rule.text("priority", default=""), "")
    return rule.each("action", _declared_action).map(
        lambda actions: ListenerRule(known_or(rule.maybe_id("id"), None) or "", False, priority, actions)
    )


def _declared_action(action: Reader) -> Fact[Action]:
    return action.text("type").then(lambda type_: _declared_action_of(action, type_))


def _declared_action_of(action: Reader, type_: str) -> Fact[Action]:
    if type_ == "redirect":
        return action.text("redirect.protocol", default="#{protocol}").then(
            lambda protocol: action.text("redirect.port", default="#{port}").then(
                lambda port: action.maybe("redirect.status_code").map(
                    lambda code: Action("redirect", protocol=protocol, port=port, status_code=code)
                )
            )
        )
    if type_ != "forward":
        return Known(Action(type_))
    if not action.has("forward.target_group"):
        return action.id("target_group_arn").map(lambda arn: Action("forward", ((arn, 1),)))
    return action.each("forward.target_group", _declared_weight).then(
        lambda groups: action.flag("forward.stickiness.enabled", default=False).map(
            lambda sticky: Action("forward", groups, sticky)
        )
    )


def _declared_weight(group: Reader) -> Fact[tuple[str, int]]:
    return group.id("arn").then(lambda arn: group.number("weight", default=1).map(lambda weight: (arn, weight)))


def _of_each_balancer(seen: Seen) -> Iterator[Mapping[str, object]]:
    # A gateway load balancer's listener takes every packet and tells nothing.
    for balancer in seen.raw("LoadBalancer"):
        if balancer.get("Type") != "gateway":
            yield {"LoadBalancerArn": balancer.get("LoadBalancerArn")}


def _rules_matter(listener: Raw, seen: Seen) -> bool:
    if listener.get("Protocol") != "HTTPS":
        return listener.get("Protocol") == "HTTP"
    balancer = listener.get("LoadBalancerArn")
    attached = {
        text_of(group, "TargetGroupArn")
        for group in seen.raw("TargetGroup")
        if balancer in tuple(texts_at(group, "LoadBalancerArns"))
    }
    forwarded = set(texts_at(listener, "DefaultActions.TargetGroupArn"))
    forwarded.update(texts_at(listener, "DefaultActions.ForwardConfig.TargetGroups.TargetGroupArn"))
    return not seen.complete("TargetGroup") or len(attached) != 1 or forwarded != attached


KIND = Kind(
    type=Listener,
    spellings={
        ("aws-api", "Listener"): _from_api,
        ("terraform", "aws_lb_listener"): _from_terraform,
        ("terraform", "data.aws_lb_listener"): _from_terraform,
    },
    parts=tuple(
        Part(type=_DECLARED_RULE, of=of, by="listener_arn") for of in ("aws_lb_listener", "data.aws_lb_listener")
    ),
    calls=(
        ListCall(
            service="elbv2",
            operation="describe_listeners",
            type="Listener",
            result="Listeners",
            page=("PageSize", 400),
            after=("LoadBalancer",),
            each=_of_each_balancer,
        ),
        DetailCall(
            service="elbv2",
            operation="describe_rules",
            of="Listener",
            identity="ListenerArn",
            argument="ListenerArn",
            result="Rules",
            into="Rules",
            page=("PageSize", 400),
            after=("TargetGroup",),
            when=_rules_matter,
        ),
    ),
)
