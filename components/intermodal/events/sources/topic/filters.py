"""Validate SNS filter policies before deployment, so that SNS does not reject them.

Source: SNS developer guide, Filter policy constraints and String value matching.
"""

from collections.abc import Iterator, Mapping

from pulumi import Output

from intermodal.problems.errors import Problem, join_path

OR = "$or"
MOST_KEYS = 5


def find_problems(path: str, policy: Mapping[str, object], *, nested: bool) -> Iterator[Problem]:
    """Yield the problems in a filter policy; `nested` allows nested keys, for policies on the message body."""
    if len(policy) > MOST_KEYS:
        text = f"must have at most {MOST_KEYS} keys, got {len(policy)}; filter the rest in the handler"
        yield Problem(path=path, text=text)
    yield from _check_values(path, policy, nested=nested)


def _check_values(path: str, policy: Mapping[str, object], *, nested: bool) -> Iterator[Problem]:
    for key, value in policy.items():
        where = join_path(path, key)
        if isinstance(value, Output):
            continue
        if key == OR and isinstance(value, list):
            for index, choice in enumerate(value):
                if isinstance(choice, Mapping):
                    yield from _check_values(f"{where}[{index}]", choice, nested=nested)
        elif isinstance(value, Mapping) and nested:
            yield from _check_values(where, value, nested=nested)
        elif isinstance(value, Mapping):
            text = "must be a list of values for scope MessageAttributes"
            yield Problem(
                path=where, text=f'{text}, got {dict(value)}; use filter_scope: "MessageBody" for nested keys'
            )
        elif not isinstance(value, list | tuple):
            yield Problem(path=where, text=f"must be a list of values, got {value!r}; write [{value!r}]")
        elif not value:
            yield Problem(path=where, text="must list at least one value, got none; remove the key")
