"""What one kind of viewer sees of a contest: standings, the page's log and the API's feed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from medalist.agent.contest.events import ContestEvent, SubmissionMade, read_events
from medalist.agent.journal import Journal
from medalist.agent.web.ccs.feed import Feed
from medalist.agent.web.log import BoardLog
from medalist.agent.web.state import PublicState
from medalist.errors import BadInput


class AudienceView:
    """A view of a contest, kept up to date event by event.

    Args:
        hold_freeze: Whether what the freeze hid stays hidden permanently.
        with_source: Of which submissions the API's objects name the source: none by default.
    """

    def __init__(
        self,
        *,
        hold_freeze: bool = False,
        with_source: Callable[[SubmissionMade], bool] = lambda _: False,
    ) -> None:
        self.state = PublicState(hold_freeze=hold_freeze)
        self.log = BoardLog(self.state)
        self.feed = Feed(self.state, with_source)

    @classmethod
    def of_run(
        cls, run: Path, *, with_source: Callable[[SubmissionMade], bool] = lambda _: False
    ) -> AudienceView:
        """Return the public view of a run as it is now.

        Raises:
            BadInput: There is no contest in that directory.
            JournalFailure: The journal cannot be read.
        """
        view = cls(with_source=with_source)
        with Journal.open(run, readonly=True) as journal:
            for _, event in read_events(journal):
                view.add(event)
        if view.state.opened is None:
            raise BadInput("holds no contest", file=run, hint="see `medalist contest run`")
        return view

    def add(self, event: ContestEvent) -> None:
        """Take in the next event.

        Raises:
            JournalFailure: The events do not belong together.
        """
        self.feed.configure(event)
        # One change after the other: each is told as the standings are right after it.
        for change in self.state.add(event):
            self.log.add(change)
            self.feed.add(change)
