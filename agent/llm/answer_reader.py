"""Making answers of the bodies that an endpoint sends, or a failure that says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from medalist.agent.llm.api_requests import prefills, token_limit
from medalist.agent.llm.apis import APIS
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.contract import Request
from medalist.agent.llm.failures import Failures, error_of
from medalist.agent.llm.forms import unwrapped
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.streaming import parsed
from medalist.agent.llm.together import Results


class AnswerReader:
    """Reads the bodies of one endpoint."""

    def __init__(self, where: str, name: str, failures: Failures) -> None:
        """Take the endpoint's address for messages, the model's name, and the words of failures."""
        self._where, self._name, self._failures = where, name, failures

    def read_all(self, raw: str | dict[str, Any], profile: Profile, request: Request) -> Results:
        """Make answers of a response's body, as many as were asked for at most.

        Raises:
            AttemptFailed: It holds none.
        """
        if isinstance(raw, str):
            if raw.lstrip()[:1] == "<":
                raise AttemptFailed(
                    f"{self._where} answered with a web page instead of JSON",
                    hint="is the base URL right? It usually ends in /v1",
                    fatal=True,
                )
            try:
                body = parsed(raw)
            except ValueError as error:
                said = getattr(error, "msg", str(error))
                raise AttemptFailed(
                    f"{self._where} answered with invalid JSON ({len(raw)} characters: {said})",
                    tries=3,
                    charged=True,
                ) from error
        else:
            body = raw
        answers: list[AttemptAnswer] = []
        if isinstance(body, dict) and error_of(body) is None:
            read = APIS[profile.api].read
            answers = read(body, request.along, token_limit(profile, request))
        if not answers:
            raise self._failures.without_answer(body)
        return [self._usable(answer, profile, request) for answer in answers]

    def _usable(
        self, answer: AttemptAnswer, profile: Profile, request: Request
    ) -> AttemptAnswer | AttemptFailed:
        """Return an answer as others may see it; a failure if there is nothing in it."""
        said = answer.text.strip() or answer.reasoning.strip() or answer.calls
        if not said and answer.finish == "stop":
            why = f"{self._where} answered with empty content"
            return AttemptFailed(why, tries=3, charged=True, busy=answer.along)
        safe = self._failures.safe  # a server may repeat the key even here
        calls = tuple(replace(call, arguments=safe(call.arguments)) for call in answer.calls)
        answer = replace(
            answer, text=safe(answer.text), reasoning=safe(answer.reasoning), calls=calls
        )
        if request.choices and profile.structured:
            answer = replace(answer, text=unwrapped(answer.text, request.choices))
        # Some servers repeat the prefill in their answer, others do not.
        if prefills(profile, request) and not answer.text.startswith(request.prefill):
            answer = replace(answer, text=request.prefill + answer.text)
        return answer if answer.model else replace(answer, model=self._name)
