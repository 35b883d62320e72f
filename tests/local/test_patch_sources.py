"""Every behaviour that a patch gives ministack has its page of AWS's documentation."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from local.aws import filter_patches, ipv6_patches, network_patches, patches, queue_patches, service_patches

MODULES = (filter_patches, ipv6_patches, network_patches, patches, queue_patches, service_patches)
EC2 = "AWSEC2/latest/APIReference/"
SQS = "AWSSimpleQueueService/latest/SQSDeveloperGuide/"
PAGES = {
    "filter_patches _describe": (f"{EC2}API_DescribeVpcs.html", "a call has the filters of its page, and no other"),
    "ipv6_patches _give_subnets_ipv6": (f"{EC2}API_CreateSubnet.html", "a subnet has a /64 of its VPC's block"),
    "ipv6_patches _give_vpcs_ipv6": (f"{EC2}API_CreateVpc.html", "Amazon gives a VPC a /56 when it asks for one"),
    "network_patches _give_nat_gateways_addresses": (
        f"{EC2}API_NatGatewayAddress.html",
        "a NAT gateway shows its addresses with their allocation",
    ),
    "network_patches _keep_endpoints_whole": (f"{EC2}API_VpcEndpoint.html", "groups, policy and private DNS are kept"),
    "network_patches _keep_every_route": (f"{EC2}API_CreateRoute.html", "one route for each destination, IPv6 too"),
    "network_patches _keep_prefix_lists_of_rules": (f"{EC2}API_IpPermission.html", "a rule may name a prefix list"),
    "patches _fail_malformed_batches": (
        "lambda/latest/dg/services-sqs-errorhandling.html",
        "a malformed batch response fails the whole batch",
    ),
    "patches _refuse_absent_images": (
        "lambda/latest/api/API_CreateFunction.html",
        "InvalidParameterValueException where a parameter is not valid, such as an image that does not exist",
    ),
    "patches _run_images": ("lambda/latest/dg/runtimes-api.html", "an image's client asks the runtime API for events"),
    "queue_patches _answer_long_polls_at_once": (
        f"{SQS}sqs-short-and-long-polling.html",
        "a parked receive is answered when a message is there",
    ),
    "queue_patches _bury_what_came_back_meanwhile": (
        f"{SQS}sqs-dead-letter-queues.html",
        "a message received maxReceiveCount times is a dead letter",
    ),
    "queue_patches _return_redrive_policies_compact": (
        "cli/latest/reference/sqs/get-queue-attributes.html",
        "the example's redrive policy has no spaces",
    ),
    "service_patches _judge_parameters_by_their_arns": (
        "service-authorization/latest/reference/list_awssystemsmanager.html",
        "ssm:GetParameters is permitted by parameter",
    ),
    "service_patches _keep_integrations_whole": (
        "apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html",
        "subtype and credentials are kept, an empty parameter takes the old one away",
    ),
    "service_patches _keep_stages_of_current_values": (
        "secretsmanager/latest/apireference/API_PutSecretValue.html",
        "a new value has the labels that it is given",
    ),
    "service_patches _keep_stages_without_logs": (
        "apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-accesslogsettings.html",
        "deleting the log settings leaves the stage",
    ),
    "service_patches _permit_batches_by_their_single_action": (
        f"{SQS}sqs-api-permissions-reference.html",
        "the single action permits the batch too",
    ),
    "service_patches _qualify_the_latest_version": (
        "lambda/latest/api/API_ListVersionsByFunction.html",
        "each version's ARN ends in the version, $LATEST too",
    ),
    "service_patches _read_audiences_in_a_list": (
        "IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
        "the audience of a web identity token is one value",
    ),
}
"""By module and function: the page below docs.aws.amazon.com, and what it says."""


def behaviours() -> Iterator[str]:
    """The functions that `apply` of each module calls."""
    for module in MODULES:
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        name = module.__name__.rpartition(".")[2]
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("apply"):
                called = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                yield from (f"{name} {each}" for each in called if each.startswith("_"))


def test_every_behaviour_has_its_page() -> None:
    assert set(behaviours()) == PAGES.keys()


def test_every_patch_module_is_looked_at() -> None:
    folder = Path(str(import_module("local.aws").__file__)).parent
    assert {file.stem for file in folder.glob("*patches.py")} == {each.__name__.rpartition(".")[2] for each in MODULES}


@pytest.mark.parametrize("key", sorted(PAGES))
def test_page_is_one_of_aws(key: str) -> None:
    page, says = PAGES[key]
    assert page.endswith(".html")
    assert says
