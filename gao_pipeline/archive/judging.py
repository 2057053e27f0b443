"""Judges the reports of one year: each on its own, then against its versions, members and predecessor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from gao_pipeline.archive.corrections import Corrections
from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.continuity import confront_versions, confront_years, find_gaps
from gao_pipeline.checking.corrections import Corrected, apply_corrections, by_report
from gao_pipeline.checking.file_names import with_file_name
from gao_pipeline.checking.hierarchy import TOTAL_SCOPES, confront_region
from gao_pipeline.checking.model import CrossConfrontation, Finding, Severity, Verdict
from gao_pipeline.checking.reuse import find_reuse
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.organizations import Scope, load_departments
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.organizations import Organization, resolve_organization


@dataclass
class Judged:
    """A report with everything that is said of it.

    `report` is as read, `corrected` the copy with corrections applied, `outcome` what that copy gives;
    `findings` and `verdicts` grow as the report is compared with others.
    """

    report: Report
    organization: Organization
    corrected: Corrected
    outcome: Confrontation
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def validated(self) -> Report:
        """The report with its validated figures: corrected, else reported, else derived."""
        return msgspec.structs.replace(self.report, facts=self.outcome.facts)

    @property
    def suspects(self) -> frozenset[FactCode]:
        """The cells that stand in a relation of their table that does not hold."""
        return frozenset(
            code
            for finding in self.findings
            if finding.severity is Severity.ERROR
            for code in finding.facts
            if code.table == finding.table
        )

    def add(self, outcome: CrossConfrontation) -> None:
        """Adds what a comparison with other reports says."""
        self.findings += outcome.findings
        self.verdicts += outcome.verdicts


def judge_each(
    reports: Mapping[str, Report], paths: Mapping[str, str], corrections: Corrections
) -> dict[str, Judged]:
    """Every report on its own, with its corrections applied. All arguments but the last are by report id."""
    of_report = by_report(corrections.figures)
    corrected = [
        apply_corrections(report, of_report.get((report.organization or "", report.report_year or 0), ()))
        for report in reports.values()
    ]
    outcomes = [
        with_file_name(outcome, report, paths[report_id])
        for (report_id, report), outcome in zip(
            reports.items(), confront([item.report for item in corrected]), strict=True
        )
    ]
    return {
        report_id: Judged(
            report=report,
            organization=resolve_organization(
                report.organization,
                report.report_year,
                (report.title or "", paths[report_id]),
                corrections.organizations,
            ),
            corrected=own,
            outcome=outcome,
            findings=[*outcome.findings, *own.findings],
            verdicts=[*outcome.verdicts, *own.verdicts],
        )
        for (report_id, report), own, outcome in zip(reports.items(), corrected, outcomes, strict=True)
    }


def judge_together(
    judged: Mapping[str, Judged],
    versions: Mapping[str, Sequence[str]],
    previous: Mapping[str, Report],
    earlier: Collection[str],
    corrections: Corrections,
) -> None:
    """Adds to every report what comparisons with others say.

    Args:
        judged: the reports of a year by report id.
        versions: the report ids of each organisation, the chosen one first, by organisation id.
        previous: the validated reports of the year before, by organisation id.
        earlier: the organisations that have a report of two years before.
        corrections: whose lists of members make a regional total one that must add up.
    """
    chosen = {organization: judged[report_ids[0]] for organization, report_ids in versions.items()}
    current = {organization: item.validated for organization, item in chosen.items()}
    for outcomes in (
        confront_years(current, previous),
        find_gaps(current, previous, earlier),
        find_reuse(current),
    ):
        for organization, outcome in outcomes.items():
            chosen[organization].add(outcome)
    for organization, report_ids in versions.items():
        chosen[organization].add(confront_versions([judged[each].report for each in report_ids]))
    for item in chosen.values():
        if (scope := item.organization.report_scope) in TOTAL_SCOPES:
            declared = corrections.members_of(item.report.organization, item.report.report_year)
            found = _declared(declared, chosen.values()) if declared else _members(item, chosen.values())
            members = {member.organization.name or "": member.validated for member in found}
            complete = bool(declared) and members.keys() == declared
            item.add(confront_region(item.validated, scope, members, complete=complete))


def _declared(names: Collection[str], reports: Iterable[Judged]) -> Iterator[Judged]:
    return (item for item in reports if item.report.organization in names)


def _members(total: Judged, reports: Iterable[Judged]) -> Iterator[Judged]:
    """The single organs whose figures a report that speaks for a region or a system should contain."""
    owner = total.organization
    for item in reports:
        organ = item.organization
        if organ.report_scope in TOTAL_SCOPES or not _lies_in(organ.region_code, owner.region_code):
            continue
        if owner.report_scope is Scope.SYSTEM and organ.department_class != owner.department_class:
            continue
        if owner.report_scope is Scope.REGION and load_departments()[organ.department_class].vertical:
            continue
        yield item


def _lies_in(code: str | None, region: str | None) -> bool:
    """Whether a region code (two digits a level) lies in another or is the same."""
    if code is None or region is None:
        return False
    significant = region
    while significant.endswith("00"):
        significant = significant[:-2]
    return code.startswith(significant)
