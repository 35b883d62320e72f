"""The one error of the command."""


class CliError(ValueError):
    """What was asked for cannot be done; the text is one sentence: what is wrong, where, and what to do."""


def sentence(text: str) -> str:
    """`text` with the full stop that a question does without."""
    return text if text.endswith(("?", ".")) else f"{text}."
