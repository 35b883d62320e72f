"""Names for resources that were given none, as the official provider makes them."""

import hashlib
import os
from dataclasses import dataclass

from intermodal_offline.providers.facts import Autoname
from intermodal_offline.providers.values import UNKNOWN, Props

DEFAULTS = "__defaults"
"""Input that lists the properties the provider filled in, so that an automatic name is told from a given one."""


class NoNameError(Exception):
    """No name can be made; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What the engine says about names: the resource's own, a seed, and the user's `pulumi:autonaming`."""

    resource: str
    seed: bytes
    proposed: str = ""
    enforced: bool = False
    disabled: bool = False


def prefix_property(rule: Autoname) -> str:
    """The input that sets the start of an automatic name: namePrefix beside name, bucketPrefix beside bucket."""
    return f"{rule.property}Prefix"


def automatic(inputs: Props) -> frozenset[str]:
    """Properties of checked inputs that the provider filled in."""
    return frozenset(inputs.get(DEFAULTS, ()))


def name(rule: Autoname, news: Props, olds: Props, naming: Naming) -> str:
    """The name: the old automatic one while nothing it depends on changed, else a new one.

    Raises:
        NoNameError: automatic names are off, or the resource's name is too long to add to.
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
        raise NoNameError(f"automatic names are disabled (pulumi:autonaming), so give {rule.property}")
    if naming.proposed and not prefix:
        proposed = naming.proposed if naming.enforced else _cased(rule, naming.proposed) + suffix
        if naming.enforced or len(proposed) <= rule.longest:
            return proposed
    start = prefix or _cased(rule, naming.resource) + rule.separator
    if len(start) + rule.digits + len(suffix) > rule.longest:
        raise NoNameError(
            f"{start!r} plus {rule.digits} random characters is longer than {rule.longest}; "
            f"use a shorter resource name, or give {rule.property}"
        )
    seed = naming.seed or os.urandom(16)
    return start + hashlib.sha256(seed).hexdigest()[: rule.digits] + suffix


def _cased(rule: Autoname, text: str) -> str:
    return text.lower() if rule.lowercase else text
