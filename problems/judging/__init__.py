"""Judges a program on a problem's tests."""

from medalist.problems.judging.judge import JudgeOptions, judge, reclassify
from medalist.problems.judging.results import GroupResult, Judgement, TestResult

__all__ = ["GroupResult", "JudgeOptions", "Judgement", "TestResult", "judge", "reclassify"]
