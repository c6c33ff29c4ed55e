"""One tree of exceptions: each says that the command cannot go on, and what to do next.

    ReviewError
    ├── UsageError            the command was asked for something it does not have
    ├── ProjectError          no review folder here, or a protocol that cannot be read at all
    ├── FormatError           a file that cannot be read: path, line, what was expected
    │   └── LimitError        a file that is larger or deeper than a bounded reader accepts
    ├── StaleFileError        the file changed since it was read
    ├── LockedError           another process holds the file
    ├── RunExistsError        a run folder is never overwritten
    ├── PoolError             the question cannot be computed
    └── SourceError           a service failed
        ├── SourceUnavailable     it could not be reached, or gave up after bounded tries
        ├── SourceRefused         it refused us: a bad key, a blocked address
        └── BadResponse           it answered something that cannot be an answer

Data that is wrong is never an exception: stages return findings for it (`review.findings`).
"""

from __future__ import annotations

from pathlib import Path


class ReviewError(Exception):
    """Something that ends the command; its text tells what, where and what to do next."""

    #: The command line's exit code for this kind of error.
    exit_code = 2


class UsageError(ReviewError):
    """The command was asked for something that it does not have."""


class ProjectError(ReviewError):
    """The folder is not a review, or its protocol cannot be read at all."""


class FormatError(ReviewError):
    """A file that cannot be read."""

    def __init__(self, path: Path | str, problem: str, *, line: int | None = None, hint: str = "") -> None:
        self.path = Path(path)
        self.line = line
        self.problem = problem
        self.hint = hint
        where = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{where}: {problem}" + (f"; {hint}" if hint else ""))


class LimitError(FormatError):
    """A file that is larger, deeper or longer than a bounded reader accepts."""


class StaleFileError(ReviewError):
    """The file changed since it was read."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        super().__init__(
            f"{path}: changed since it was read; nothing was written. Look at the change, then run the command again"
        )


class LockedError(ReviewError):
    """Another process holds the file."""

    def __init__(self, path: Path | str, holder: str) -> None:
        self.path = Path(path)
        self.holder = holder
        super().__init__(
            f"{path}: in use by {holder}; nothing was written. Close the other one, or wait, then try again"
        )


class RunExistsError(ReviewError):
    """A run folder is never overwritten."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        super().__init__(
            f"{path}: this run exists already and runs are never overwritten; wait a second and run the command again"
        )


class PoolError(ReviewError):
    """The question cannot be computed."""


class SourceError(ReviewError):
    """A service failed: which one, what it said, what to do next."""

    exit_code = 3

    def __init__(self, source: str, problem: str, *, hint: str = "") -> None:
        self.source = source
        self.problem = problem
        self.hint = hint
        super().__init__(f"{source}: {problem}" + (f"; {hint}" if hint else ""))


class SourceUnavailable(SourceError):
    """The service could not be reached, or was given up after a bounded number of tries."""


class SourceRefused(SourceError):
    """The service refused us: a bad key, a blocked address."""


class BadResponse(SourceError):
    """The service answered something that cannot be an answer."""
