"""`gao rules` lists the catalogue, `gao explain RULE` prints one rule whole."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from gao_pipeline.cli.options import Language, LanguageOption


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("rules")(list_rules)
    app.command("explain")(explain)


def list_rules(
    family: Annotated[str | None, typer.Argument(help="Only this family, e.g. `applications`.")] = None,
    language: LanguageOption = Language.zh,
) -> None:
    """List every rule a report is held against. 列出全部规则。"""
    from gao_pipeline.cli.console import SEVERITY_STYLES, console, headed_table, severity_name
    from gao_pipeline.contracts.rules import FAMILIES, load_rules

    if family is not None and family not in FAMILIES:
        raise typer.BadParameter(f"{family!r} is no rule family; there are {', '.join(FAMILIES)}")
    table = headed_table("rules_headings", language)
    for rule in load_rules().values():
        if family in (None, rule.family):
            style = SEVERITY_STYLES[rule.severity]
            severity = severity_name(rule.severity, language)
            table.add_row(rule.id, f"[{style}]{severity}[/{style}]", rule.statement.in_language(language))
    console().print(table)


def explain(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, e.g. `applications.balance`.")],
    language: LanguageOption = Language.zh,
) -> None:
    """Print what a rule says, its formula, its source and an example. 解释一条规则。"""
    from rich.markup import escape

    from gao_pipeline.cli.console import SEVERITY_STYLES, console, severity_name, text_of
    from gao_pipeline.contracts.identities import equation_text
    from gao_pipeline.contracts.rules import load_rules

    rules = load_rules()
    if rule_id not in rules:
        near = difflib.get_close_matches(rule_id, rules, n=3)
        hint = f" – did you mean {', '.join(near)}?" if near else " – `gao rules` lists all"
        raise typer.BadParameter(f"there is no rule {rule_id!r}{hint}")
    rule = rules[rule_id]
    style = SEVERITY_STYLES[rule.severity]
    out = console()
    out.print(f"[bold]{rule.id}[/bold]  [{style}]{severity_name(rule.severity, language)}[/{style}]")
    out.print(escape(rule.statement.in_language(language)))
    sections = [
        ("formula", [equation_text(rule, language)] if rule.relation else []),
        ("editions", [" · ".join(rule.editions)]),
        ("exceptions", [item.in_language(language) for item in rule.exceptions]),
        ("example", [rule.example.in_language(language)]),
        ("source", [rule.source]),
    ]
    for heading, lines in sections:
        if lines:
            out.print(f"\n[bold]{text_of(f'explain_{heading}', language)}[/bold]")
            for line in lines:
                out.print(f"  {escape(line)}")
