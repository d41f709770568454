"""What a plugin's source may not do, found by reading it. Finds mistakes; whoever means harm finds a way around it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal import sdk
from portal.db.trespass import foreign
from portal.hooks.fitting import TAKEN
from portal.hooks.host import Plugin, host

USE_SDK = "what a plugin may use stands in portal.sdk."
# What leads out of a plugin's own things, and what to do instead.
WAYS_OUT = {
    "imports or runs code by its name: import what you need at the top of the file.": (
        "importlib.import_module", "importlib.util", "importlib.machinery", "runpy", "sys.modules", "eval", "exec",
        "compile", "__import__", "builtins",
    ),
    "opens a database by itself: use `db` of portal.sdk.": (
        "sqlite3", "apsw", "asyncpg", "psycopg", "psycopg2", "aiosqlite", "piccolo.engine",
    ),
    "starts or reaches into other programs: a plugin has no use for that.": (
        "subprocess", "multiprocessing", "ctypes", "os.system", "os.popen", "os.fork",
    ),
    "reads the environment: what a school chooses is a Setting of portal_settings.": (
        "os.environ", "os.environb", "os.getenv", "os.putenv",
    ),
    "keeps files by itself: use keep_file or take_in_photo of portal.sdk.": (
        "shutil", "tempfile", "os.open", "os.remove", "os.unlink", "os.mkdir", "os.makedirs", "os.rename",
        "os.replace", "os.rmdir",
    ),
}  # fmt: skip
NETWORK = (
    "socket", "httpx", "requests", "urllib.request", "urllib3", "http.client", "aiohttp", "smtplib", "ftplib",
    "websockets", "asyncio.open_connection", "portal.sdk.ask",
)  # fmt: skip
SENDS = "speaks to other machines, but no Stored of its About says to whom (`sent`)."
INSIDES = {
    "__globals__", "__builtins__", "__subclasses__", "__loader__", "__spec__", "__wrapped__", "__closure__", "_meta",
}  # fmt: skip
OPENERS = {"open", "io.open", "codecs.open"}
WRITERS = {"write_text", "write_bytes", "unlink", "mkdir", "rmdir"}
OWN_PLACE = {"__file__", "__package__", "__name__"}
ASKING = {f"portal.sdk.db.{word}" for word in ("rows", "row", "value", "run", "run_many")}
STATEMENT = re.compile(r"\s*(SELECT|WITH|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\b")
PART = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_][a-z0-9_]*)")
FOR_PEOPLE = {"_", "ngettext", "gettext"}


def problems(plugin: Plugin) -> Iterator[str]:
    """One line for each thing that the source may not do."""
    folder = plugin.about.folder
    for file in sorted(folder.rglob("*.py")):
        source = Source(plugin, file)
        for said, line in sorted(source.found().items(), key=lambda pair: pair[1]):
            yield f"{file.relative_to(folder)}:{line} {said}"


class Source:
    """One file. `found` gives what is wrong with the line where it stands first."""

    def __init__(self, plugin: Plugin, file: Path) -> None:
        self.plugin = plugin
        self.tree = ast.parse(file.read_text("utf-8"))
        inside = file.relative_to(plugin.about.folder).parts
        self.is_test = "tests" in inside
        self.is_migration = "piccolo_migrations" in inside
        self.names = dict(self._imported_names())  # how things imported are called here
        self.texts: dict[str, str] = {}  # of names that stand for them in the whole file
        self.own = set(OWN_PLACE)  # names that stand for places in the plugin's own folder
        self._found: dict[str, int] = {}
        self._read_names()

    def found(self) -> dict[str, int]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._check_import(node)
        if not self.is_test:
            self._check_uses(self.tree)
            if not self.is_migration:  # what these do is seen when they run
                self._check_sql(self.tree, frozenset(self._not_sql()))
        return self._found

    def _say(self, node: ast.AST, said: str) -> None:
        self._found.setdefault(said, getattr(node, "lineno", 1))

    # ---- Imports ----

    def _imported_names(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    yield (alias.asname, alias.name) if alias.asname else (top, top)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"

    def _check_import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif node.level or not node.module:
            return
        elif node.names[0].name == "*":
            self._say(node, f"imports everything of {node.module}: name what you use.")
            return
        else:
            wanted = [f"{node.module}.{alias.name}" for alias in node.names]
        own = self.plugin.about.package.partition(".")[0]
        others = {plugin.about.package.partition(".")[0] for plugin in host.plugins.values()}
        for name in wanted:
            first = name.partition(".")[0]
            if first == "portal":
                self._check_sdk(node, name, "imports")
            elif first != own and (first.startswith("portal_") or first in others):
                self._say(node, f"imports {name}: plugins do not know each other; see `emit` and portal_event.")
            elif not self.is_test:
                self._check_way_out(node, name)

    def _check_sdk(self, node: ast.AST, name: str, does: str) -> None:
        """A name below `portal`: of the sdk, only what it offers, and nothing hidden in that."""
        if name == "portal.sdk" or (self.is_test and name.startswith("portal.testing")):
            return
        parts = name.split(".")
        if parts[:2] != ["portal", "sdk"] or parts[2] not in sdk.__all__:
            self._say(node, f"{does} {name}: {USE_SDK}")
        elif any(part.startswith("_") for part in parts[3:]):
            self._say(node, f"reaches into {name}: what begins with _ is not for plugins.")

    def _check_way_out(self, node: ast.AST, name: str) -> None:
        for remedy, ways in WAYS_OUT.items():
            if way := _among(name, ways):
                self._say(node, f"uses {way}: it {remedy}")
        if (way := _among(name, NETWORK)) and not any(stored.sent for stored in self.plugin.about.stores):
            self._say(node, f"uses {way}: it {SENDS}")

    # ---- Uses ----

    def full(self, node: ast.AST) -> str:
        """`os.environ` for an expression that says so, however it was imported; '' for anything else."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute) and (inner := self.full(node.value)):
            return f"{inner}.{node.attr}"
        return ""

    def _check_uses(self, node: ast.AST) -> None:
        if isinstance(node, ast.Attribute) and node.attr in INSIDES:
            self._say(node, f"reaches into {node.attr}: what begins with _ is not for plugins.")
        if isinstance(node, ast.Constant) and node.value in INSIDES | {"__import__"}:
            self._say(node, f"names {node.value}: what begins with _ is not for plugins.")
        if isinstance(node, ast.Call):
            self._check_call(node)
        if isinstance(node, ast.ClassDef):
            self._check_class(node)
        if name := self.full(node):
            if name.startswith("portal."):
                self._check_sdk(node, name, "uses")
            self._check_way_out(node, name)
            return
        for child in ast.iter_child_nodes(node):
            self._check_uses(child)

    def _check_class(self, node: ast.ClassDef) -> None:
        """A class that stands for a table reads it, wherever it is written."""
        prefix = f"{self.plugin.about.name}_"
        for keyword in node.keywords:
            table = self.said(keyword.value) if keyword.arg == "tablename" else None
            if table is not None and not table.startswith(prefix):
                self._say(node, f"declares the table {table}: a plugin's tables begin with {prefix}.")

    def _check_call(self, node: ast.Call) -> None:
        name = self.full(node.func)
        if name in ("getattr", "vars") and node.args and self.full(node.args[0]).startswith("portal."):
            self._say(node, f"asks {self.full(node.args[0])} for something by its name: {USE_SDK}")
        first = node.args[0] if node.args else None
        on = node.func.value if isinstance(node.func, ast.Attribute) else None
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in OPENERS and first is not None:
            read_only = not set(_mode(node)) & set("wax+")
            if not (read_only and self._is_own(first)):
                self._say(node, "opens a file: use keep_file or open_file of portal.sdk.")
        elif method in WRITERS and on is not None:
            self._say(node, f"keeps a file ({method}): use keep_file or take_in_photo of portal.sdk.")
        elif method in ("read_text", "read_bytes", "open") and on is not None:
            of_path = method != "open" or any(self.full(part) == "pathlib.Path" for part in ast.walk(on))
            if of_path and not self._is_own(on):
                self._say(node, f"reads a file that is not its own ({method}): use open_file of portal.sdk.")

    def _is_own(self, node: ast.AST) -> bool:
        """Whether an expression begins at the plugin's own folder."""
        return any(isinstance(part, ast.Name) and part.id in self.own for part in ast.walk(node))

    def _read_names(self) -> None:
        """What names stand for: `HERE = Path(__file__).parent`, `COLUMNS = "id, name"`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and self._is_own(node.value):
                self.own |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.For | ast.comprehension) and self._is_own(node.iter):
                self.own |= {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign) and (text := self.said(statement.value)) is not None:
                self.texts |= {target.id: text for target in statement.targets if isinstance(target, ast.Name)}

    # ---- SQL ----

    def said(self, node: ast.AST) -> str | None:
        """The text of an expression, as far as it can be read; what cannot be stands as a name of the plugin's own."""
        unknown = f"{self.plugin.about.name}_x"
        match node:
            case ast.Constant(value=str() as text):
                return text
            case ast.Name(id=name):
                return self.texts.get(name)
            case ast.JoinedStr(values=values):
                return "".join(
                    said if (said := self.said(v.value if isinstance(v, ast.FormattedValue) else v)) is not None
                    else unknown
                    for v in values
                )  # fmt: skip
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                before, after = self.said(left), self.said(right)
                if before is None and after is None:
                    return None
                return (unknown if before is None else before) + (unknown if after is None else after)
            case ast.BinOp(op=ast.Mod(), left=left):
                return self.said(left)
        return None

    def _not_sql(self) -> Iterator[int]:
        """Texts that are for people: docstrings, and what is translated."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield id(node.value)
            if isinstance(node, ast.Call) and self.full(node.func).rpartition(".")[2] in FOR_PEOPLE:
                yield from (id(part) for part in ast.walk(node))

    def _check_sql(self, node: ast.AST, left_out: frozenset[int], asked: bool = False) -> None:
        if id(node) in left_out:
            return
        text = self.said(node) if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) else None
        if text is not None:
            if wrong := self._foreign(text, asked):
                self._say(node, f"says SQL about {wrong}: a plugin's tables begin with {self.plugin.about.name}_.")
            for part in ast.walk(node):
                if isinstance(part, ast.FormattedValue):
                    self._check_sql(part.value, left_out)
            return
        asking = isinstance(node, ast.Call) and self._asks(node.func)
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        for child in ast.iter_child_nodes(node):
            if not asking or child is first or not isinstance(child, ast.Constant):  # else it is a value
                self._check_sql(child, left_out, asking and child is first)

    def _asks(self, function: ast.expr) -> bool:
        """Whether what is called takes SQL: `db` of the sdk, or `raw` of a table's class."""
        return self.full(function) in ASKING or (isinstance(function, ast.Attribute) and function.attr == "raw")

    def _foreign(self, text: str, asked: bool) -> str:
        name = self.plugin.about.name
        if asked or STATEMENT.match(text):
            wrong = foreign(text, name)
            if wrong.startswith("the table") or f"{name}_x" not in text:  # else not all of it could be read
                return wrong
        others = {*TAKEN, *host.plugins} - {name}
        for table in PART.findall(text):
            if not table.startswith(f"{name}_") and any(table == o or table.startswith(f"{o}_") for o in others):
                return f"the table {table}"
        return ""


def _among(name: str, ways: tuple[str, ...]) -> str:
    return next((way for way in ways if name == way or name.startswith(f"{way}.")), "")


def _mode(node: ast.Call) -> str:
    said = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    return "".join(str(mode.value) if isinstance(mode, ast.Constant) else "w" for mode in said)
