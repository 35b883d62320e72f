"""Tags as AWS lists them: [{"Key": …, "Value": …}]."""


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    """A list of pairs."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def mapped(pairs: list[dict[str, str]]) -> dict[str, str]:
    """A dict."""
    return {pair["Key"]: pair["Value"] for pair in pairs}
