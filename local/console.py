"""Show progress on the terminal: one line per step, with the elapsed time."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

out = Console(highlight=False, soft_wrap=True)

REMIND_SECONDS = 15.0
"""Interval between progress lines during a long step when the output is not a terminal."""


@contextmanager
def step(title: str, why: str = "") -> Iterator[None]:
    """Show `title` with a timer, then the elapsed seconds; `why` explains a long step."""
    started = time.monotonic()
    title, why = escape(title), escape(why)
    if why:
        out.print(f"  [dim]{title}: {why}[/dim]")
    try:
        with _clock(title):
            yield
    except BaseException:
        out.print(f"[red]✗[/red] {title} [dim]({time.monotonic() - started:.1f} s)[/dim]")
        raise
    out.print(f"[green]✓[/green] {title} [dim]({time.monotonic() - started:.1f} s)[/dim]")


@contextmanager
def _clock(title: str) -> Iterator[None]:
    if out.is_terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=out, transient=True) as progress:
            progress.add_task(title)
            yield
        return
    done = threading.Event()
    reminder = threading.Thread(target=_remind, args=(title, done), daemon=True)
    reminder.start()
    try:
        yield
    finally:
        done.set()
        reminder.join()


def _remind(title: str, done: threading.Event) -> None:
    started = time.monotonic()
    while not done.wait(REMIND_SECONDS):
        out.print(f"  [dim]… {title}, {time.monotonic() - started:.0f} s so far[/dim]")
        sys.stdout.flush()
