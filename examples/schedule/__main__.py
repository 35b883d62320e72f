"""Run a function at 8 a.m. on weekdays in Berlin time, and every minute so that results appear soon."""

import pulumi
from pulumi_aws import s3

from intermodal import ContainerFunction, on, write

reports = s3.Bucket("reports", force_destroy=True)

ContainerFunction(
    "report",
    image="function",
    target="lambda",
    links=[write(reports)],
    sources=[
        on.schedule("cron(0 8 ? * MON-FRI *)", timezone="Europe/Berlin"),
        on.schedule("rate(1 minute)", input={"report": "minute"}, name="minute"),
    ],
)

pulumi.export("reports", reports.bucket)
