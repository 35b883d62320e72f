"""A function is declared once per program: the engine would refuse the second later, and in other words."""

from pulumi.runtime import get_root_resource

from intermodal.errors import DefinitionError, Problem

_DECLARED = "_intermodal_declared"


def declare(subject: str) -> None:
    """Note that `subject` exists in this program.

    The note hangs on the program's own stack resource, so that two programs in one process never meet.

    Raises:
        DefinitionError: it was declared before.
    """
    stack = get_root_resource()
    if stack is None:
        return
    declared: set[str] = stack.__dict__.setdefault(_DECLARED, set())
    if subject in declared:
        text = "is declared twice in this program; give the second function a name of its own"
        raise DefinitionError(subject, [Problem(path="name", text=text)])
    declared.add(subject)
