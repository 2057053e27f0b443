"""The code location that `workspace.yaml` loads."""

from gao_pipeline.orchestration.definitions import build_definitions

defs = build_definitions()
