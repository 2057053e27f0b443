"""The year in the name of a file against the year of its report. Folders and addresses lie too often."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from gao_pipeline.checking.confrontation import Confrontation, in_catalogue_order
from gao_pipeline.checking.evaluators import finding, not_assessable, parameters_of, register, verdict
from gao_pipeline.checking.model import Finding, Outcome, Verdict
from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.model import Report

FILE_NAME = "year.file_name"


class FileName(Spec, frozen=True, kw_only=True):
    """A pattern over the compacted name of a file; its group `year` is the year that the name gives."""

    pattern: str


register("file_name_year", fields=("name", "year", "report_year"), parameters=FileName)


def with_file_name(outcome: Confrontation, report: Report, path: str) -> Confrontation:
    """The outcome of a report with what is to be said of the name of its file.

    Args:
        path: where the file lies; of a member of an archive, the path inside it.
    """
    rule = load_rules()[FILE_NAME]
    name = PurePosixPath(path.replace("\\", "/")).stem
    said = re.search(parameters_of(rule, FileName).pattern, compact(name))
    findings: tuple[Finding, ...] = ()
    judged: Verdict
    if said is None:
        judged = not_assessable(rule, "single_source")
    elif report.report_year is None:
        judged = not_assessable(rule, "year_unknown")
    elif int(said["year"]) == report.report_year:
        judged = verdict(rule, Outcome.PASS)
    else:
        fields = {"name": name, "year": int(said["year"]), "report_year": report.report_year}
        findings, judged = (finding(rule, fields, excerpt=name),), verdict(rule, Outcome.FAIL)
    return msgspec.structs.replace(
        outcome,
        findings=tuple(in_catalogue_order([*outcome.findings, *findings])),
        verdicts=(*outcome.verdicts, judged),
    )
