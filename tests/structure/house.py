"""The house as it stands: its levels, its sources, its files. The levels are written once, in pyproject.toml."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "answerable"


def levels() -> dict[str, int]:
    """For each room its level: 0 is the ground (`core`). Rooms with the same number are siblings."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return {
        room.strip(" ()"): level
        for level, rooms in enumerate(reversed(contract["layers"]))
        for room in rooms.split("|")
    }  # fmt: skip


def sources() -> list[Path]:
    """Every Python file of the product but the migrations, which Django writes."""
    return sorted(file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)


def files() -> list[Path]:
    """Every file that is, or is about to be, in git; outside a checkout, every file that is not made here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    made = {".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
    return [file for file in ROOT.rglob("*") if file.is_file() and not made & set(file.relative_to(ROOT).parts)]


def said(file: Path) -> str:
    """The text of a file; nothing where it is not text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def where(file: Path, line: int | None = None) -> str:
    """How a finding names its place."""
    return f"{file.relative_to(ROOT)}:{line}" if line else str(file.relative_to(ROOT))


def names(file: Path) -> Iterator[tuple[str, ast.expr]]:
    """Every name that `file` uses, in full: after `import datetime as dt`, `dt.date.today` is `datetime.date.today`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    brought = dict(_brought(tree, file))
    for node in ast.walk(tree):
        chain = _chain(node)
        if chain and chain[0] in brought:
            yield ".".join([brought[chain[0]], *chain[1:]]), node


def _chain(node: ast.AST) -> list[str]:
    """`a.b.c` as ["a", "b", "c"]; empty for whatever does not begin with a name."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (before := _chain(node.value)):
        return [*before, node.attr]
    return []


def _brought(tree: ast.Module, file: Path) -> Iterator[tuple[str, str]]:
    """What the imports of `file` bring: the name here, and the full name."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield alias.asname or alias.name, f"{module}.{alias.name}"
