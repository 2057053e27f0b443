"""The JSON of `gao check` (documented contract): one object per input file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from gao_pipeline.checking.model import Finding, Suggestion
from gao_pipeline.cli.checked import CheckedFile
from gao_pipeline.documents.model import Place
from gao_pipeline.reports.model import Fact


def print_json(checked: Sequence[CheckedFile], language: str) -> None:
    """Prints the whole array, UTF-8, to standard output."""
    encoded = msgspec.json.encode([file_object(item, language) for item in checked])
    sys.stdout.buffer.write(msgspec.json.format(encoded, indent=1) + b"\n")


def file_object(item: CheckedFile, language: str) -> dict[str, Any]:
    """What a file says and what the rules say of it, or why it was not read."""
    content: dict[str, Any] = {"file": item.file, "sha256": item.sha256, "media_type": item.media_type}
    if item.report is None or item.outcome is None:
        return content | {
            "status": "quarantined",
            "reason": item.reason,
            "message": item.quarantine_message(language),
            "facts": [],
            "findings": [],
        }
    report = item.report
    return content | {
        "status": "read",
        "organization": report.organization,
        "report_year": report.report_year,
        "year_sources": msgspec.structs.asdict(report.year_sources),
        "form": report.form,
        "table_forms": report.table_forms,
        "facts": [_fact(fact) for fact in item.outcome.facts],
        "findings": [_finding(finding, language) for finding in item.outcome.findings],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    content: dict[str, Any] = {
        **fact.code._asdict(),
        "value": fact.value,
        "raw": fact.raw,
        "state": fact.state,
        "source": _place(fact.place),
    }
    if fact.derived_by is not None:
        content["derived_by"] = fact.derived_by
    if fact.confidence is not None:
        content["confidence"] = fact.confidence
    return content


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    source = _place(finding.place)
    if finding.excerpt is not None:
        source["excerpt"] = finding.excerpt
    content: dict[str, Any] = {
        "rule": finding.rule,
        "table": finding.table,
        "severity": finding.severity,
        "message": finding.message.in_language(language),
        "facts": finding.facts,
        "expected": finding.expected,
        "actual": finding.actual,
        "source": source,
    }
    if finding.suggestion is not None:
        content["suggestion"] = _suggestion(finding.suggestion)
    elif finding.candidates:
        content["candidates"] = [_suggestion(candidate) for candidate in finding.candidates]
    return content


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {"fact": suggestion.fact, "value": suggestion.value}


def _place(place: Place) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.to_builtins(place)
    return content
