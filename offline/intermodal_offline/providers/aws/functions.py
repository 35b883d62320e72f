"""Implement aws:lambda/function: functions that use container images."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.compare import unordered
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import UNKNOWN, Props

GONE = frozenset({"ResourceNotFoundException"})
READY_SECONDS = 120.0

CODE = fields(imageUri="ImageUri", architectures="Architectures")
FILE_SYSTEM = fields(arn="Arn", localMountPath="LocalMountPath")
CONFIGURATION = fields(
    description=Field(wire="Description", blank=""),
    role="Role",
    memorySize="MemorySize",
    timeout="Timeout",
    kmsKeyArn=Field(wire="KMSKeyArn", blank=""),
    environment=Field(
        wire="Environment", block=fields(variables=Field(wire="Variables")), blank={"Variables": {}}
    ),
    imageConfig=Field(
        wire="ImageConfig",
        block=fields(commands="Command", entryPoints="EntryPoint", workingDirectory="WorkingDirectory"),
        blank={},
    ),
    loggingConfig=Field(
        wire="LoggingConfig",
        block=fields(
            logFormat="LogFormat", logGroup=Field(wire="LogGroup", computed=True),
            applicationLogLevel=Field(wire="ApplicationLogLevel", computed=True),
            systemLogLevel=Field(wire="SystemLogLevel", computed=True),
        ),
    ),
    ephemeralStorage=Field(wire="EphemeralStorage", block=fields(size="Size")),
    tracingConfig=Field(wire="TracingConfig", block=fields(mode="Mode")),
    deadLetterConfig=Field(wire="DeadLetterConfig", block=fields(targetArn="TargetArn"), blank={"TargetArn": ""}),
    fileSystemConfig=Field(block=FILE_SYSTEM),
    vpcConfig=Field(
        wire="VpcConfig",
        block=fields(
            subnetIds=Field(wire="SubnetIds", normal=unordered),
            securityGroupIds=Field(wire="SecurityGroupIds", normal=unordered),
            ipv6AllowedForDualStack="Ipv6AllowedForDualStack",
        ),
        blank={"SubnetIds": [], "SecurityGroupIds": []},
    ),
)  # fmt: skip
FUNCTION = {
    **fields(
        name="FunctionName", packageType="PackageType", publish=Field(local=True), skipDestroy=Field(local=True),
        reservedConcurrentExecutions=Field(),
    ),
    **CODE,
    **CONFIGURATION,
}  # fmt: skip


def configuration(call: Call, removed: frozenset[str] = frozenset()) -> Props:
    """Return the configuration parameters; the API requires a list for the only file system."""
    parameters = wire.to_api(CONFIGURATION, call.props, removed)
    if mounted := call.props.get("fileSystemConfig"):
        parameters["FileSystemConfigs"] = [wire.to_api(FILE_SYSTEM, mounted)]
    elif "fileSystemConfig" in removed:
        parameters["FileSystemConfigs"] = []
    return parameters


def create(call: Call) -> str:
    props = call.props
    call.client.create_function(
        FunctionName=props["name"],
        PackageType=props["packageType"],
        Code={"ImageUri": props["imageUri"]},
        Architectures=props.get("architectures") or ["x86_64"],
        Publish=bool(props.get("publish")),
        **configuration(call),
    )
    return str(props["name"])


def settle(call: Call) -> None:
    ready(call)
    set_concurrency(call, only=True)


def ready(call: Call) -> None:
    """Wait until the function can be invoked and updated.

    Raises:
        RefusedError: AWS reports a failure, or the wait timed out.
    """

    def done() -> bool:
        found = call.client.get_function_configuration(FunctionName=call.id)
        for state, reason in (("State", "StateReason"), ("LastUpdateStatus", "LastUpdateStatusReason")):
            if found.get(state) == "Failed":
                raise RefusedError(f"the function's {state} is Failed: {found.get(reason) or 'AWS reports no reason'}")
        return found.get("State") in {"Active", "Inactive"} and found.get("LastUpdateStatus") == "Successful"

    call.wait(f"function {call.id} to become active", READY_SECONDS, done)


def set_concurrency(call: Call, *, only: bool = False) -> None:
    reserved = call.props["reservedConcurrentExecutions"]
    if reserved >= 0:
        call.client.put_function_concurrency(FunctionName=call.id, ReservedConcurrentExecutions=reserved)
    elif not only:
        call.client.delete_function_concurrency(FunctionName=call.id)


def update(call: Call, changed: frozenset[str]) -> None:
    publish = bool(call.props.get("publish"))
    if changed & CONFIGURATION.keys():
        removed = frozenset(name for name in changed if name not in call.props)
        call.client.update_function_configuration(FunctionName=call.id, **configuration(call, removed))
        ready(call)
    if changed & CODE.keys():
        call.client.update_function_code(FunctionName=call.id, Publish=publish, **wire.to_api(CODE, call.props))
        ready(call)
    elif publish and changed & (CONFIGURATION.keys() | {"publish"}):
        call.client.publish_version(FunctionName=call.id)
    if "reservedConcurrentExecutions" in changed:
        set_concurrency(call)


def read(call: Call) -> Props:
    answer = call.client.get_function(FunctionName=call.id)
    found = answer["Configuration"]
    flat = {
        **found, "ImageUri": answer.get("Code", {}).get("ImageUri"),
        "ImageConfig": found.get("ImageConfigResponse", {}).get("ImageConfig"),
    }  # fmt: skip
    live = wire.from_api(FUNCTION, flat)
    mounted = found.get("FileSystemConfigs") or []
    live["fileSystemConfig"] = wire.from_api(FILE_SYSTEM, mounted[0]) if mounted else None
    concurrency = answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1)
    return {**live, "reservedConcurrentExecutions": concurrency, **computed(call, found)}


def computed(call: Call, found: dict[str, Any]) -> Props:
    arn = found["FunctionArn"].removesuffix(":$LATEST")
    version = latest(call) if call.props.get("publish") else "$LATEST"
    gateway = f"arn:{call.cloud.partition}:apigateway:{call.region}:lambda:path"
    return {
        "arn": arn, "version": version, "qualifiedArn": f"{arn}:{version}",
        "invokeArn": f"{gateway}/2015-03-31/functions/{arn}/invocations",
        "qualifiedInvokeArn": f"{gateway}/2015-03-31/functions/{arn}:{version}/invocations",
        "responseStreamingInvokeArn": f"{gateway}/2021-11-15/functions/{arn}/response-streaming-invocations",
        "lastModified": found["LastModified"], "sourceCodeSize": found.get("CodeSize", 0),
        "codeSha256": found.get("CodeSha256", ""),
    }  # fmt: skip


def latest(call: Call) -> str:
    """Return the latest published version, or `$LATEST` if there is none."""
    pages = call.client.get_paginator("list_versions_by_function").paginate(FunctionName=call.id)
    numbers = [int(one["Version"]) for page in pages for one in page["Versions"] if one["Version"].isdigit()]
    return str(max(numbers, default="$LATEST"))


def rules(inputs: Props) -> list[tuple[str, str]]:
    if inputs.get("packageType") not in {"Image", UNKNOWN}:
        reason = "the offline provider supports only container images; set packageType to Image, and set imageUri."
        return [("packageType", reason)]
    return [] if inputs.get("imageUri") else [("imageUri", "packageType Image requires imageUri; set it.")]


def volatile(_: Props, news: Props) -> tuple[str, ...]:
    published = ("version", "qualifiedArn", "qualifiedInvokeArn") if news.get("publish") else ()
    return ("lastModified", *published)


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(Resource=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(Resource=arn, Tags=tags)


def read_tags(call: Call) -> dict[str, str]:
    found: dict[str, str] = call.client.list_tags(Resource=call.live["arn"]).get("Tags", {})
    return found


def delete(call: Call) -> None:
    if not call.props.get("skipDestroy"):
        call.client.delete_function(FunctionName=call.id)


ROWS = {
    "aws:lambda/function:Function": Row(
        service="lambda",
        inputs=FUNCTION,
        create=create,
        settle=settle,
        read=read,
        update=update,
        delete=delete,
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=GONE,
        rules=rules,
        volatile=volatile,
    ),
}
