"""python -m oracle [--check] [room …]: writes the fixtures, or says which differ from what the oracles answer today."""

import json
import math
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # the problems are small: more threads only wait for each other

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # shap's functions take 12 s to compile, and a moment as they are

from . import answers, source  # noqa: E402

processes = 3
slowest = ("boosting", "composites", "ensemble", "inspection", "networks")  # begun first


def same(left, right, tolerance):
    """Equal as data, numbers to a relative tolerance."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key], tolerance) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b, tolerance) for a, b in zip(left, right))
    if isinstance(left, float) or isinstance(right, float):
        return math.isclose(left, right, rel_tol=tolerance, abs_tol=1e-12) or (math.isnan(left) and math.isnan(right))
    return left == right


def rooms(wanted):
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"), key=lambda file: file.stem not in slowest)
    return [file.stem for file in files if not wanted or file.stem.replace("_", "-") in wanted]


def main(arguments):
    check = "--check" in arguments
    count = differ = 0
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for room in pool.map(answers, rooms([a for a in arguments if not a.startswith("--")])):
            for file, fresh, tolerance in room:
                count += 1
                if check:
                    equal = file.exists() and same(json.loads(file.read_text()), json.loads(fresh), tolerance)
                    differ += not equal
                    print("ok  " if equal else "FAIL", file.relative_to(source))
                else:
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(fresh)
                    print(f"{len(fresh):>8}", file.relative_to(source))
    if check:
        print(f"{count - differ} passed, {differ} failed")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
