"""Pulumi mocks for unit tests of programs that use intermodal.

    class TestScan(unittest.TestCase):
        def setUp(self) -> None:
            self.cloud = Mocks()
            pulumi.runtime.set_mocks(self.cloud, project="shop", stack="test")

        @pulumi.runtime.test
        def test_scan_is_on_lambda(self) -> None:
            import program
            ...

Pulumi's documented mocks also work: `new_resource` returns the inputs, and `call` returns `{}`. With them, the program
gets no ARNs or IDs from AWS.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from pulumi.runtime import MockCallArgs, MockResourceArgs
from pulumi.runtime import Mocks as PulumiMocks

ACCOUNT = "123456789012"
REGION = "eu-central-1"

ARNS: Mapping[str, str] = {
    "aws:appautoscaling/policy:Policy": "autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{name}",
    "aws:cloudwatch/eventBus:EventBus": "events:{region}:{account}:event-bus/{name}",
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:dynamodb/table:Table": "dynamodb:{region}:{account}:table/{name}",
    "aws:ec2/securityGroup:SecurityGroup": "ec2:{region}:{account}:security-group/{id}",
    "aws:ec2/vpc:Vpc": "ec2:{region}:{account}:vpc/{id}",
    "aws:ecr/repository:Repository": "ecr:{region}:{account}:repository/{name}",
    "aws:ecs/cluster:Cluster": "ecs:{region}:{account}:cluster/{name}",
    "aws:ecs/service:Service": "ecs:{region}:{account}:service/{name}",
    "aws:ecs/taskDefinition:TaskDefinition": "ecs:{region}:{account}:task-definition/{family}:1",
    "aws:iam/policy:Policy": "iam::{account}:policy/{name}",
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{uuid}",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "lambda:{region}:{account}:event-source-mapping:{uuid}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{name}",
    "aws:s3/bucket:Bucket": "s3:::{name}",
    "aws:scheduler/schedule:Schedule": "scheduler:{region}:{account}:schedule/{name}",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "scheduler:{region}:{account}:schedule-group/{name}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:ssm/parameter:Parameter": "ssm:{region}:{account}:parameter/{name}",
}
"""ARN format by resource type, without `arn:aws:` (Service Authorization Reference, resource types per service)."""

ID_PREFIXES: Mapping[str, str] = {
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": "eigw",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
}
"""EC2 ID prefixes by resource type. 17 hexadecimal digits follow the prefix."""

NAMES: Mapping[str, str] = {"aws:s3/bucket:Bucket": "bucket"}
"""Property that contains the physical name, by resource type; `name` for all other types."""

Inputs = Mapping[str, Any]
"""Arguments of a provider function, or a resource's inputs with its ID, names, ARN, account and Region."""

Responder = Callable[[Inputs], dict[str, Any]]


class Mocks(PulumiMocks):
    """Mocks that return realistic IDs, ARNs and names, and respond to the functions that intermodal invokes.

    `resources` contains every registration by `"{type} {name}"`. To mock other functions, add responders to `answers`.

    Raises (from `call`):
        KeyError: The program invokes a function that is not in `answers`.
    """

    def __init__(self, account: str = ACCOUNT, region: str = REGION) -> None:
        self.account = account
        self.region = region
        self.resources: dict[str, MockResourceArgs] = {}
        self.answers: dict[str, Responder] = dict(ANSWERS)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record a resource and return its ID and state."""
        self.resources[f"{args.typ} {args.name}"] = args
        inputs = dict(args.inputs)
        digits = hashlib.sha256(f"{args.typ} {args.name}".encode()).hexdigest()
        made = self._outputs(args.typ, args.name, inputs, digits)
        return made.pop("id"), made | inputs

    def call(self, args: MockCallArgs) -> Any:
        """Return the response of a provider function."""
        if args.token not in self.answers:
            known = ", ".join(sorted(self.answers))
            raise KeyError(f"{args.token} has no response in these mocks, which have {known}; add one to `answers`")
        return self.answers[args.token]({**args.args, "account": self.account, "region": self.region})

    def inputs(self, typ: str, name: str) -> dict[str, Any]:
        """Return the inputs of a registered resource."""
        return dict(self.resources[f"{typ} {name}"].inputs)

    def _outputs(self, typ: str, name: str, inputs: Mapping[str, Any], digits: str) -> dict[str, Any]:
        physical = str(inputs.get(NAMES.get(typ, "name")) or _physical_name(typ, name, inputs, digits))
        prefix = ID_PREFIXES.get(typ)
        parts = {
            "account": self.account,
            "region": self.region,
            "name": physical,
            "family": inputs.get("family", ""),
            "id": f"{prefix}-{digits[:17]}" if prefix else physical,
            "uuid": f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}",
        }
        made: dict[str, Any] = {"id": parts["id"], "name": physical}
        if typ in NAMES:
            made[NAMES[typ]] = physical
        if typ in ARNS:
            made["arn"] = f"arn:aws:{ARNS[typ]}".format(**parts)
        if more := OUTPUTS.get(typ):
            made |= more({**inputs, **parts})
        return made


def _physical_name(typ: str, name: str, inputs: Mapping[str, Any], digits: str) -> str:
    fifo = ".fifo" if typ == "aws:sqs/queue:Queue" and inputs.get("fifoQueue") else ""
    return f"{name}-{digits[:7]}{fifo}"


def _queue(known: Inputs) -> dict[str, Any]:
    return {"url": f"https://sqs.{known['region']}.amazonaws.com/{known['account']}/{known['name']}"}


def _vpc(known: Inputs) -> dict[str, Any]:
    return {"ipv6CidrBlock": "2001:db8:1234:5600::/56" if known.get("assignGeneratedIpv6CidrBlock") else ""}


def _api(known: Inputs) -> dict[str, Any]:
    api = str(known["uuid"]).replace("-", "")[:10]
    return {
        "id": api,
        "apiEndpoint": f"https://{api}.execute-api.{known['region']}.amazonaws.com",
        "executionArn": f"arn:aws:execute-api:{known['region']}:{known['account']}:{api}",
    }


def _cluster(known: Inputs) -> dict[str, Any]:
    issuer = f"oidc.eks.{known['region']}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
    return {
        "clusterSecurityGroupId": "sg-0123456789abcdef0",
        "oidcProviderArn": f"arn:aws:iam::{known['account']}:oidc-provider/{issuer}",
        "kubeconfigJson": "{}",
    }


def _image(known: Inputs) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(str(known['name']).encode()).hexdigest()}"
    tags = known.get("tags") or ["image"]
    return {"digest": digest, "ref": f"{tags[0]}@{digest}"}


def _existing_role(known: Inputs) -> dict[str, Any]:
    services = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": services}}
    return {
        "name": known.get("name"),
        "arn": f"arn:aws:iam::{known['account']}:role/{known.get('name')}",
        "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }


def _existing_bus(known: Inputs) -> dict[str, Any]:
    arn = "arn:aws:events:{region}:{account}:event-bus/{name}".format(**known)
    return {"name": known.get("name"), "arn": arn}


OUTPUTS: Mapping[str, Responder] = {
    "aws:apigatewayv2/api:Api": _api,
    "aws:ec2/eip:Eip": lambda known: {"allocationId": known["id"]},
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ecr/repository:Repository": lambda known: {
        "repositoryUrl": "{account}.dkr.ecr.{region}.amazonaws.com/{name}".format(**known)
    },
    "aws:secretsmanager/secretVersion:SecretVersion": lambda known: {
        "arn": known.get("secretId"),
        "secretArn": known.get("secretId"),
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": lambda known: {"uuid": known["uuid"]},
    "aws:sqs/queue:Queue": _queue,
    "docker-build:index:Image": _image,
    "eks:index:Cluster": _cluster,
}
"""Additional outputs by resource type."""

ANSWERS: Mapping[str, Responder] = {
    "aws:cloudwatch/getEventBus:getEventBus": _existing_bus,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": lambda _: {"userName": "AWS", "password": "token"},
    "aws:iam/getRole:getRole": _existing_role,
    "aws:index/getCallerIdentity:getCallerIdentity": lambda known: {"accountId": known["account"]},
    "aws:index/getPartition:getPartition": lambda _: {"partition": "aws"},
    "aws:index/getRegion:getRegion": lambda known: {"region": known["region"]},
    "aws:secretsmanager/getSecretVersion:getSecretVersion": lambda _: {"secretString": "{}"},
    "aws:ssm/getParameter:getParameter": lambda _: {"value": "value"},
}
"""Responses by provider function, for the functions that intermodal invokes."""
