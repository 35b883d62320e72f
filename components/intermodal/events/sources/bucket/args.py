"""Arguments of the `bucket` source."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class ObjectEvent(Enum):
    """Events that S3 sends to EventBridge (S3 user guide, Using EventBridge, event types)."""

    CREATED = "created"
    """An object was created or overwritten."""
    DELETED = "deleted"
    """An object was deleted, or got a delete marker."""
    RESTORE_INITIATED = "restore-initiated"
    """A restore from S3 Glacier has started."""
    RESTORE_COMPLETED = "restore-completed"
    """A restore from S3 Glacier has completed."""
    RESTORE_EXPIRED = "restore-expired"
    """The restored copy has expired."""
    TAGS_ADDED = "tags-added"
    """Tags were added to an object."""
    TAGS_DELETED = "tags-deleted"
    """Tags were removed from an object."""


if TYPE_CHECKING:
    ObjectEventLike = (
        ObjectEvent
        | Literal[
            "created",
            "deleted",
            "restore-initiated",
            "restore-completed",
            "restore-expired",
            "tags-added",
            "tags-deleted",
        ]
    )
else:
    ObjectEventLike = ObjectEvent  # the part that Pulumi's schema can express


class BucketSourceArgs(TypedDict):
    """Events of the objects in an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Bucket name."""
    prefix: NotRequired[str]
    """Object key prefix. Default: all keys."""
    suffix: NotRequired[str]
    """Object key suffix, such as `.pdf`. Default: all keys."""
    events: NotRequired[list[ObjectEventLike]]
    """Events to handle; the record's `detail-type` tells them apart. Default: `created` only."""
