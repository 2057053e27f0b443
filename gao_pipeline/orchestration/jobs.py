"""The three jobs of the main job: ingest → years → release."""

from __future__ import annotations

from dagster import AssetSelection, define_asset_job

INGEST, YEARS, RELEASE = "ingest", "years", "release"

ingest_job = define_asset_job(
    INGEST,
    selection=AssetSelection.groups("landing", "documents", "reports"),
    description="Files → reported facts and the ledger. Reads what was not read before.",
    tags={"layer": "ingest"},
)
years_job = define_asset_job(
    YEARS,
    selection=AssetSelection.groups("validation")
    | AssetSelection.assets("annual_aggregates", "annual_indicators"),
    description="Reported facts → validated facts and annual tables, for a span of report years.",
    tags={"layer": "years"},
)
release_job = define_asset_job(
    RELEASE,
    selection=AssetSelection.groups("release", "aggregates")
    - AssetSelection.assets("annual_aggregates", "annual_indicators"),
    description="Dimensions and the curated release, behind its door.",
    tags={"layer": "release"},
)
JOBS = (ingest_job, years_job, release_job)
