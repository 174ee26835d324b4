"""A program of two files that is run once in each spelling, for all tests of what the evaluator tells."""

PROGRAM = """
import ipaddress
import json
import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

def tagged(args):
    if args.type_.startswith("aws:sns"):
        return pulumi.ResourceTransformResult({**args.props, "tags": {"team": "a"}}, args.opts)

pulumi.runtime.register_resource_transform(tagged)
config = pulumi.Config()
print("PRINTED")
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
zones = aws.get_availability_zones(state="available")
class Net(pulumi.ComponentResource):
    def __init__(self, name: str, opts=None):
        super().__init__("shop:net:Net", name, {}, opts)
        self.subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24",
            availability_zone=zones.names[0], opts=ResourceOptions(parent=self))
        self.register_outputs({"subnet": self.subnet.id})
net = Net("net")
found = aws.ec2.get_vpc(default=True)
inner = str(next(ipaddress.ip_network(found.cidr_block).subnets(new_prefix=24)))
aws.ec2.Subnet("inner", vpc_id=found.id, cidr_block=inner)
for n, each in enumerate(aws.ec2.get_subnets().ids):
    aws.ec2.Instance(f"host-{n}", subnet_id=each, ami="ami-1", instance_type="t3.micro")
vpc.id.apply(lambda id: aws.sns.Topic("in-apply", name=id))
bucket = aws.sns.Topic("topic")
policy = aws.iam.get_policy_document_output(statements=[{"actions": ["sns:Publish"], "resources": [bucket.arn]}])
aws.sns.TopicPolicy("policy", arn=bucket.arn, policy=policy.json)
aws.sns.Topic("port", display_name=config.require_secret_int("port").apply(lambda p: str(p + 1)))
west = aws.Provider("west", region="us-west-2")
aws.sns.Topic("region", name=aws.get_region(opts=pulumi.InvokeOptions(provider=west)).region)
aws.sns.Topic("twice")
aws.sns.Topic("twice")
if pulumi.runtime.is_dry_run():
    aws.sns.Topic("only-preview")
other = pulumi.StackReference("acme/net/dev")
aws.sns.Topic("theirs", name=other.get_output("name"))
unread = pulumi.StackReference("unread", stack_name="acme/unread/dev")
unread.get_output("ids").apply(lambda ids: [aws.sns.Topic(i) for i in ids])
unread.get_output("name").apply(lambda name: name.upper())
certificate = aws.acm.Certificate("certificate", domain_name="a.example", subject_alternative_names=["b.example"])
certificate.domain_validation_options.apply(lambda options: [
    aws.sns.Topic(f"option-{n}", name=o.resource_record_name) for n, o in enumerate(options)])
class Far(pulumi.ComponentResource):
    vpc_id: Output[str]
    def __init__(self, name: str):
        super().__init__("awsx:ec2:Vpc", name, {"vpc_id": None}, None, True)
aws.ec2.Subnet("far-subnet", vpc_id=Far("far").vpc_id, cidr_block="10.0.2.0/24")
class Loose(pulumi.CustomResource):
    def __init__(self, name: str, props):
        super().__init__("aws:ec2/loose:Loose", name, props)
Loose("loose", {"vpc": vpc})
seen = aws.ec2.Vpc.get("seen", "vpc-77")
aws.sns.Topic("from-json", name=json.loads(found.main_route_table_id)["user"])
pulumi.export("url", Output.concat("https://", net.subnet.arn))
import questions
"""
# Each line that asks something says what; no number that is drawn answers it with yes.
QUESTIONS = """
import copy, enum, fnmatch, ipaddress, json, pickle, re
import jinja2, yaml
import pulumi, pulumi_aws as aws
me = aws.get_caller_identity()
account = me.account_id
tags = aws.ec2.get_vpc(default=True).tags
SIZES = {"123456789012": "large"}
class Accounts:
    NAMES = {"123456789012": "prod"}
    @classmethod
    def name_of(cls, number):
        return cls.NAMES.get(number)  # asked: is in a table
vpc = aws.ec2.Vpc("asked", cidr_block="10.0.0.0/16")
class Stage(str, enum.Enum):
    PROD = "prod"
Stage(me.user_id) == Stage.PROD  # asked: is a Stage
account == "123456789012"  # asked: is '123456789012'
"123456789012" != str(account)  # asked: is '123456789012'
SIZES.get(account, "small")  # asked: is in a table
account in SIZES  # asked: is in a table
{"1": 2}.get(account)  # asked: is in a table
account in ["1"]  # asked: is '1'
account in {"1", "2"}  # asked: is in a table
Accounts.name_of(account)
match account:
    case "777":  # asked: is '777'
        pass
account.startswith(("12345678", "1234567"))  # asked: begins with '12345678'
me.arn.endswith("/admin")  # asked: ends with '/admin'
"admin" in me.arn  # asked: has 'admin'
me.arn.find("admin")  # asked: has 'admin'
me.arn.split("/")[-1].lower() == "admin"  # asked: is 'admin'
("x" + account)[:9] == "x12345678"  # asked: is 'x12345678'
re.match("^12345678", account)  # asked: matches '^12345678'
fnmatch.fnmatch(account, "12345678*")  # asked: matches '12345678*'
me.user_id.split(",")  # asked: has ','
tags.get("stage", "dev")  # asked: is there under 'stage'
"stage" in tags  # asked: is there under 'stage'
vpc.id.apply(lambda id: id == "vpc-1")  # asked: is 'vpc-1'
pulumi.Output.concat("v-", vpc.id).apply(lambda text: text == "v-1")  # asked: is 'v-1'
pulumi.Config().require_secret("password").apply(lambda text: text == "hunter2")  # asked: is what it is compared with
pulumi.Config().get("password") == "hunter2"  # asked: is what it is compared with
# None of what follows is one.
zones = aws.get_availability_zones().names
found = aws.ec2.get_vpc(default=True)
NAMES = {"vpc": "main"}
owners = {account: 1}
owners[account], account in owners, owners.get(account)
seen = {each for each in aws.ec2.get_subnets().ids}
seen.add(account)
zones[0] in zones, zones.index(zones[1]), {zone: n for n, zone in enumerate(zones)}
account == me.account_id, account == "", account == None, not account
me.arn.endswith("/*"), me.arn.startswith(me.arn[:3])
vpc.id.apply(lambda id: {id: NAMES["vpc"]})
pulumi.Output.all(vpc.id, vpc.arn).apply(lambda both: dict(zip(["a", "b"], both)))
ipaddress.ip_network(found.cidr_block)
assert isinstance(account, str) and copy.deepcopy(account) == account == pickle.loads(pickle.dumps(account))
text = "|".join([json.dumps({"a": account, "t": found.tags}), yaml.safe_dump([account]), yaml.dump(found.tags),
                 jinja2.Template("{{ a }} {{ t.Name }}", autoescape=True).render(a=account, t=found.tags)])
aws.ec2.SecurityGroup("text", name=text, description=account, tags=found.tags)
"""
REQUEST = {
    "config": {"shop:port": None, "shop:password": None, "aws:region": "eu-west-1"},
    "secret_keys": ["shop:port", "shop:password"],
    "stack_outputs": {"acme/net/dev": {"name": "given", "password": "[secret]"}},
}
