"""A function is declared once per program: the engine would refuse the second later, and in other words."""

from pulumi.runtime import get_root_resource
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from intermodal.errors import DefinitionError, Problem

_DECLARED = "_intermodal_declared"


def declare(subject: str) -> None:
    """Note that `subject` exists in this program.

    The note hangs on the program's own stack resource, so that two programs in one process never meet. Mocks share
    that resource between the tests of a process and refuse no name, so there it is not kept.

    Raises:
        DefinitionError: it was declared before.
    """
    stack = get_root_resource()
    if stack is None or isinstance(get_monitor(), MockMonitor):
        return
    declared: set[str] = stack.__dict__.setdefault(_DECLARED, set())
    if subject in declared:
        text = "is declared twice in this program; give the second function a name of its own"
        raise DefinitionError(subject, [Problem(path="name", text=text)])
    declared.add(subject)
