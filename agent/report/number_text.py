"""How numbers read: the same everywhere on the page."""

from __future__ import annotations

from medalist.agent.report.estimates import IntervalEstimate

UNKNOWN = "unknown"


def count(value: float) -> str:
    """`12,345`; a small mean keeps two digits: `0.05`, `1.5`."""
    whole = value >= 10 or value == round(value)
    return f"{value:,.0f}" if whole else f"{value:.2g}"


def short(value: float) -> str:
    """`950`, `9.5k`, `1.2M`: for axes."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def percent(share: float) -> str:
    """`46.7 %`; with a narrow no-break space, as everywhere before a unit."""
    return f"{100 * share:.1f}\u202f%"


def dollars(usd: float | None) -> str:
    """`$1.24`, `$0.0031`, `unknown`; `$0` is a model that costs nothing."""
    if usd is None:
        return UNKNOWN
    if usd == 0:
        return "$0"
    if usd >= 1:
        return f"${usd:,.2f}"
    return f"${usd:.4f}" if usd >= 0.001 else f"${usd:.2g}"


def seconds(value: float) -> str:
    """`0.31 s`, `42 s`, `12 min 05 s`, `3 h 20 min`."""
    if value < 10:
        return f"{value:.2f}\u202fs"
    if value < 60:
        return f"{value:.0f}\u202fs"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes}\u202fmin {rest:02}\u202fs"
    return f"{minutes // 60}\u202fh {minutes % 60:02}\u202fmin"


def share(estimate: IntervalEstimate) -> str:
    """A share, or the two between which it lies: `46.7 %`, `40.0 to 53.3 %`."""
    if estimate.exact:
        return percent(estimate.low)
    return f"{100 * estimate.low:.1f} to {percent(estimate.high)}"


def interval(estimate: IntervalEstimate) -> str:
    """The interval of a share: `24.8 to 69.9 %`."""
    return f"{100 * estimate.interval_low:.1f} to {percent(estimate.interval_high)}"
