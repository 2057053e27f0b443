"""The command `gao`: commands, progress bars, exit codes. Knows nothing of how anything is computed.

Every command imports what it needs when it runs, so that `gao check` starts fast.
"""

from __future__ import annotations

import typer

from gao_pipeline import __version__
from gao_pipeline.cli import check, releases, rules, run, samples

app = typer.Typer(
    name="gao",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Read, check and publish annual reports on government information disclosure. 政府信息公开年报。",
)
for module in (check, rules, run, releases, samples):
    module.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gao {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Options that stand before the command."""


def main() -> None:
    """The entry point of the console script `gao`."""
    app()
