"""Read YAML files as Pulumi does, and report the line of syntax errors and duplicate keys."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from intermodal.problems.errors import CliError

BOOLEAN, NUMBERS = "tag:yaml.org,2002:bool", ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _Loader(yaml.SafeLoader):
    """YAML loader that behaves like Pulumi where PyYAML differs.

    PyYAML keeps the last of two duplicate keys, reads `yes` as true and `10:30` as 630. Pulumi rejects duplicate keys
    and reads both values as strings.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if node.tag in NUMBERS and ":" in str(node.value):
            return node.value
        return super().construct_object(node, deep=deep)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    problem = f'duplicate key "{key.value}"'
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != BOOLEAN or first in "tTfF"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        CliError: The file cannot be read, or is not valid YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        raise CliError(f"{path} is not valid UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise CliError(f"{path} cannot be read: {error.strerror}; specify an existing file") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" in line {mark.line + 1}" if mark else ""
        raise CliError(f"{path} is not YAML{line}: {error.problem or error.context}; correct it") from error
    except yaml.YAMLError as error:
        raise CliError(f"{path} is not YAML: {' '.join(str(error).split())}; correct it") from error
