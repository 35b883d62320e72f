"""AWS as the stack reaches it: its region and its profile, else what boto3 finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intermodal.cli.advice import CliError
from intermodal.cli.deployed import DeployedFunction

if TYPE_CHECKING:
    from boto3 import Session
    from botocore.exceptions import ClientError

GONE = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "ResourceNotFoundException"}


def require() -> None:
    """Refuse to begin without the SDK.

    Raises:
        CliError: boto3 is not installed.
    """
    try:
        import boto3  # noqa: F401, PLC0415 - an extra, which `validate` and `schema` do without
    except ImportError as error:
        raise CliError("this command needs boto3, which is not installed; run pip install 'intermodal[cli]'") from error


@contextmanager
def session(function: DeployedFunction) -> Iterator["Session"]:
    """A session where the function is; what AWS or the SDK refuses in the meantime is said in one sentence.

    Raises:
        CliError: no boto3, no credentials, or a call failed.
    """
    require()
    import boto3  # noqa: PLC0415
    from botocore import exceptions  # noqa: PLC0415

    profile = f'profile "{function.profile}"' if function.profile else "the default chain"
    try:
        yield boto3.Session(region_name=function.region, profile_name=function.profile)
    except exceptions.ProfileNotFound as error:
        text = f"the {profile} of stack {function.stack} (aws:profile) is not on this machine"
        raise CliError(f"{text}; add it with `aws configure --profile {function.profile}`") from error
    except exceptions.NoCredentialsError as error:
        text = f"no AWS credentials were found by {profile}"
        raise CliError(f"{text}; log in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID") from error
    except exceptions.ClientError as error:
        raise CliError(_refused(function, error)) from error
    except exceptions.BotoCoreError as error:
        raise CliError(f"AWS cannot be asked: {error}") from error


def _refused(function: DeployedFunction, error: "ClientError") -> str:
    code, message = (error.response["Error"].get(key, "") for key in ("Code", "Message"))
    if code in GONE:
        text = f'function "{function.name}" is in the state of stack {function.stack} and not in AWS'
        return f"{text} ({message}); run `pulumi up --refresh --stack {function.stack}`"
    return f"AWS refused {error.operation_name} ({code}): {message}"
