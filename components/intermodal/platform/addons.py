"""Install pinned versions of Helm charts in a cluster."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pulumi import Resource, ResourceOptions
from pulumi_kubernetes import helm


def install_chart(name: str, addon: str, values: Mapping[str, Any] | None, opts: ResourceOptions) -> Resource:
    """Install a chart in a dedicated namespace; `values` override the chart's defaults."""
    chart = load_charts()[addon]
    remote = chart["repository"].startswith("oci://")
    return helm.v3.Release(
        f"{name}-{addon.replace('_', '-')}",
        name=addon.replace("_", "-"),
        chart=f"{chart['repository']}/{chart['chart']}" if remote else chart["chart"],
        version=chart["version"],
        repository_opts=None if remote else {"repo": chart["repository"]},
        namespace=chart["namespace"],
        create_namespace=True,
        values=values,
        opts=opts,
    )


def load_charts() -> Mapping[str, Mapping[str, Any]]:
    """Return each add-on's chart, version and namespace."""
    data: dict[str, Any] = json.loads(files(__package__).joinpath("charts.json").read_text())
    return data
