"""Arguments of the `bucket` source."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class ObjectEvent(Enum):
    """Events that S3 sends to EventBridge (S3 user guide, Using EventBridge, event types)."""

    CREATED = "created"
    """An object was created or overwritten."""
    DELETED = "deleted"
    """An object was deleted, or a delete marker was created."""
    RESTORE_INITIATED = "restore-initiated"
    """A restore from S3 Glacier started."""
    RESTORE_COMPLETED = "restore-completed"
    """A restore from S3 Glacier completed."""
    RESTORE_EXPIRED = "restore-expired"
    """The restored copy expired."""
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
    ObjectEventLike = ObjectEvent  # Pulumi's schema cannot express the union


class BucketSourceArgs(TypedDict):
    """Object events from an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Bucket name."""
    prefix: NotRequired[str]
    """Object key prefix. Default: all keys."""
    suffix: NotRequired[str]
    """Object key suffix, such as `.pdf`. Default: all keys."""
    events: NotRequired[list[ObjectEventLike]]
    """Event types to deliver; the record's `detail-type` contains the type. Default: only `created`."""
