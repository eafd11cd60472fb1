"""Writing a row into the user's own `profiles.toml`, beside what else is there."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from medalist.agent.llm.profiles import Profile, own_file, plain_name
from medalist.errors import BadInput

_FIELDS = (
    *("system", "sampling", "temperature", "top_p", "top_k", "min_p", "seed", "stop", "limit"),
    *("thinking", "stream", "stream_usage", "tools"),
    *("n", "logprobs", "structured"),
)


def write_profile(model: str, profile: Profile, source: str, today: date) -> Path:
    """Write what was found out about a model, in the place of what an earlier check wrote.

    Args:
        model: Its name, as the endpoint calls it.
        profile: What it takes.
        source: Who found out, for the row.
        today: When.

    Returns:
        The file.

    Raises:
        BadInput: It cannot be read or written.
    """
    path = own_file()
    name = plain_name(model)
    begin, end = f"# {name}: written by `medalist model check`", f"# end of {name}"
    rows = [
        "[[profile]]",
        f"match = [{json.dumps(re.sub(r'[][*?]', '?', name))}]",
        f"source = {json.dumps(source, ensure_ascii=False)}",
        f"as_of = {today.isoformat()}",
        "read = true",
    ]
    for field in _FIELDS:
        value = getattr(profile, field)
        if value is not None:
            rows.append(f"{field} = {json.dumps(value)}")
    block = "\n".join([begin, *rows, end, ""])
    try:
        before = path.read_text("utf-8") if path.is_file() else ""
        kept = re.sub(rf"{re.escape(begin)}\n.*?{re.escape(end)}\n", "", before, flags=re.DOTALL)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{kept.rstrip()}\n\n{block}".lstrip("\n"), "utf-8")
        fresh.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be written: {error}", file=path) from None
    return path
