"""Pass a topic where a bucket is needed."""

from pulumi_aws import sns

from intermodal import on

on.bucket(sns.Topic("orders"))
