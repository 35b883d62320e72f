"""The table agrees with the installed pulumi_aws and with aws_resources.json."""

import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from intermodal_offline.providers import check, facts, naming
from intermodal_offline.providers.aws import INVOKES, ROWS
from intermodal_offline.providers.aws.clusters import definitions
from intermodal_offline.providers.cloud import ALIASES, APPLIED, WITHOUT_EFFECT
from intermodal_offline.providers.compare import compact, document, policy
from intermodal_offline.providers.table import Field
from local.aws import deployer

TOKENS = sorted(ROWS)
every_type = pytest.mark.parametrize("token", TOKENS)


def camel(name: str) -> str:
    """Return the protocol's name for an argument."""
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def sdk(token: str) -> Any:
    """Return the SDK class for a type."""
    _, path, name = token.split(":")
    module = path.partition("/")[0].replace("lambda", "lambda_")
    return getattr(importlib.import_module(f"pulumi_aws.{module}"), name)


def arguments(token: str) -> set[str]:
    """Return a type's input names in the SDK."""
    parameters = inspect.signature(sdk(token)._internal_init).parameters
    return {camel(name) for name in parameters} - {"_Self__", "resourceName", "opts"}


def blocks(token: str) -> Iterator[tuple[str, Mapping[str, Field]]]:
    """Yield a type's nested blocks, with the SDK's name for their args class."""
    name = token.rpartition(":")[2]
    pending = [(name, ROWS[token].inputs)]
    while pending:
        owner, fields = pending.pop()
        for key, field in fields.items():
            if field.block is not None:
                singular = re.sub("ies$", "y", key).removesuffix("s") if field.many else key
                nested = owner + singular[0].upper() + singular[1:]
                pending.append((nested, field.block))
                yield nested + "Args", field.block


@every_type
def test_inputs_exist_in_the_sdk(token: str) -> None:
    assert set(check.allowed(ROWS[token], facts.of(token))) <= arguments(token)


@every_type
def test_nested_inputs_exist_in_the_sdk(token: str) -> None:
    module = inspect.getmodule(sdk(token))
    assert module is not None
    package = importlib.import_module(module.__name__.rpartition(".")[0])
    for name, block in blocks(token):
        parameters = inspect.signature(getattr(package, name)).parameters
        assert set(block) <= {camel(parameter) for parameter in parameters}, name


@every_type
def test_facts_refer_to_sdk_properties(token: str) -> None:
    known = facts.of(token)
    named = {path.partition(".")[0] for path in known.replace_on} | known.computed | known.defaults.keys()
    assert named | set(known.required) <= arguments(token)


@every_type
def test_required_inputs_and_the_name_are_in_the_table(token: str) -> None:
    known = facts.of(token)
    named = {known.autoname.property, naming.prefix_property(known.autoname)} if known.autoname else set()
    named &= arguments(token)  # not every name has a prefix to set
    assert named | set(known.required) <= ROWS[token].inputs.keys()


@every_type
def test_json_is_compared_by_meaning(token: str) -> None:
    kinds = {document, policy, definitions, compact}
    inputs = ROWS[token].inputs
    by_meaning = {name for name, field in inputs.items() if (field.stored or field.normal) in kinds}
    assert by_meaning == {name for name in facts.of(token).json if name in ROWS[token].inputs}


@every_type
def test_echoed_inputs_are_sent(token: str) -> None:
    for name in facts.of(token).echoed:
        assert ROWS[token].inputs[name].wire


@every_type
def test_tagged_types_match_the_sdk(token: str) -> None:
    assert (ROWS[token].tagging is not None) == ("tags" in arguments(token))


def test_provider_configuration_exists_in_the_sdk() -> None:
    aws = importlib.import_module("pulumi_aws")
    known = {camel(name) for name in inspect.signature(aws.Provider._internal_init).parameters}
    assert known >= APPLIED | WITHOUT_EFFECT


def test_endpoint_names_exist_in_the_sdk() -> None:
    aws = importlib.import_module("pulumi_aws")
    known = {camel(name) for name in inspect.signature(aws.ProviderEndpointArgs).parameters}
    assert set(ALIASES) <= known


def test_invokes_match_the_facts() -> None:
    assert INVOKES.keys() == facts.data()["_invokes"].keys()


def test_deployer_policy_covers_every_service() -> None:
    prefixes = {row.service.removesuffix("v2") for row in ROWS.values()} | {"sts"}
    assert prefixes <= set(deployer.SERVICES)


def test_facts_name_their_sources() -> None:
    assert all("source" in facts.data()[token] for token in TOKENS)
    assert facts.data()["_meta"]["terraform_provider_version_read"]
    assert json.dumps(facts.data()).count("/work/") == 0
