"""Asset checks that judge the data: one per table and family of rules, and those of the ledger.

What each check says comes from the rule catalogue. The instance remembers only the latest result of a
check, so a check speaks of all report years together, whichever a run made; the complete record is in
`rule_verdicts` and `findings`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    MetadataValue,
    ResourceParam,
    multi_asset_check,
)

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.wide import YEAR_MENTIONS
from gao_pipeline.contracts.rules import Rule, load_rules
from gao_pipeline.orchestration.metadata import FAILING_ROWS, rows_of
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.publishing.quality_report import QUALITY_REPORT
from gao_pipeline.publishing.release import CURRENT

TABLE_OF_FAMILY = {
    "applications": "validated_facts",
    "proceedings": "validated_facts",
    "disclosure": "validated_facts",
    "reading": "validated_facts",
    "correction": "validated_facts",
    "year": "year_mentions",
    "date": "dim_report",
    "structure": "dim_report",
    "prose": "dim_report",
    "continuity": "dim_report",
    "hierarchy": "dim_report",
}
"""The table on which the check of each family of rules is shown."""

_SHOWN = ["report_year", "organization", "rule", "severity", "message", "path", "source_page", "excerpt"]
_SEVERITIES = ("error", "warning", "info")


def rule_checks() -> list[AssetChecksDefinition]:
    """For every table its check of each family of rules, as the catalogue has them."""
    families: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        families.setdefault(rule.family, []).append(rule)
    tables = dict.fromkeys(TABLE_OF_FAMILY[family] for family in families)
    return [
        _checks_of(table, {name: rules for name, rules in families.items() if TABLE_OF_FAMILY[name] == table})
        for table in tables
    ]


def _checks_of(table: str, families: Mapping[str, Sequence[Rule]]) -> AssetChecksDefinition:
    @multi_asset_check(
        name=f"{table}_rules",
        specs=[
            AssetCheckSpec(family, asset=table, description=_statements(rules))
            for family, rules in families.items()
        ],
        can_subset=True,
    )
    def rules_hold(
        context: AssetCheckExecutionContext, pipeline: ResourceParam[Pipeline]
    ) -> Iterator[AssetCheckResult]:
        verdicts = pipeline.tables.read("rule_verdicts")
        for key in context.selected_asset_check_keys:
            yield family_result(pipeline.tables, verdicts, table, key.name, families[key.name])

    return rules_hold


def family_result(
    tables: TableStore, verdicts: pd.DataFrame, table: str, family: str, rules: Sequence[Rule]
) -> AssetCheckResult:
    """What the rules of a family say of all years: counts by rule and by year, and the newest failing rows.

    The check fails where a rule of severity error or warning failed; ERROR if one of them is an error.
    """
    counts = ["passed", "failed", "not_assessable", "reports_failed"]
    of_family = verdicts[verdicts["rule"].isin([rule.id for rule in rules])]
    by_rule = of_family.groupby("rule")[counts].sum()
    failed = [rule for rule in rules if rule.id in by_rule.index and by_rule["failed"][rule.id] > 0]
    worst = {rule.severity for rule in failed}
    metadata: dict[str, Any] = {name: int(of_family[name].sum()) for name in counts}
    explained = by_rule.reset_index().assign(explain=[f"gao explain {rule}" for rule in by_rule.index])
    metadata["by_rule"] = rows_of(explained, len(by_rule))
    by_year = of_family.groupby("year_partition")[counts].sum()
    metadata["by_year"] = rows_of(by_year.reset_index(), len(by_year))
    if failed:
        metadata["failing_rows"] = rows_of(_failing_rows(tables, family))
        metadata |= _evidence(tables.home)
    return AssetCheckResult(
        asset_key=table,
        check_name=family,
        passed=not worst & {"error", "warning"},
        severity=_graver(worst),
        metadata=metadata,
    )


@multi_asset_check(
    specs=[
        AssetCheckSpec(
            "row_checks",
            asset="validated_facts",
            description=(
                "宽表逐行检查：每条勾稽关系一项，年份提及一项（pandera）· "
                "The wide frame of reports: a pandera row check per identity and one on year mentions."
            ),
        )
    ]
)
def row_checks(pipeline: ResourceParam[Pipeline]) -> Iterator[AssetCheckResult]:
    """What the row checks of the wide model found in all years, the newest rows first."""
    tables = pipeline.tables
    failures = tables.read("row_failures")
    metadata: dict[str, Any] = {
        "reports_checked": tables.row_count("dim_report"),
        "reports_failed": failures["report_id"].nunique(),
        "failed": len(failures),
    }
    by_rule = failures.groupby("rule").agg(failed=("report_id", "size"), reports=("report_id", "nunique"))
    if len(failures):
        newest = failures.sort_values("report_year", ascending=False, kind="stable")
        metadata["by_rule"] = rows_of(by_rule.reset_index(), len(by_rule))
        metadata["failing_rows"] = rows_of(newest)
        metadata |= _evidence(tables.home)
    yield AssetCheckResult(
        asset_key="validated_facts",
        check_name="row_checks",
        passed=failures.empty,
        severity=_graver({_severity_of_row_check(rule) for rule in by_rule.index}),
        metadata=metadata,
    )


def _severity_of_row_check(rule: str) -> str:
    """As the catalogue has it; a mismatched year is as grave as the gravest rule on year mentions."""
    severities = {
        each.severity
        for each in load_rules().values()
        if rule in (each.id, YEAR_MENTIONS if each.kind == "year_mentions" else None)
    }
    return min(severities, key=_SEVERITIES.index)


def _graver(severities: Collection[str]) -> AssetCheckSeverity:
    return AssetCheckSeverity.ERROR if "error" in severities else AssetCheckSeverity.WARN


def _evidence(home: Home) -> dict[str, Any]:
    """Where every failing row stands: the table of findings, and the report of the newest release."""
    return {
        "findings": MetadataValue.path(str(home.tables / "findings")),
        "quality_report": MetadataValue.url(
            f"{(home.releases / CURRENT / QUALITY_REPORT).as_uri()}#findings"
        ),
    }


def _failing_rows(tables: TableStore, family: str) -> pd.DataFrame:
    """The newest findings of a family with the files they stand in; within a year the worst first.

    Worse is what is graver, then what is farther off.
    """
    found: list[pd.DataFrame] = []
    for year in reversed(tables.years("findings")):
        findings = tables.read("findings", year)
        of_family = findings[findings["family"] == family]
        ranked = of_family.assign(
            gravity=of_family["severity"].map(_SEVERITIES.index),
            off=(of_family["expected"] - of_family["actual"]).abs().fillna(0),
        ).sort_values(["gravity", "off"], ascending=[True, False], kind="stable")
        paths = tables.read("dim_report", year)[["report_id", "path"]]
        found.append(ranked.merge(paths, on="report_id", how="left")[_SHOWN])
        if sum(map(len, found)) >= FAILING_ROWS:
            break
    return pd.concat(found) if found else pd.DataFrame(columns=_SHOWN)


def _statements(rules: Sequence[Rule]) -> str:
    return "\n".join(
        f"- `{rule.id}` ({rule.severity}): {rule.statement.zh} {rule.statement.en}" for rule in rules
    )


@multi_asset_check(
    specs=[
        AssetCheckSpec(
            "adds_up",
            asset="ledger",
            blocking=True,
            description="文件数 = 已读 + 隔离 + 重复 · Every file is read, quarantined or a duplicate.",
        ),
        AssetCheckSpec(
            "nothing_quarantined",
            asset="ledger",
            description="没有被隔离的文件 · No file is quarantined; those that are, with their reasons.",
        ),
    ]
)
def ledger_checks(pipeline: ResourceParam[Pipeline]) -> Iterator[AssetCheckResult]:
    """The files against what became of them, counted from three tables."""
    tables = pipeline.tables
    ledger = tables.read("ledger")
    counts = {
        status: int((ledger["status"] == status).sum()) for status in ("read", "quarantined", "duplicate")
    }
    files, reports = tables.row_count("raw_files"), tables.row_count("reports")
    yield AssetCheckResult(
        asset_key="ledger",
        check_name="adds_up",
        passed=files == sum(counts.values()) and counts["read"] == reports,
        severity=AssetCheckSeverity.ERROR,
        metadata={"files": files, **counts, "reports": reports},
    )
    quarantined = ledger[ledger["status"] == "quarantined"][["path", "reason", "detail"]]
    yield AssetCheckResult(
        asset_key="ledger",
        check_name="nothing_quarantined",
        passed=quarantined.empty,
        severity=AssetCheckSeverity.WARN,
        metadata={"quarantined": len(quarantined), "failing_rows": rows_of(quarantined)},
    )


def all_checks() -> list[AssetChecksDefinition]:
    """Every check that stands beside the assets (contracts and the door are checked inside them)."""
    return [*rule_checks(), row_checks, ledger_checks]
