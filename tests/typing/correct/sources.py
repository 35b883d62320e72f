"""Build every kind of source from resources, names and dicts."""

from pulumi_aws import cloudwatch, s3, sns, sqs

from intermodal import ContainerFunction, Platform, on, placements, read, send, write

platform = Platform("shared", bus={})
uploads, receipts = s3.Bucket("uploads"), s3.Bucket("receipts")
orders, work, bus = sns.Topic("orders"), sqs.Queue("work"), cloudwatch.EventBus("orders")
placement = placements({"receipt"})

ContainerFunction(
    "receipt",
    image="functions/receipt",
    target="lambda",
    platform=platform,
    links=[read(uploads), write(receipts), send(work), send(orders)],
    sources=[
        on.bucket(uploads, prefix="in/", suffix=".pdf"),
        on.bucket("other", events=["created", "deleted"], name="other"),
        on.bus({"source": ["shop"]}, bus=bus),
        on.bus({"source": ["shop"]}, bus=platform.bus_name, name="platform"),
        on.topic(orders, filter={"kind": ["order"]}, filter_scope="MessageBody"),
        on.topic("arn:aws:sns:eu-central-1:123456789012:orders", raw=False, name="envelope"),
        on.schedule("rate(1 hour)", input={"id": 1}),
        on.http("/hooks", authorization="none", requests_per_second=10),
        on.queue(senders=["123456789012"]),
        {"bus": {"pattern": {"source": ["shop"]}}, "name": "dict", "enabled": False},
    ],
    **placement("receipt"),
)
ContainerFunction("existing", image="functions/receipt", target="lambda", sources=[on.queue(work)])
