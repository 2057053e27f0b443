"""Reuse of text: how much of a report's prose is that of another one, figures and years masked.

The official word is 内容雷同 (identical content), which the form's notice forbids.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations

from rapidfuzz import fuzz

from gao_pipeline.checking.evaluators import finding, not_assessable, parameters_of, register, verdict
from gao_pipeline.checking.model import CrossConfrontation, Outcome
from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.model import Report

REUSE = "structure.text_reuse_other"
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_MASK = "#"


class ReuseOfOthers(Spec, frozen=True, kw_only=True):
    """When two reports are compared and when they are said to be alike.

    Reports are compared that share `sentences` sentences of `sentence_length` characters; a sentence found
    in more than `common` reports is the form's own wording and does not count.
    """

    percent: float
    characters: int
    sentences: int
    sentence_length: int
    common: int


register("text_reuse_other", fields=("percent", "organization"), parameters=ReuseOfOthers)


def masked_sentences(report: Report) -> list[str]:
    """The compacted sentences of the prose, headings left out and figures masked."""
    return [
        _FIGURES.sub(_MASK, compact(sentence.text)) for sentence in report.sentences if not sentence.heading
    ]


def similarity(first: Report, second: Report, characters: int, cutoff: float = 0) -> float | None:
    """How alike the prose of two reports is, in percent; 0 below `cutoff`.

    `None` where either has fewer than `characters` characters.
    """
    texts = [_prose(report) for report in (first, second)]
    if min(map(len, texts)) < characters:
        return None
    return float(fuzz.ratio(*texts, score_cutoff=cutoff))


def find_reuse(reports: Mapping[str, Report]) -> dict[str, CrossConfrontation]:
    """Says of every report of a year whether it repeats the prose of another organisation.

    Args:
        reports: the reports of one year by organisation id.

    Returns:
        The outcome of every organisation; a finding names the report most like its own.
    """
    rule = load_rules()[REUSE]
    parameters = parameters_of(rule, ReuseOfOthers)
    holders: dict[str, set[str]] = defaultdict(set)
    for organization, report in reports.items():
        for sentence in masked_sentences(report):
            if len(sentence) >= parameters.sentence_length:
                holders[sentence].add(organization)
    shared = Counter(
        pair
        for organizations in holders.values()
        if 1 < len(organizations) <= parameters.common
        for pair in combinations(sorted(organizations), 2)
    )
    alike: dict[str, tuple[float, str]] = {}
    for (first, second), sentences in shared.items():
        if sentences < parameters.sentences:
            continue
        percent = similarity(reports[first], reports[second], parameters.characters, parameters.percent)
        if percent is not None and percent >= parameters.percent:
            for one, other in ((first, second), (second, first)):
                alike[one] = max(alike.get(one, (0.0, "")), (percent, other))
    outcomes: dict[str, CrossConfrontation] = {}
    for organization, report in sorted(reports.items()):
        if organization in alike:
            percent, other = alike[organization]
            fields = {"percent": int(percent), "organization": reports[other].organization or other}
            outcomes[organization] = CrossConfrontation(
                findings=(finding(rule, fields, actual=round(percent, 1)),),
                verdicts=(verdict(rule, Outcome.FAIL),),
            )
        elif len(_prose(report)) < parameters.characters:
            outcomes[organization] = CrossConfrontation(verdicts=(not_assessable(rule, "text_missing"),))
        else:
            outcomes[organization] = CrossConfrontation(verdicts=(verdict(rule, Outcome.PASS),))
    return outcomes


def _prose(report: Report) -> str:
    return "".join(masked_sentences(report))
