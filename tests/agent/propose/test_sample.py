from collections.abc import Iterable, Iterator

from medalist.agent.llm.contract import Completion, ModelTraits, Request, Spent
from medalist.agent.propose import Arm, Sampler, arms, evenly
from medalist.agent.propose.sample import SampleSettings
from medalist.agent.types import Usage
from medalist.problems.model import PublicProblem, Sample

PUBLIC = PublicProblem(
    problem_id="sum",
    statements={"en": "Add two numbers."},
    samples=(Sample(input="1 2\n", output="3\n"),),
)


class Refusing:
    """A model that refuses every prompt but one."""

    name = "refusing"
    spent = Spent()
    traits = ModelTraits()

    def __init__(self, accepts: str) -> None:
        self.accepts = accepts
        self.asked: list[str] = []

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        for request in requests:
            self.asked.append(request.request_id)
            good = f"/{self.accepts}/" in request.request_id
            yield Completion(
                request.request_id,
                "```python\nprint(3)\n```" if good else "",
                "",
                "stop" if good else "refusal",
                Usage(),
                self.name,
                0.0,
                0.0,
            )

    def close(self) -> None:
        pass


def test_ways_alternate_in_prompt_and_language() -> None:
    assert arms(["reason", "direct"], ["cpp", "python"]) == [
        Arm("reason", "cpp"),
        Arm("direct", "python"),
        Arm("reason", "python"),
        Arm("direct", "cpp"),
    ]


def test_same_calls_make_same_requests_and_more_samples_only_add() -> None:
    ways = arms(["reason", "direct"], ["cpp", "python"])

    def asked(count: int) -> dict[str, Request]:
        requests = Sampler(PUBLIC, ways, SampleSettings(seed=7)).requests(evenly(ways, count))
        return {request.request_id: request for request in requests}

    few, many = asked(6), asked(16)
    assert asked(6) == few
    assert few.items() <= many.items()
    assert len(many) == 16
    assert len({request.seed for request in many.values()}) == 16


def test_a_second_round_goes_on_where_the_first_ended() -> None:
    ways = [Arm("direct", "cpp")]
    sampler = Sampler(PUBLIC, ways)
    first = sampler.requests(evenly(ways, 2))
    second = sampler.requests(evenly(ways, 1))
    assert [r.request_id for r in first + second] == [f"sum/direct/cpp/{n}" for n in range(3)]


def test_a_refusal_is_a_candidate_and_another_prompt_is_tried() -> None:
    ways = arms(["reason", "direct"], ["python"])
    model = Refusing("direct")
    sampler = Sampler(PUBLIC, ways)
    listed = list(sampler.sample(model, sampler.requests([Arm("reason", "python")])))
    assert [(c.prompt_id, c.finish) for c in listed] == [("reason", "refusal"), ("direct", "stop")]
    assert model.asked == ["sum/reason/python/0", "sum/direct/python/0"]


def test_a_model_that_refuses_everything_is_asked_once_with_each_prompt() -> None:
    ways = arms(["reason", "direct"], ["cpp", "python"])
    sampler = Sampler(PUBLIC, ways)
    listed = list(sampler.sample(Refusing("none"), sampler.requests(evenly(ways, 1))))
    assert len(listed) == 4
    assert {c.finish for c in listed} == {"refusal"}
