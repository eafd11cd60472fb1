"""`--dry-run` against what recorded runs really cost.

    python benchmarks/estimate.py [FILE...] [--price PROMPT,COMPLETION] [--json]

Each file holds recorded answers, one JSON object a line (`problem, prompt, language, completion,
usage`; default: `benchmarks/data/bundled-completions.jsonl`). All answers of a problem to one
prompt in one language are a run: its requests are estimated as `--dry-run` does, then asked
through the client from a scripted endpoint that gives the recorded answers with the token counts
that the model itself reported. The gate's account is the real cost.

The last line with `--json` is one object: `runs`, `inside` (how many real costs are in the range
said before), `rows`.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from medalist.agent.llm import estimate
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.prices import Price
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.route import Route
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.propose import Arm, Sampler
from medalist.agent.propose.sample import SampleSettings
from medalist.agent.steps.planned_requests import foresee
from medalist.agent.steps.run_settings import RunSettings
from medalist.errors import MedalistError
from medalist.problems.formats import find_bundled, load

DEFAULT = Path(__file__).parent / "data" / "bundled-completions.jsonl"
MAX_TOKENS = 700
Row = dict[str, Any]


def runs(files: list[Path]) -> dict[tuple[str, str, str], list[Row]]:
    """Group recorded answers by problem, prompt and language."""
    result: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("usage"):
                result[row["problem"], row["prompt"], row["language"]].append(row)
    return result


def measure(key: tuple[str, str, str], rows: list[Row], price: Price) -> Row | None:
    """Estimate one run and ask it again; None where its problem is not bundled."""
    problem_id, prompt_id, language = key
    try:
        public = load(find_bundled(problem_id)).public
    except MedalistError:
        return None
    way = Arm(prompt_id, language)
    settings = RunSettings(len(rows), (language,), (prompt_id,), max_tokens=MAX_TOKENS)
    requests, surely = foresee(public, settings, "small")
    before = estimate(requests, price, surely=surely)

    def script(seen: SeenRequest) -> Reply:
        row = rows[seen.index]
        return Reply(
            row["completion"],
            prompt_tokens=row["usage"]["prompt_tokens"],
            completion_tokens=row["usage"]["completion_tokens"],
        )

    with ScriptedEndpoint(script) as endpoint:
        address = EndpointSettings(model="scripted", base_url=endpoint.base_url, concurrency=1)
        model = JournalledModel([Route(Endpoint(address), price=price)], ModelResources())
        sampler = Sampler(public, [way], SampleSettings(form="small", max_tokens=MAX_TOKENS))
        answers = sum(1 for _ in sampler.sample(model, sampler.requests([way] * len(rows))))
        spent = model.spent
        model.close()
    assert answers == before.calls[0]
    assert before.usd is not None
    assert spent.usd is not None
    return {
        "problem": problem_id,
        "prompt": prompt_id,
        "language": language,
        "calls": answers,
        "tokens": list(before.tokens),
        "real_tokens": spent.tokens,
        "usd": [round(end, 6) for end in before.usd],
        "real_usd": round(spent.usd, 6),
        "inside": before.usd[0] <= spent.usd <= before.usd[1]
        and before.tokens[0] <= spent.tokens <= before.tokens[1],
    }


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, default=[DEFAULT])
    parser.add_argument("--price", default="0.40,1.60", help="dollars per million tokens")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    prompt, completion = map(float, options.price.split(","))
    price = Price(prompt=prompt, completion=completion, cached=prompt)
    measured = [measure(key, rows, price) for key, rows in sorted(runs(options.files).items())]
    rows = [row for row in measured if row is not None]
    print("| problem | prompt | calls | tokens said | real | dollars said | real | inside |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        (low, high), (cheap, dear) = row["tokens"], row["usd"]
        print(
            f"| {row['problem']} | {row['prompt']}, {row['language']} | {row['calls']} | "
            f"{low} to {high} | {row['real_tokens']} | {cheap:.5f} to {dear:.5f} | "
            f"{row['real_usd']:.5f} | {'yes' if row['inside'] else 'NO'} |"
        )
    if options.json:
        inside = sum(row["inside"] for row in rows)
        print(json.dumps({"runs": len(rows), "inside": inside, "rows": rows}))


if __name__ == "__main__":
    main()
