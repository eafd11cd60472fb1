"""The scoreboard as one HTML file that opens without a server, with the whole log inside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from medalist.agent.web.log import BoardLog

_STATIC = Path(__file__).parent / "static"
_STYLE = '<link rel="stylesheet" href="scoreboard.css">'
_ICON = '<link rel="icon" href="icon.svg" type="image/svg+xml">'
_SCRIPT = re.compile(r'<script defer src="(\w+\.js)"></script>\n')


def exported_page(log: BoardLog) -> str:
    """Return the page with its style, its scripts and the log in it.

    The policy in it allows that style and those scripts by their hashes, and nothing else.
    """
    page = _text("index.html")
    style = _text("scoreboard.css")
    script = "\n".join(_text(name) for name in _SCRIPT.findall(page))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    entries = [json.loads(entry) for entry in log.entries]
    contest = log.contest() | {"resolver": True}
    data = json.dumps({"contest": contest, "entries": entries}, separators=(",", ":"))
    parts = {
        _ICON: f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        _STYLE: f"<style>{style}</style>",
        # No text of anybody can end the element or start another one.
        "</body>": '<script type="application/json" id="embedded">'
        + data.replace("<", "\\u003c")
        + f"</script>\n<script>{script}</script>\n</body>",
    }
    page = _SCRIPT.sub("", page)
    for old, new in parts.items():
        page = page.replace(old, new)
    return page


def _text(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
