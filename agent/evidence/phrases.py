"""How statements say, in English and Chinese, what holds between the values of an input."""

from __future__ import annotations

import re

DISTINCT = re.compile(
    r"\bdistinct\b|\bdifferent\b|\bunique\b|pairwise|\bno two\b|\bat most once\b|no duplicates?"
    r"|\bno \w+ (?:is|are|occurs?|appears?|repeats?)[^.]{0,20}(?:twice|more than once|repeated)"
    r"|互不相同|两两不同|各不相同|不重复|互异",
    re.I,
)
NOT_DISTINCT = re.compile(r"not necessarily (?:distinct|different|unique)|may be equal", re.I)
UP = re.compile(
    r"\b(?:strictly )?increasing\b|\bascending\b|\bsorted\b|non-?\s?decreasing|chronological"
    r"|升序|递增|从小到大|不降",
    re.I,
)
DOWN = re.compile(r"\bdecreasing\b|descending|non-?\s?increasing|降序|递减|从大到小", re.I)
PERMUTATION = re.compile(r"\bpermutation\b|排列|each (?:number|integer)[^.]*exactly once", re.I)
TREE = re.compile(r"\btree\b|一棵树|的树|\bforest\b", re.I)
CONNECTED = re.compile(
    r"\bconnected\b|连通|(?:reach|get|travel|path|way|route)[^.]{0,40}\b(?:any|every|all|each)\b",
    re.I,
)
REACH = re.compile(
    r"(?:possible|can|always|exists?)[^.]{0,30}\b(?:reach|get|travel|path|route)\b|路径存在|可达",
    re.I,
)
NO_LOOPS = re.compile(
    r"no self-?\s?loops?|without (?:self-?)?loops|\bsimple\b|无自环|没有自环|itself", re.I
)
LOOPS = re.compile(
    r"(?:may|might|can|could|possibly)[^.]{0,60}(?:itself|self-?\s?loops?)"
    r"|not necessarily di|可能有自环",
    re.I,
)
SINGLE = re.compile(
    r"at most one|no two|(?:no|without)[^.]{0,30}? (?:multiple|multi-?|parallel|duplicate|double)"
    r"|\bsimple\b"
    r"|重边|only once|more than one (?:edge|road|line|path)",
    re.I,
)
SEVERAL = re.compile(
    r"(?:may|might|can|could)[^.]{0,50}(?:several|multiple|more than one|parallel)", re.I
)
POWER = re.compile(r"power of (?:two|\$?2\$?)|\$?2\$?\s*的(?:整数)?(?:次)?幂", re.I)
POLYGON = re.compile(r"\bpolygon\b|多边形", re.I)
BORDER = re.compile(r"\b(?:border|boundary|frame|surround|enclos|perimeter)|边界|四周|围", re.I)
ONE = re.compile(
    r"(?:exactly|precisely|only|a single|contains|is|are) (one|two|three|a single)\b"
    r"|恰(?:好)?有?(一)个",
    re.I,
)
PARENTS = re.compile(r"\bparent|\broot|\bboss|\bancestor|父", re.I)
TOTALS = re.compile(
    r"(?:sum|total)\s+(?:of\s+)?(?:all\s+)?(?:the\s+)?(?:values?\s+of\s+)?\$?(\w+)\$?[^.$]{0,60}?"
    r"(?:exceed|at most|≤|no more than|bounded by|less than or equal to)\s*\$?([\d*^ ]+)"
    r"|所有[^。]{0,20}?\$?([A-Za-z])\$?\s*(?:的|之)?(?:总)?和[^。$]{0,6}"
    r"(?:不超过|≤)\s*\$?([\d*^ ]+)",
    re.I,
)  # fmt: skip
IN_TOTAL = re.compile(
    r"at most \$?([\d*^ ]+)\$? (\w+) in total"
    r"|total (?:number|length) of[^.]{0,60}?(?:exceed|at most)\s*\$?([\d*^ ]+)",
    re.I,
)
GUARANTEED = re.compile(
    r"\bguarantee|\b(?:may|can) (?:safely )?assume|\balways (?:possible|exists?)"
    r"|\bno (?:two|three)\b|\bsuch that\b|保证",
    re.I,
)
READ = (
    DISTINCT, UP, DOWN, PERMUTATION, TREE, CONNECTED, REACH, NO_LOOPS, SINGLE, POWER, POLYGON,
    BORDER, ONE, TOTALS, IN_TOTAL,
)  # fmt: skip
