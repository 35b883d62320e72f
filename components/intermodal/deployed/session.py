"""Connect to AWS with a stack's Region and profile."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore import exceptions

from intermodal.deployed.stack import DeployedFunction
from intermodal.problems.errors import CliError

GONE = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "ResourceNotFoundException"}


@contextmanager
def open_session(function: DeployedFunction) -> Iterator[boto3.Session]:
    """Open a session for the function's stack; convert AWS and boto3 errors to a one-sentence CliError.

    Raises:
        CliError: There are no credentials, the profile does not exist, or an AWS call failed.
    """
    profile = f'profile "{function.profile}"' if function.profile else "the default chain"
    try:
        yield boto3.Session(region_name=function.region, profile_name=function.profile)
    except exceptions.ProfileNotFound as error:
        text = f"the {profile} of stack {function.stack} (aws:profile) does not exist on this machine"
        raise CliError(f"{text}; add it with `aws configure --profile {function.profile}`") from error
    except exceptions.NoCredentialsError as error:
        text = f"no AWS credentials found with {profile}"
        raise CliError(f"{text}; log in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID") from error
    except exceptions.ClientError as error:
        raise CliError(_explain(function, error)) from error
    except exceptions.BotoCoreError as error:
        raise CliError(f"cannot call AWS: {error}") from error


def _explain(function: DeployedFunction, error: exceptions.ClientError) -> str:
    code, message = (error.response["Error"].get(key, "") for key in ("Code", "Message"))
    if code in GONE:
        text = f'function "{function.name}" is in the state of stack {function.stack} but not in AWS'
        return f"{text} ({message}); run `pulumi up --refresh --stack {function.stack}`"
    return f"AWS refused {error.operation_name} ({code}): {message}"
