"""Link a resource that cannot be linked."""

from pulumi_aws import iam

from intermodal import read

read(iam.Role("role", assume_role_policy="{}"))
