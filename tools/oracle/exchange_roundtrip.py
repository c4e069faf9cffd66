"""python -m oracle.exchange_roundtrip: LightGBM and XGBoost load the models that Assay writes, and predict as Assay does."""

import json
import os
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]


def models():
    """What exchange-models.mjs prints: {name, lightgbm, xgboost, outputs, single, x, raw, answers}."""
    node = os.environ.get("ASSAY_NODE") or str(root / "node_modules" / ".bin" / "node")
    run = subprocess.run([node, str(root / "tools" / "oracle" / "exchange-models.mjs")], cwd=root, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr[-4000:] + "\n0 passed, 1 failed")
    return [json.loads(line) for line in run.stdout.splitlines()]


def answers(library, text, x):
    """Raw scores and predictions of the library itself."""
    if library == "lightgbm":
        import lightgbm

        booster = lightgbm.Booster(model_str=text)
        return booster.predict(x, raw_score=True), booster.predict(x)
    import xgboost

    booster = xgboost.Booster({"nthread": 1}, model_file=bytearray(text.encode()))
    matrix = xgboost.DMatrix(x, feature_names=booster.feature_names, feature_types=booster.feature_types, enable_categorical=True)
    return booster.predict(matrix, output_margin=True), booster.predict(matrix)


def farthest(got, wanted):
    """Largest distance in units of 1 + |wanted|."""
    import numpy as np

    got, wanted = np.ravel(got), np.asarray(wanted, dtype=float)
    return np.inf if got.shape != wanted.shape else float(np.max(np.abs(got - wanted) / (1 + np.abs(wanted))))


def main():
    import numpy as np

    passed = failed = refused = 0
    for model in models():
        x = np.array([[np.nan if value is None else value for value in row] for row in model["x"]], dtype=float)
        for library in ["lightgbm", "xgboost"]:
            tolerance = 1e-12 if library == "lightgbm" and not model["single"] else 1e-6
            if model[library] is None:
                refused += 1
                continue
            raw, predicted = answers(library, model[library], x)
            distance = farthest(predicted, model["answers"])
            if model["raw"] is not None:
                distance = max(distance, farthest(raw, model["raw"]))
            good = distance < tolerance
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAIL {library} predicts otherwise by {distance}: {model['name']}")
    print(f"{refused} models have no form in the other library")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
