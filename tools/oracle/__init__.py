"""Oracle fixtures: what scikit-learn, scipy and the others answer, as small JSON beside the code that must agree."""

import importlib
import json
from pathlib import Path

source = Path(__file__).resolve().parents[2] / "library" / "core" / "src"
cases = {}
tolerances = {}
exact = 1e-9  # BLAS builds differ in the last bits


def case(name, room=None, tolerance=exact):
    """Registers a function that returns the fixture `<room>/fixtures/<name>.json`; the room is the name of its file unless given. A tolerance says
    how near the answers of two machines are where the oracle itself searches for them."""

    def register(function):
        folder = room or function.__module__.rpartition(".")[2].replace("_", "-")
        file = source / folder / "fixtures" / f"{name}.json"
        cases[file] = function
        tolerances[file] = tolerance
        return function

    return register


def plain(value):
    """numpy arrays and numbers as Python's own."""
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def text(value):
    return json.dumps(plain(value), separators=(",", ":")) + "\n"


def answers(room):
    """What the oracles of a room answer today: the fixture's file, its text, its tolerance."""
    import sklearn

    before = set(cases)
    importlib.import_module(f"oracle.{room}")
    with sklearn.config_context(skip_parameter_validation=True):
        return [(file, text(function()), tolerances.get(file, exact)) for file, function in cases.items() if file not in before]
