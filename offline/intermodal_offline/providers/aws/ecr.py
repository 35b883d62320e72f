"""Implement aws:ecr/repository."""

from typing import Any

from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

REPOSITORY = fields(
    name="repositoryName",
    imageTagMutability=Field(wire="imageTagMutability"),
    imageScanningConfiguration=Field(
        wire="imageScanningConfiguration", block=fields(scanOnPush=Field(wire="scanOnPush")), computed=True
    ),
    forceDelete=Field(local=True),
)


def create(call: Call) -> str:
    given = call.props
    call.client.create_repository(
        repositoryName=given["name"],
        imageTagMutability=given.get("imageTagMutability", "MUTABLE"),
        imageScanningConfiguration=_scanning(given),
    )
    return str(given["name"])


def read(call: Call) -> Props | None:
    (found,) = call.client.describe_repositories(repositoryNames=[call.id])["repositories"]
    return {
        "name": found["repositoryName"],
        "arn": found["repositoryArn"],
        "registryId": found["registryId"],
        "repositoryUrl": found["repositoryUri"],
        "imageTagMutability": found["imageTagMutability"],
        "imageScanningConfiguration": {"scanOnPush": found["imageScanningConfiguration"]["scanOnPush"]},
    }


def update(call: Call, changed: frozenset[str]) -> None:
    if "imageTagMutability" in changed:
        call.client.put_image_tag_mutability(
            repositoryName=call.id, imageTagMutability=call.props.get("imageTagMutability", "MUTABLE")
        )
    if "imageScanningConfiguration" in changed:
        call.client.put_image_scanning_configuration(
            repositoryName=call.id, imageScanningConfiguration=_scanning(call.props)
        )


def _scanning(props: Props) -> dict[str, Any]:
    return {"scanOnPush": bool(props.get("imageScanningConfiguration", {}).get("scanOnPush"))}


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(resourceArn=arn, tagKeys=removed)
    if tags:
        call.client.tag_resource(resourceArn=arn, tags=[{"Key": key, "Value": value} for key, value in tags.items()])


def read_tags(call: Call) -> dict[str, str]:
    found = call.client.list_tags_for_resource(resourceArn=call.live["arn"]).get("tags", [])
    return {tag["Key"]: tag["Value"] for tag in found}


ROWS = {
    "aws:ecr/repository:Repository": Row(
        service="ecr",
        inputs=REPOSITORY,
        create=create,
        read=read,
        update=update,
        delete=lambda call: call.client.delete_repository(
            repositoryName=call.id, force=bool(call.props.get("forceDelete"))
        ),
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=frozenset({"RepositoryNotFoundException"}),
    ),
}
