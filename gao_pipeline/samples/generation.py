"""Renders the plan into a folder: reports, what is no report, the manifest and the README."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec

from gao_pipeline.samples.content import content_of, rendered
from gao_pipeline.samples.figures import drafts_of
from gao_pipeline.samples.mistakes import forced_figures, plant
from gao_pipeline.samples.model import Manifest, OtherFile, SampleFile, load_plan, sample_of
from gao_pipeline.samples.render import render

DEFAULT_SEED = 20240131


def generate(target: Path, seed: int = DEFAULT_SEED) -> Manifest:
    """Renders every file of the plan into `target/reports/`, with `manifest.json` and `README.md` beside it.

    The same seed gives the same bytes; files of an earlier run that the plan no longer names are removed.

    Raises:
        ModuleNotFoundError: reportlab is not installed (extra `test`).
    """
    plan = load_plan()
    contents: dict[str, bytes] = {}
    files: list[SampleFile] = []
    for organization in plan.organizations:
        random = Random(f"{seed}/{organization.name}")  # noqa: S311 - figures, not secrets
        for draft in drafts_of(organization, random):
            for mistake in organization.planted.get(draft.year, ()):
                plant(draft, mistake)
            contents[draft.file] = render(content_of(draft, random), organization.format)
            files.append(sample_of(draft, forced_figures(draft)))
    for other in plan.others:
        contents[other.file] = _other(other, contents)
        files.append(
            SampleFile(
                file=other.file,
                kind=Path(other.file).suffix[1:],
                name=other.name,
                quarantine=other.reason,
                duplicate_of=other.of if other.how == "copy" else None,
            )
        )
    manifest = Manifest(seed=seed, files=tuple(files))
    _write(target, contents, manifest)
    return manifest


def write_truth(manifest: Manifest, target: Path) -> Path:
    """Writes the truth of every report to `target/reports-truth.jsonl` for the accuracy benchmark."""
    path = target / "reports-truth.jsonl"
    truths = (file.truth() for file in manifest.files if file.organization)
    path.write_bytes(b"".join(msgspec.json.encode(truth) + b"\n" for truth in truths))
    return path


def _other(other: OtherFile, contents: dict[str, bytes]) -> bytes:
    match other.how:
        case "empty":
            return b""
        case "page":
            return rendered("page.html.j2").encode()
        case "copy":
            return contents[str(other.of)]
        case "truncated":
            whole = contents[str(other.of)]
            return whole[: len(whole) // 2]


def _write(target: Path, contents: dict[str, bytes], manifest: Manifest) -> None:
    folder = target / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for stale in {path.name for path in folder.iterdir()} - contents.keys():
        (folder / stale).unlink()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    encoded = b",\n".join(msgspec.json.encode(file) for file in manifest.files)
    (target / "manifest.json").write_bytes(b'{"seed": %d, "files": [\n%s\n]}\n' % (manifest.seed, encoded))
    (target / "README.md").write_text(_readme(manifest), encoding="utf-8", newline="\n")


def _readme(manifest: Manifest) -> str:
    plan = load_plan()
    reports = [file for file in manifest.files if file.organization]
    return rendered(
        "README.md.j2",
        manifest=manifest,
        plan=plan,
        reports=reports,
        others=[file for file in manifest.files if not file.organization],
        planted=[(file, plan.mistake(code)) for file in reports for code in file.planted],
    )
