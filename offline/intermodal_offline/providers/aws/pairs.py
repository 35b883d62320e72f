"""Convert tags to and from AWS's format: [{"Key": …, "Value": …}]."""


def to_pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags as a list of key-value pairs."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def to_tags(pairs: list[dict[str, str]]) -> dict[str, str]:
    """Return tags from a list of key-value pairs."""
    return {pair["Key"]: pair["Value"] for pair in pairs}
