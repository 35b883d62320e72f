"""Implement the functions in aws:index."""

from intermodal_offline.providers.cloud import Cloud, dns_suffix, partition_of
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.table import Invoke
from intermodal_offline.providers.values import Props


def reject_unsupported(arguments: Props, *supported: str) -> None:
    """Raise an error if an argument is not supported, because it would have no effect."""
    if unknown := sorted(arguments.keys() - set(supported)):
        raise RefusedError(
            f"argument {unknown[0]!r} is not supported by the offline provider "
            f"(supported: {', '.join(supported) or 'none'}); remove it from the local stack."
        )


def caller(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(arguments)
    found = cloud.client("sts").get_caller_identity()
    return {"accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"], "id": found["Account"]}


def region(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(arguments, "region", "name", "id")
    given = {arguments[name] for name in ("region", "name", "id") if arguments.get(name)} or {cloud.region}
    if len(given) > 1:
        raise RefusedError(f"region, name and id must be equal, got {', '.join(sorted(given))}; set only one of them.")
    name = given.pop()
    described = partition_of(name)["regions"].get(name, {}).get("description", "")
    endpoint = f"ec2.{name}.{dns_suffix(name)}"
    return {"region": name, "name": name, "id": name, "description": described, "endpoint": endpoint}


def partition(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(arguments)
    suffix = dns_suffix(cloud.region)
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": cloud.partition, "partition": cloud.partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


INVOKES: dict[str, Invoke] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller,
    "aws:index/getRegion:getRegion": region,
    "aws:index/getPartition:getPartition": partition,
}
