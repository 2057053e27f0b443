"""Asset checks that judge the data: one per table and family of rules, and those of the ledger.

What each check says comes from the rule catalogue. The instance remembers only the latest result of a
check, so a check speaks of all report years together, whichever a run made; the complete record is in
`rule_verdicts` and `findings`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    ResourceParam,
    multi_asset_check,
)

from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.rules import Rule, load_rules
from gao_pipeline.orchestration.metadata import FAILING_ROWS, rows_of
from gao_pipeline.orchestration.resources import Pipeline

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

_SHOWN = ["report_year", "organization", "rule", "severity", "message", "report_id"]


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
    metadata["by_rule"] = rows_of(by_rule.reset_index(), len(by_rule))
    by_year = of_family.groupby("year_partition")[counts].sum()
    metadata["by_year"] = rows_of(by_year.reset_index(), len(by_year))
    if failed:
        metadata["failing_rows"] = rows_of(_failing_rows(tables, family))
    return AssetCheckResult(
        asset_key=table,
        check_name=family,
        passed=not worst & {"error", "warning"},
        severity=AssetCheckSeverity.ERROR if "error" in worst else AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _failing_rows(tables: TableStore, family: str) -> pd.DataFrame:
    """The newest findings of a family, errors first within a year."""
    found: list[pd.DataFrame] = []
    for year in reversed(tables.years("findings")):
        findings = tables.read("findings", year)
        found.append(findings[findings["family"] == family].sort_values("severity")[_SHOWN])
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
    return [*rule_checks(), ledger_checks]
