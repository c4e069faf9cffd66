"""Decision trees of scikit-learn on data whose splits have no ties."""

import numpy as np
from sklearn import datasets
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, export_text

from . import case


def rows(seed, n=120, d=4):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d)).astype(np.float32).astype(np.float64)  # scikit-learn's trees see 32 bits
    return x, random


def answers(kind, params, weighted, x, y, weights, query):
    """What a tree answers; refuses data with ties, which scikit-learn breaks by its random state."""
    trees = [kind(random_state=seed, **params).fit(x, y, weights if weighted else None) for seed in range(20)]
    predict = [tree.predict_proba(query) if kind is DecisionTreeClassifier else tree.predict(query) for tree in trees]
    for tree, predicted in zip(trees, predict):
        assert np.allclose(tree.feature_importances_, trees[0].feature_importances_, rtol=0, atol=1e-12), params
        assert np.allclose(predicted, predict[0], rtol=0, atol=1e-12), params
    return {
        "params": params,
        "weighted": weighted,
        "n_nodes": trees[0].tree_.node_count,
        "predict": predict[0],
        "importances": trees[0].feature_importances_,
    }


@case("decision-tree-classifier")
def classifier():
    x, random = rows(1)
    y = np.digitize(x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + random.normal(scale=0.3, size=len(x)), [-0.5, 0.6])
    weights = random.integers(1, 4, size=len(x)).astype(float)
    query = rows(2, 40)[0]
    cases = [
        {"criterion": "gini", "max_depth": 3},
        {"criterion": "entropy", "max_depth": 3},
        {"criterion": "gini", "max_depth": 5, "min_samples_leaf": 6, "min_samples_split": 15},
        {"criterion": "gini", "min_impurity_decrease": 0.02},
        {"criterion": "gini", "max_depth": 2, "class_weight": "balanced"},
    ]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "cases": [
            answers(DecisionTreeClassifier, params, weighted, x, y, weights, query)
            for params in cases for weighted in (False, True)
        ],
    }  # fmt: skip


@case("decision-tree-regressor")
def regressor():
    x, random = rows(3)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + random.normal(scale=0.1, size=len(x))
    weights = random.integers(1, 4, size=len(x)).astype(float)
    query = rows(4, 40)[0]
    cases = [{"max_depth": 3, "min_samples_leaf": 5}, {"min_samples_leaf": 5}, {"max_depth": 6, "min_samples_leaf": 4, "min_impurity_decrease": 0.02}]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "cases": [
            answers(DecisionTreeRegressor, params, weighted, x, y, weights, query)
            for params in cases for weighted in (False, True)
        ],
    }  # fmt: skip


def preorder(tree):
    """The nodes of a fitted tree, a parent before its children, left before right: best-first growth numbers them otherwise."""
    order, stack = [], [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if tree.children_left[node] >= 0:
            stack += [tree.children_right[node], tree.children_left[node]]
    return np.array(order)


def nodes(kind, params, x, y, weights):
    """Every node of a tree; None where scikit-learn's random state decides between equal splits."""
    fitted = [kind(random_state=seed, **params).fit(x, y, weights).tree_ for seed in range(12)]
    trees = [(tree, preorder(tree)) for tree in fitted]
    tree, order = trees[0]
    for other, places in trees[1:]:
        same = len(places) == len(order) and np.array_equal(other.feature[places], tree.feature[order])
        if not same or not np.array_equal(other.threshold[places], tree.threshold[order]):
            return None
    question = tree.feature[order] >= 0
    value = tree.value[order, 0]
    return {
        "params": params,
        "feature": np.where(question, tree.feature[order], -1),
        "threshold": ["inf" if t == np.inf else float(t) for t in tree.threshold[order][question]],
        "missing_left": tree.missing_go_to_left[order][question].astype(int),
        "value": np.round(value[:, 1:] if value.shape[1] > 1 else value[:, 0], 11),
        "weight": tree.weighted_n_node_samples[order],
    }


def short(values):
    """Few digits, exact in 32 bits: fixtures stay small, and scikit-learn's trees see 32 bits."""
    return np.round(np.asarray(values, dtype=float) * 64) / 64


def holes(x, share, seed):
    """Some cells missing."""
    x = x.copy()
    x[np.random.default_rng(seed).random(x.shape) < share] = np.nan
    return x


def grid(kind, x, y, cases, weights=None):
    """The cases whose best splits are unique, with the data they were fitted on; NaN is null."""
    found = [nodes(kind, params, x, y, weights) for params in cases]
    cells = [[None if np.isnan(value) else value for value in row] for row in x.tolist()]
    return {"x": cells, "y": y, "weights": weights, "cases": [each for each in found if each]}


depths = [{"max_depth": depth} for depth in (8, 6, 4, 3, 2)]
leaves = [{"min_samples_leaf": n, "criterion": criterion} for n in (5, 12) for criterion in ("gini", "entropy")]
bounds = [
    {"max_leaf_nodes": 7}, {"min_weight_fraction_leaf": 0.08}, {"min_impurity_decrease": 0.01}, {"ccp_alpha": 0.02}, {"min_samples_split": 0.2},
    {"class_weight": "balanced", "min_samples_leaf": 6}, {"min_samples_leaf": 0.05, "criterion": "entropy", "max_leaf_nodes": 6},
]  # fmt: skip


@case("tree-nodes-real")
def tree_nodes_real():
    iris, wine, cancer, digits = (load() for load in (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer, datasets.load_digits))
    return {
        "iris": grid(DecisionTreeClassifier, short(iris.data[:, :3]), iris.target, depths + leaves),
        "wine": grid(DecisionTreeClassifier, short(wine.data[:, :7]), wine.target, depths + leaves + bounds),
        "cancer": grid(DecisionTreeClassifier, short(cancer.data[:150, :6]), cancer.target[:150], depths + leaves + bounds),
        "digits": grid(DecisionTreeClassifier, short(digits.data[:100, 2:30]), digits.target[:100], depths[2:] + leaves),
    }


@case("tree-nodes-classifier")
def tree_nodes_classifier():
    wine = datasets.load_wine()
    moons = datasets.make_moons(120, noise=0.3, random_state=0)
    clusters = datasets.make_classification(140, 5, n_informative=4, n_redundant=0, n_classes=3, flip_y=0.1, random_state=4)
    rising = [{"monotonic_cst": cst, "min_samples_leaf": n, "criterion": c} for cst in ([1, 0], [0, -1]) for n in (3, 8) for c in ("gini", "entropy")]
    weights = np.random.default_rng(5).integers(1, 5, size=140) / 2
    return {
        "moons": grid(DecisionTreeClassifier, short(moons[0] * 4), moons[1], depths + rising),
        "clusters, weighted": grid(DecisionTreeClassifier, short(clusters[0] * 4), clusters[1], depths + leaves + bounds, weights),
        "wine with holes": grid(DecisionTreeClassifier, holes(short(wine.data[:, :5]), 0.2, 1), wine.target, depths + leaves),
        "moons with holes": grid(DecisionTreeClassifier, holes(short(moons[0] * 4), 0.25, 2), moons[1], depths + leaves),
    }


@case("tree-nodes-regressor")
def tree_nodes_regressor():
    diabetes = datasets.load_diabetes(scaled=False)
    linnerud = datasets.load_linnerud()
    friedman = datasets.make_friedman1(130, n_features=6, noise=0.5, random_state=2)
    linear = datasets.make_regression(100, 4, noise=5, random_state=3)
    counts = np.random.default_rng(4).poisson(np.exp(short(linear[0][:, 0])))
    weights = np.random.default_rng(6).integers(1, 5, size=130) / 2
    leaves = [{"min_samples_leaf": n, "criterion": c} for n in (4, 10) for c in ("squared_error", "absolute_error")]
    others = [{"max_leaf_nodes": 8}, {"ccp_alpha": 0.4}, {"min_impurity_decrease": 0.2}, {"max_depth": 4, "criterion": "absolute_error"}]
    rising = [{"monotonic_cst": [1, 1, 0, -1], "min_samples_leaf": n, "criterion": c} for n in (3, 8) for c in ("squared_error", "absolute_error")]
    poisson = [{"criterion": "poisson", "min_samples_leaf": n} for n in (3, 8)] + [{"criterion": "poisson", "max_depth": 3}]
    return {
        "diabetes": grid(DecisionTreeRegressor, short(diabetes.data[:180, :6]), diabetes.target[:180], depths + leaves),
        "linnerud": grid(DecisionTreeRegressor, short(linnerud.data), linnerud.target[:, 0], depths + leaves),
        "friedman, weighted": grid(DecisionTreeRegressor, short(friedman[0] * 16), short(friedman[1]), depths + leaves + others, weights),
        "linear": grid(DecisionTreeRegressor, short(linear[0] * 4), short(linear[1]), depths + leaves + others + rising),
        "counts": grid(DecisionTreeRegressor, short(linear[0] * 4), counts, poisson),
        "diabetes with holes": grid(DecisionTreeRegressor, holes(short(diabetes.data[:150, :4]), 0.2, 3), diabetes.target[:150], depths + leaves),
    }


@case("pruning-path")
def pruning_path():
    x, random = rows(8, 80, 3)
    x = short(x)
    labels = (x[:, 0] + x[:, 1] * x[:, 2] + random.normal(scale=0.5, size=len(x)) > 0).astype(int)
    targets = short(x[:, 0] ** 2 + random.normal(scale=0.3, size=len(x)))
    paths = {
        "classification": DecisionTreeClassifier(min_samples_leaf=4, random_state=0).cost_complexity_pruning_path(x, labels),
        "regression": DecisionTreeRegressor(min_samples_leaf=4, random_state=0).cost_complexity_pruning_path(x, targets),
    }
    return {"x": x, "labels": labels, "targets": targets, **paths}


@case("tree-text")
def tree_text():
    wine, diabetes = datasets.load_wine(), datasets.load_diabetes(scaled=False)
    labels = np.array(["red", "rosé", "white"])[wine.target]
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(short(wine.data[:, :7]), labels)
    numbers = DecisionTreeRegressor(min_samples_leaf=10, random_state=0).fit(short(diabetes.data[:180, :6]), diabetes.target[:180])
    names = ["age", "sex", "bmi", "bp", "s1", "s2"]
    return {
        "classification": export_text(tree, feature_names=[f"x{j}" for j in range(7)]),
        "regression": export_text(numbers, feature_names=names, max_depth=1, decimals=3),
    }
