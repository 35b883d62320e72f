"""Create a function per tenant, with an event pattern on the platform's bus, so that tenants do not slow each other."""

import pulumi
from pulumi_aws import dynamodb

from intermodal import ContainerFunction, Platform, on, write

platform = Platform("shop", bus={})
orders = dynamodb.Table(
    "orders", billing_mode="PAY_PER_REQUEST", hash_key="id", attributes=[{"name": "id", "type": "S"}]
)

for tenant, most_at_a_time in {"acme": 50, "others": 5}.items():
    who = [tenant] if tenant == "acme" else [{"anything-but": ["acme"]}]
    ContainerFunction(
        f"orders-{tenant}",
        image="function",
        target="lambda",
        platform=platform,
        maximum_concurrency=most_at_a_time,
        environment={"LANE": tenant},
        links=[write(orders)],
        sources=[on.bus({"source": ["shop"], "detail": {"tenant": who}}, bus=platform.bus_name)],
    )

pulumi.export("bus_name", platform.bus_name)
pulumi.export("table_name", orders.name)
