"""Student's t and the corrected resampled t-test by scipy."""

import numpy as np
from scipy import stats

from . import case


@case("student-t")
def student():
    cells = [(t, df) for t in (-30.0, -2.5, -0.1, 0.0, 0.5, 1.0, 2.776, 12.0) for df in (1, 2, 4, 9, 49, 1000)]
    return {"cells": [{"t": t, "df": df, "p": 2 * stats.t.sf(abs(t), df)} for t, df in cells]}


@case("corrected-resampled")
def corrected():
    random = np.random.default_rng(7)
    cells = []
    for folds, shift in ((3, 0.01), (5, 0.02), (10, 0.0), (10, 0.05)):
        differences = random.normal(shift, 0.02, size=folds)
        share = 1 / (folds - 1)
        t = differences.mean() / np.sqrt(differences.var(ddof=1) * (1 / folds + share))
        cells.append({"differences": differences, "share": share, "p": 2 * stats.t.sf(abs(t), folds - 1)})
    return {"cells": cells}
