"""Renders fictitious reports to try the pipeline on, with the truth about every one of them.

The figures, the mistakes and the wording are ours; what the form looks like comes from the contracts.
"""

from gao_pipeline.samples.generation import DEFAULT_SEED, generate, write_truth
from gao_pipeline.samples.model import Manifest, SampleFile

__all__ = ["DEFAULT_SEED", "Manifest", "SampleFile", "generate", "write_truth"]
