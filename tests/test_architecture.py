"""The rules of the house that a program can hold: who may import whom, what stays out of the pure packages."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE_FORBIDDEN = {"fastapi", "sqlite3", "sqlite_utils", "starlette", "pydantic", "pydantic_settings", "click"}
HEAVY = {
    "torch", "transformers", "sentence_transformers", "sklearn", "hdbscan", "igraph", "lingua", "jieba", "rjieba",
    "scipy", "opencc", "altair", "vl_convert", "xlsxwriter", "python_calamine", "docx", "phonenumbers", "ftfy",
}  # fmt: skip
LONGEST_FILE = 400
FORBIDDEN_NAMES = ("utils", "helpers", "manager", "common")


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (imported module, whether at the top of the file)."""
    tree = ast.parse(path.read_text("utf-8"))
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, id(node) in top
            yield from ((f"{node.module}.{alias.name}", id(node) in top) for alias in node.names)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", modules("models", "pipelines"), ids=name_of)
def test_pure_packages_know_nothing_of_the_outside(path: Path) -> None:
    above = {"models": ("app", "pipelines"), "pipelines": ("app",)}[path.relative_to(ROOT).parts[0]]
    for module, _ in imports(path):
        assert module.split(".")[0] not in PURE_FORBIDDEN, f"{name_of(path)} imports {module}"
        assert not any(within(module, package) for package in above), f"{name_of(path)} imports {module}"
    if within(name_of(path), "models.training"):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert not (node.attr == "environ" and isinstance(node.value, ast.Name) and node.value.id == "os")
            assert node.attr not in ("utcnow", "today"), f"{name_of(path)} reads the clock"
            if node.attr == "now":
                assert not (isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date"))


@pytest.mark.parametrize("path", modules("pipelines"), ids=name_of)
def test_pipelines_take_only_types_from_models(path: Path) -> None:
    allowed = {"models.embedding", "models.sentiment", "models.families"}
    names = {"Encoder", "SentimentModel", "Bilingual", "Composed", "Travelling"}
    for module, _ in imports(path):
        if within(module, "models"):
            package, _, last = module.rpartition(".")
            assert module in allowed or (package in allowed and last in names), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_app_layers(path: Path) -> None:
    me = name_of(path)
    for module, _ in imports(path):
        if within(me, "app.api"):
            assert not within(module, "app.pages"), f"{me} imports {module}"
        if within(me, "app.pages"):
            assert not within(module, "app.api"), f"{me} imports {module}"
        if within(me, "app.api") or within(me, "app.pages"):
            assert not within(module, "pipelines.analyse"), f"{me} imports {module}"
            assert not within(module, "models"), f"{me} imports {module}"
        if within(me, "app.store") and within(module, "pipelines"):
            assert within(module, "pipelines.records") or within(module, "pipelines.identity"), f"{me}: {module}"
        if within(me, "app.charts"):
            assert not within(module, "pipelines"), f"{me} imports {module}"
            assert not within(module, "fastapi"), f"{me} imports {module}"
        if within(me, "app.store"):
            for upper in ("app.api", "app.pages", "app.tasks", "app.worker", "app.cli"):
                assert not within(module, upper), f"{me} imports {module}"


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_what_an_analysis_follows_is_made_in_one_place(path: Path) -> None:
    if name_of(path) == "app.settings":
        return
    tree = ast.parse(path.read_text("utf-8"))
    read = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}  # one default, looked up
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AnalysisSettings":
            assert id(node) in read, f"{name_of(path)} makes its own settings: app.settings.analysis_settings does"


@pytest.mark.parametrize("path", modules("app"), ids=name_of)
def test_sql_stays_in_the_store(path: Path) -> None:
    me = name_of(path)
    if any(within(me, home) for home in ("app.store", "app.charts", "app.database")):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.lstrip().split(maxsplit=1)
            assert not (words and words[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}), f"{me} has SQL: {node.value}"


@pytest.mark.parametrize("path", modules("app", "models", "pipelines"), ids=name_of)
def test_heavy_packages_are_imported_where_they_are_needed(path: Path) -> None:
    for module, top in imports(path):
        assert not (top and module.split(".")[0] in HEAVY), f"{name_of(path)} imports {module} at the top"


@pytest.mark.parametrize("path", modules("app", "models", "pipelines", "tests", "benchmarks"), ids=name_of)
def test_files_are_short_and_named_for_what_they_hold(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines: split it by noun or verb"
    assert not any(word in path.stem for word in FORBIDDEN_NAMES), f"{path.stem} says nothing"


@pytest.mark.parametrize("path", modules("app", "models", "pipelines"), ids=name_of)
def test_signatures_are_plain(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        where = f"{name_of(path)}.{node.name}"
        assert node.args.kwarg is None, f"{where} takes **{node.args.kwarg.arg if node.args.kwarg else ''}"
        for argument in [*node.args.posonlyargs, *node.args.args]:
            annotation = argument.annotation
            boolean = isinstance(annotation, ast.Name) and annotation.id == "bool"
            assert not boolean, f"{where}: {argument.arg} is a boolean positional"


@pytest.mark.parametrize("module", ["app.main", "app.cli"])
def test_start_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not HEAVY & set(done.stdout.split())
