"""Create one function for each kind of source."""

import pulumi
from pulumi_aws import s3, sns

from intermodal import ContainerFunction, on

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
orders = sns.Topic("orders")

# --8<-- [start:queue]
ContainerFunction("work", image=IMAGE, target="lambda")
# --8<-- [end:queue]

# --8<-- [start:bus]
placed = on.bus({"source": ["shop"], "detail-type": ["OrderPlaced"]})
ContainerFunction("billing", image=IMAGE, target="lambda", sources=[placed])
# --8<-- [end:bus]

# --8<-- [start:bucket]
uploads = s3.Bucket("uploads")
ContainerFunction("receipt", image=IMAGE, target="lambda", sources=[on.bucket(uploads, prefix="in/")])
# --8<-- [end:bucket]

# --8<-- [start:topic]
ContainerFunction("shipping", image=IMAGE, target="lambda", sources=[on.topic(orders, filter={"country": ["DE"]})])
# --8<-- [end:topic]

# --8<-- [start:http]
hooks = ContainerFunction(
    "hooks",
    image=IMAGE,
    target="lambda",
    sources=[on.http("/hooks", requests_per_second=20, headers=["X-Signature"], access_logs=True)],
)
pulumi.export("url", hooks.endpoints)
# --8<-- [end:http]

# --8<-- [start:disabled]
ContainerFunction("careful", image=IMAGE, target="lambda", sources=[on.bus({"source": ["shop"]}, enabled=False)])
# --8<-- [end:disabled]
