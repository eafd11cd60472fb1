import random

import pytest

from medalist.agent.forecast import (
    Chance,
    ForecastInterval,
    coverage,
    score,
)


def test_more_samples_cover_more_and_failures_cover_less() -> None:
    fresh = Chance()
    means = [fresh.coverage(more).mean for more in (0, 1, 10, 100, 10_000)]
    assert means == sorted(means)
    assert means[0] == 0.0
    assert Chance(samples=50).coverage(10).mean < fresh.coverage(10).mean
    assert Chance(samples=50, right=5).coverage(0).mean == 1.0


def test_what_passes_samples_may_still_be_wrong() -> None:
    assert Chance(10, 1, trust=0.5).coverage(0).mean == pytest.approx(0.5)
    assert Chance(10, 1, trust=0.5).coverage(1000).mean > 0.9
    assert Chance(10, 0, trust=0.5).coverage(10**6).mean <= 0.5


def test_intervals_hold_their_mean_and_say_it_in_words() -> None:
    for samples in (0, 5, 50):
        for right in (0, samples // 3):
            one = Chance(samples, right, 0.8).coverage(20)
            assert 0 <= one.low <= one.mean <= one.high <= 1
    assert str(ForecastInterval(0.305, 0.18, 0.42)) == "0.30 ± 0.12"


def test_forecasts_made_early_are_honest_about_problems_like_the_prior() -> None:
    """Problems drawn from the prior: half of the samples is seen, the rest is forecast."""
    rng = random.Random(1)
    pairs = []
    groups = []
    for _ in range(60):
        chances, outcomes = [], []
        for _ in range(30):
            p = rng.betavariate(0.3, 1.2)
            right = sum(rng.random() < p for _ in range(8))
            later = any(rng.random() < p for _ in range(24))
            chances.append(Chance(8, right))
            outcomes.append(float(bool(right) or later))
            pairs.append((chances[-1].coverage(24), outcomes[-1]))
        groups.append((coverage(chances, 24), sum(outcomes) / len(outcomes)))
    single = score(pairs)
    assert single.forecasts == 1800
    assert abs(single.bias) < 0.03
    constant = sum(o for _, o in pairs) / len(pairs)
    assert single.brier < sum((constant - o) ** 2 for _, o in pairs) / len(pairs)
    assert abs(score(groups).bias) < 0.03
    assert 0.7 < score(groups).inside < 0.95
