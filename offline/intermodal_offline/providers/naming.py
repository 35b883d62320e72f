"""Generate physical resource names with the official provider's rules."""

import hashlib
import os
from dataclasses import dataclass

from intermodal_offline.providers.facts import Autoname
from intermodal_offline.providers.values import UNKNOWN, Props

DEFAULTS = "__defaults"
"""Input that lists the properties that the provider set; it distinguishes automatic names from the user's."""


class NoNameError(Exception):
    """A name cannot be generated; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The engine's parameters for an automatic name: resource name, random seed, and `pulumi:autonaming` settings."""

    resource: str
    seed: bytes
    proposed: str = ""
    enforced: bool = False
    disabled: bool = False


def prefix_property(rule: Autoname) -> str:
    """Return the input that sets the name prefix, such as namePrefix for name and bucketPrefix for bucket."""
    return f"{rule.property}Prefix"


def automatic(inputs: Props) -> frozenset[str]:
    """Return the properties in checked inputs that the provider set."""
    return frozenset(inputs.get(DEFAULTS, ()))


def name(rule: Autoname, news: Props, olds: Props, naming: Naming) -> str:
    """Return the old automatic name if its inputs are unchanged, or else a new name.

    Raises:
        NoNameError: automatic naming is disabled, or the resource name is too long.
    """
    prefix = news.get(prefix_property(rule))
    if rule.property in automatic(olds) and rule.property in olds and prefix == olds.get(prefix_property(rule)):
        return str(olds[rule.property])
    if prefix == UNKNOWN:
        return UNKNOWN
    return _new(rule, news, prefix, naming)


def _new(rule: Autoname, news: Props, prefix: str | None, naming: Naming) -> str:
    suffix = "".join(text for asked, text in rule.suffix_if.items() if news.get(asked) is True)
    if naming.disabled and not prefix:
        raise NoNameError(f"automatic naming is disabled (pulumi:autonaming); set {rule.property}")
    if naming.proposed and not prefix:
        proposed = naming.proposed if naming.enforced else _cased(rule, naming.proposed) + suffix
        if naming.enforced or len(proposed) <= rule.longest:
            return proposed
    start = prefix or _cased(rule, naming.resource) + rule.separator
    if len(start) + rule.digits + len(suffix) > rule.longest:
        raise NoNameError(
            f"{start!r} plus {rule.digits} random characters exceeds the limit of {rule.longest} characters; "
            f"use a shorter resource name, or set {rule.property}"
        )
    seed = naming.seed or os.urandom(16)
    return start + hashlib.sha256(seed).hexdigest()[: rule.digits] + suffix


def _cased(rule: Autoname, text: str) -> str:
    return text.lower() if rule.lowercase else text
