"""Renders the templates of `templates/`: self-contained pages in Chinese, with English one click away."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("gao_pipeline.publishing"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **context: Any) -> str:
    """The template `template` filled with `context`; an unknown variable is an error."""
    return _environment().get_template(template).render(**context)
