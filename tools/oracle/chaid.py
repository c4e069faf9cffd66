"""CHAID's trees (PyPI CHAID, which has no Bonferroni correction), and scipy's laws under them."""

import warnings

import numpy as np
from scipy import special, stats

from . import case

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # CHAID says that it cannot draw graphs
    from CHAID import Tree


@case("special-functions", room="numeric")
def special_functions():
    random = np.random.default_rng(1)
    degrees = [1, 2, 3, 7, 40, 1000]
    chi = [(float(x), df) for df in degrees for x in df * np.array([0.01, 0.3, 0.9, 1.1, 2, 10, 60])]
    f = [(float(x), d1, d2) for d1 in (1, 2, 9) for d2 in (1, 4, 60, 5000) for x in (0.05, 0.8, 1.5, 6, 80)]
    beta = [(round(float(x), 3), a, b) for a in (0.5, 1, 3.5, 20) for b in (0.5, 2, 11) for x in random.random(3)]
    return {
        "gamma": [(x, special.gammaln(x)) for x in (0.1, 0.5, 1, 1.5, 2, 3.7, 10, 99.5, 12345.5)],
        "chi": [(x, df, stats.chi2.logsf(x, df)) for x, df in chi if np.isfinite(stats.chi2.logsf(x, df))],
        "f": [(x, d1, d2, stats.f.logsf(x, d1, d2)) for x, d1, d2 in f if stats.f.logsf(x, d1, d2) > -600],
        "beta": [(x, a, b, special.betainc(a, b, x)) for x, a, b in beta],
    }


def table(seed, n, classes, holes=0.0):
    """Three nominal columns and two ordinal ones; y depends on groups of their levels."""
    random = np.random.default_rng(seed)
    x = np.column_stack([random.integers(0, size, n) for size in (6, 3, 4, 8, 5)]).astype(float)
    score = np.isin(x[:, 0], (1, 4)) * 1.2 + (x[:, 3] >= 5) * 0.9 - (x[:, 3] == 0) * 1.1 + np.isin(x[:, 2], (0, 3)) * (x[:, 1] == 1) + random.normal(scale=1.1, size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    if holes:
        x[random.random(x.shape) < holes] = np.nan
    return x, y


kinds = ["nominal", "nominal", "nominal", "ordinal", "ordinal"]


def has_pure_pair(x, y):
    """Whether two levels of a column hold one class only: CHAID then takes them for different, whatever their p-value."""
    for column in x.T:
        pure = [y[rows][0] for level in np.unique(column) if len(np.unique(y[rows := np.isnan(column) if np.isnan(level) else column == level])) == 1]
        if len(pure) > len(set(pure)):
            return True
    return False


def chaid(x, y, **params):
    """The nodes, a parent before its children: rows of each class, and of a question its column, the levels of each child, χ² and ln p. Nodes grow larger until none has a pure pair."""
    names = [f"x{j}" for j in range(x.shape[1])]
    tree = Tree.from_numpy(x, y, split_titles=names, variable_types=kinds, min_child_node_size=1, **params)
    nodes = []
    for node in tree:
        looked_at = len(node.indices) > params["min_parent_node_size"] and len(set(y[node.indices])) > 1
        if looked_at and has_pure_pair(x[node.indices], y[node.indices]):
            return chaid(x, y, **{**params, "min_parent_node_size": params["min_parent_node_size"] + 10})
        groups = [sorted(-1 if isinstance(level, str) else int(float(level)) for level in group) for group in node.split.split_map]
        shares = [int(node.members.get(label, 0)) for label in np.unique(y)]
        found = {"rows": shares, "column": None if node.is_terminal else names.index(node.split.column)}
        if not node.is_terminal:
            assert node.p > 1e-300, "χ² is too large for a share"
            found |= {"groups": groups, "score": node.split.score, "log_p": float(np.log(node.p)), "df": node.split.dof}
        nodes.append(found)
    return {"params": params, "nodes": nodes}


bounds = [(0.05, 2, 30), (0.01, 3, 60), (0.05, 5, 30)]


@case("chaid-classifier", room="tree")
def classifier():
    cases = []
    for seed, n, classes, holes in ((1, 700, 2, 0), (2, 500, 3, 0), (3, 700, 2, 0.1), (4, 500, 4, 0.15)):
        x, y = table(seed, n, classes, holes)
        grown = [chaid(x, y, alpha_merge=alpha, max_depth=depth, min_parent_node_size=least) for alpha, depth, least in bounds]
        cells = [["" if np.isnan(v) else int(v) for v in row] for row in x.tolist()]
        cases.append({"x": [",".join(map(str, row)) for row in cells], "y": "".join(map(str, y)), "trees": grown})
    return {"kinds": kinds, "cases": cases}


@case("chaid-association", room="tree")
def association():
    random = np.random.default_rng(9)
    tables, groups = [], []
    for r, k in ((2, 2), (2, 5), (4, 3), (7, 2)):
        counts = random.integers(1, 30, (r, k))
        each = {"counts": counts}
        for name, kind in (("pearson", "pearson"), ("likelihood_ratio", "log-likelihood")):
            found = stats.chi2_contingency(counts, correction=False, lambda_=kind)
            each[name] = [found.statistic, float(np.log(found.pvalue))]
        tables.append(each)
    for r in (2, 3, 6):
        values = [np.round(random.normal(g / 3, 1, random.integers(2, 9)), 3) for g in range(r)]
        found = stats.f_oneway(*values)
        groups.append({"values": values, "f": [found.statistic, float(np.log(found.pvalue))]})
    return {"tables": tables, "groups": groups}
