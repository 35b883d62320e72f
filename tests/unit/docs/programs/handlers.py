"""Run several handlers from one image, and set the batches of one of them."""

from intermodal import ContainerFunction

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:" + "0" * 64

# --8<-- [start:handlers]
ContainerFunction("orders", image=IMAGE, target="lambda", command=["app.orders"])
ContainerFunction("refunds", image=IMAGE, target="lambda", command=["app.refunds"], ephemeral_storage_mib=4096)
# --8<-- [end:handlers]

# --8<-- [start:batches]
ContainerFunction(
    "statistics",
    image=IMAGE,
    target="lambda",
    command=["app.statistics"],
    batch_size=1000,
    batch_window_seconds=60,
    report_batch_item_failures=False,
    maximum_receives=10,
)
# --8<-- [end:batches]
