"""Models of LightGBM and XGBoost, tiny ones of many kinds, with inputs and what the libraries themselves predict.

A model that a fixture holds is kept, so that the files of one version stay readable; `--check` predicts with it again. Delete the
fixture to train its models anew.
"""

import base64
import json

import lightgbm
import numpy as np
import pandas
import xgboost

from . import cases, source

folder = source / "ensemble" / "exchange" / "fixtures"
rows = 12


def models(name):
    """Registers a function that gives `{case: train}` and `predict`; the fixture is `{case: {model, x, raw, predicted}}`."""

    def register(function):
        file = folder / f"{name}.json"

        def fixture():
            kept = json.loads(file.read_text()) if file.exists() else {}
            return {key: answer(kept.get(key), train) for key, train in function().items()}

        cases[file] = fixture
        return function

    return register


def answer(kept, train):
    x, model = (numbers(kept["x"]), kept["model"]) if kept else train()
    predict = predict_lightgbm if model.startswith("tree") else predict_xgboost
    raw, predicted = predict(model, x)
    return {"model": model, "x": plain(x), "raw": plain(raw), "predicted": plain(predicted)}


def numbers(lists):
    return np.array([[np.nan if value is None else value for value in row] for row in lists], dtype=float)


def plain(array):
    """Numbers as JSON has them: NaN is null, a float of 32 bits has the digits that tell it apart."""
    if np.ndim(array) > 1:
        return [plain(row) for row in array]
    return [None if np.isnan(value) else float(str(value)) for value in array]


def inputs(seed, n=240):
    """Four columns: two wide, one of small counts with zeros, one of codes; and a score that all have a part in."""
    random = np.random.default_rng(seed)
    x = np.c_[random.normal(size=(n, 2)).round(3), random.integers(-2, 4, n), random.integers(0, 9, n)].astype(float)
    score = x[:, 0] - x[:, 1] * x[:, 0] + 0.5 * x[:, 2] + np.array([1, -2, 0, 3, -1, 2, -3, 1, 0])[x[:, 3].astype(int)]
    return x, score + 0.3 * random.normal(size=n)


def holes(x, share=0.25, seed=5):
    random = np.random.default_rng(seed)
    return np.where(random.random(x.shape) < share, np.nan, x)


def targets(score):
    """A target for each kind of objective."""
    rank = np.argsort(np.argsort(score)) / len(score)
    return {
        "number": score,
        "positive": np.exp(score / 3),
        "count": np.floor(np.exp(score / 4)),
        "share": rank,
        "binary": (score > 0).astype(float),
        "class": np.digitize(score, [-1, 1.5]).astype(float),
        "grade": np.digitize(score, [-2, 0, 2]).astype(float),
    }


# ---- LightGBM


def train_lightgbm(params, kind="number", change=lambda x: x, rounds=2, seed=1, **data):
    x, score = inputs(seed)
    x = change(x)
    group = [12] * (len(x) // 12) if kind == "grade" else None
    fixed = {"num_leaves": 4, "learning_rate": 0.4, "min_data_in_leaf": 4, "verbose": -1, "num_threads": 1, "deterministic": True}
    dataset = lightgbm.Dataset(x, targets(score)[kind], group=group, free_raw_data=False, **data)
    text = lightgbm.train({**fixed, **params}, dataset, rounds).model_to_string()
    return x[:rows], shortened(text)


def shortened(text):
    """Without the training's parameters that no reader needs."""
    kept = ("[boosting:", "[objective:", "[categorical_feature:", "[linear_tree:")
    return "\n".join(line for line in text.split("\n") if not line.startswith("[") or line.startswith(kept))


def predict_lightgbm(text, x):
    booster = lightgbm.Booster(model_str=text)
    return booster.predict(x, raw_score=True, num_threads=1), booster.predict(x, num_threads=1)


def lightgbm_case(params, *args, **kwargs):
    return lambda: train_lightgbm(params, *args, **kwargs)


@models("lightgbm-objectives")
def lightgbm_objectives():
    objectives = {
        "regression": "number",
        "regression_l1": "number",
        "huber": "number",
        "fair": "number",
        "quantile": "number",
        "mape": "positive",
        "poisson": "count",
        "gamma": "positive",
        "tweedie": "count",
        "binary": "binary",
        "multiclass": "class",
        "multiclassova": "class",
        "cross_entropy": "share",
        "cross_entropy_lambda": "share",
        "lambdarank": "grade",
        "rank_xendcg": "grade",
    }
    several = {name: lightgbm_case({"objective": name, "num_class": 3 if kind == "class" else 1}, kind) for name, kind in objectives.items()}
    return {
        **several,
        "regression sqrt": lightgbm_case({"objective": "regression", "reg_sqrt": True}),
        "binary sigmoid 2.5": lightgbm_case({"objective": "binary", "sigmoid": 2.5}, "binary"),
        "multiclassova sigmoid 0.7": lightgbm_case({"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, "class"),
        "custom": lightgbm_case({"objective": lambda y, data: (y - data.get_label(), np.ones_like(y))}),
    }


@models("lightgbm-trees")
def lightgbm_trees():
    zeros = {"zero_as_missing": True}
    codes = {"categorical_feature": [2, 3]}

    def counted(x):
        return np.c_[x[:, :2], x[:, 2] + 2, x[:, 3]]

    def sparse(x):
        return np.where(np.abs(x) < 0.4, 0, x)

    return {
        "missing as NaN": lightgbm_case({}, change=holes),
        "missing as zero": lightgbm_case(zeros, change=lambda x: holes(sparse(x))),
        "missing as zero, no NaN": lightgbm_case(zeros, change=sparse),
        "no missing": lightgbm_case({"use_missing": False}, change=holes),
        "categories": lightgbm_case({"min_data_per_group": 5}, change=counted, **codes),
        "categories, one against the rest": lightgbm_case({"max_cat_to_onehot": 9}, change=counted, **codes),
        "categories with missing": lightgbm_case({"min_data_per_group": 5}, change=lambda x: holes(counted(x)), **codes),
        "many categories": lightgbm_case({"min_data_per_group": 1, "cat_smooth": 1, "cat_l2": 0}, change=lambda x: np.c_[x[:, 0], np.floor(np.abs(x[:, 1] * 60))], categorical_feature=[1]),
        "linear leaves": lightgbm_case({"linear_tree": True}),
        "linear leaves with missing": lightgbm_case({"linear_tree": True}, change=holes),
        "random forest": lightgbm_case({"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1}),
        "random forest of classes": lightgbm_case({"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1, "objective": "multiclass", "num_class": 3}, "class"),
        "dart": lightgbm_case({"boosting": "dart", "drop_rate": 0.6, "objective": "binary"}, "binary", rounds=5),
        "goss": lightgbm_case({"data_sample_strategy": "goss"}),
        "extra trees": lightgbm_case({"extra_trees": True, "max_depth": 3}),
        "monotone": lightgbm_case({"monotone_constraints": [1, 0, 0, 0]}),
        "no split": lightgbm_case({"min_data_in_leaf": 200}),
        "one class never seen": lightgbm_case({"objective": "multiclass", "num_class": 5}, "class"),
    }


# ---- XGBoost


def train_xgboost(params, kind="number", change=lambda x: x, rounds=2, seed=2, ubj=False, **data):
    x, score = inputs(seed)
    x = change(x)
    y = targets(score)[kind] if isinstance(kind, str) else kind(targets(score))
    matrix = xgboost.DMatrix(x, y, **data)
    if params.get("objective", "").startswith("rank"):
        matrix.set_group([12] * (len(x) // 12))
    if params.get("objective") == "survival:aft":
        matrix.set_float_info("label_lower_bound", y)
        matrix.set_float_info("label_upper_bound", np.where(y > 2, np.inf, y))
    fixed = {"max_depth": 2, "eta": 0.5, "nthread": 1, "verbosity": 0}
    booster = xgboost.train({**fixed, **params}, matrix, rounds)
    if ubj:
        return x[:rows], base64.b64encode(booster.save_raw("ubj")).decode()
    return x[:rows], booster.save_raw("json").decode()


def predict_xgboost(model, x):
    raw = model.encode() if model.startswith("{") else base64.b64decode(model)
    booster = xgboost.Booster({"nthread": 1}, model_file=bytearray(raw))
    matrix = xgboost.DMatrix(x, feature_types=booster.feature_types, feature_names=booster.feature_names, enable_categorical=True)
    return booster.predict(matrix, output_margin=True), booster.predict(matrix)


def xgboost_case(params, *args, **kwargs):
    return lambda: train_xgboost(params, *args, **kwargs)


@models("xgboost-objectives")
def xgboost_objectives():
    objectives = {
        "reg:squarederror": "number",
        "reg:squaredlogerror": "positive",
        "reg:pseudohubererror": "number",
        "reg:absoluteerror": "number",
        "reg:logistic": "share",
        "reg:gamma": "positive",
        "reg:tweedie": "count",
        "count:poisson": "count",
        "binary:logistic": "binary",
        "binary:logitraw": "binary",
        "binary:hinge": "binary",
        "multi:softmax": "class",
        "multi:softprob": "class",
        "survival:cox": "positive",
        "survival:aft": "positive",
        "rank:pairwise": "grade",
        "rank:ndcg": "grade",
        "rank:map": "binary",
    }
    several = {
        name: xgboost_case({"objective": name, "num_class": 3 if kind == "class" else 0}, kind, rounds=1) for name, kind in objectives.items()
    }
    return {
        **several,
        "reg:quantileerror": xgboost_case({"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}),
        "binary:logistic with base_score": xgboost_case({"objective": "binary:logistic", "base_score": 0.2}, "binary", rounds=1),
        "count:poisson with base_score": xgboost_case({"objective": "count:poisson", "base_score": 3.5}, "count", rounds=1),
    }


@models("xgboost-trees")
def xgboost_trees():
    def both(all_targets):
        return np.c_[all_targets["number"], all_targets["positive"]]

    def labels(all_targets):
        return np.c_[all_targets["binary"], all_targets["grade"] > 1]

    kinds = {"feature_types": ["q", "q", "q", "c"], "enable_categorical": True}
    return {
        "missing": xgboost_case({}, change=holes),
        "missing, as UBJSON": xgboost_case({"objective": "binary:logistic"}, "binary", change=holes, ubj=True),
        "one against the rest": xgboost_case({"max_cat_to_onehot": 20}, change=holes, **kinds),
        "partitions": xgboost_case({"max_cat_to_onehot": 1}, change=holes, **kinds),
        "partitions, as UBJSON": xgboost_case({"max_cat_to_onehot": 1}, ubj=True, **kinds),
        "leaf by leaf": xgboost_case({"grow_policy": "lossguide", "max_leaves": 5, "max_depth": 0}),
        "two targets": xgboost_case({}, both),
        "two targets, leaves of vectors": xgboost_case({"multi_strategy": "multi_output_tree"}, both),
        "classes, leaves of vectors": xgboost_case({"multi_strategy": "multi_output_tree", "objective": "multi:softprob", "num_class": 3}, "class"),
        "leaves of vectors, as UBJSON": xgboost_case({"multi_strategy": "multi_output_tree"}, both, ubj=True),
        "two labels": xgboost_case({"objective": "binary:logistic"}, labels, rounds=2),
        "a forest": xgboost_case({"num_parallel_tree": 3, "subsample": 0.6, "eta": 1, "seed": 4}, rounds=1),
        "no split": xgboost_case({"gamma": 1e9}),
        "values at the thresholds": at_thresholds,
    }


@models("xgboost-boosters")
def xgboost_boosters():
    dart = {"booster": "dart", "rate_drop": 0.5, "seed": 3}
    return {
        "dart": xgboost_case({**dart, "objective": "binary:logistic"}, "binary", rounds=5),
        "dart of classes": xgboost_case({**dart, "objective": "multi:softprob", "num_class": 3}, "class", rounds=3),
        "dart, as UBJSON": xgboost_case(dart, rounds=4, ubj=True),
        "linear": xgboost_case({"booster": "gblinear"}, change=holes),
        "linear of classes": xgboost_case({"booster": "gblinear", "objective": "multi:softprob", "num_class": 3}, "class"),
        "linear, as UBJSON": xgboost_case({"booster": "gblinear", "objective": "binary:logistic"}, "binary", ubj=True),
    }


def at_thresholds():
    """Inputs at a split's threshold and one double before, behind and half a float beside it."""
    x, model = train_xgboost({"max_depth": 1}, rounds=4)
    trees = json.loads(model)["learner"]["gradient_booster"]["model"]["trees"]
    found = [(tree["split_indices"][0], np.float32(tree["split_conditions"][0])) for tree in trees]
    asked = []
    for column, threshold in found:
        below = np.nextafter(threshold, np.float32(-np.inf))
        middle = (float(below) + float(threshold)) / 2
        for value in [threshold, below, middle, np.nextafter(middle, -np.inf), np.nextafter(middle, np.inf)]:
            row = x[0].copy()
            row[column] = float(value)
            asked.append(row)
    return np.array(asked), model


# ---- category columns with names


def named(train):
    """A case whose inputs are a table of a text column "kind" and a number column "size"."""
    random = np.random.default_rng(6)
    kind = np.array(["ash", "oak", "elm", "fir", "yew"])[random.integers(0, 5, 200)]
    size = random.normal(size=200).round(3)
    y = np.array([{"ash": 2.0, "oak": -1.0, "elm": 0.5, "fir": 3.0, "yew": -2.0}[each] for each in kind]) + size
    frame = pandas.DataFrame({"kind": pandas.Categorical(np.where(random.random(200) < 0.1, None, kind)), "size": size})
    model, predicted = train(frame, y)
    asked = frame["kind"].astype(object).iloc[:rows]
    return {
        "model": model,
        "kind": [None if pandas.isna(each) else each for each in asked],
        "size": plain(size[:rows]),
        "predicted": plain(predicted[:rows]),
    }


def lightgbm_named(frame, y):
    params = {"num_leaves": 4, "min_data_per_group": 5, "verbose": -1, "num_threads": 1, "deterministic": True}
    booster = lightgbm.train(params, lightgbm.Dataset(frame, y), 3)
    return shortened(booster.model_to_string()), booster.predict(frame)


def xgboost_named(frame, y):
    matrix = xgboost.DMatrix(frame, y, enable_categorical=True)
    booster = xgboost.train({"max_depth": 2, "max_cat_to_onehot": 1, "nthread": 1, "verbosity": 0}, matrix, 3)
    return booster.save_raw("json").decode(), booster.predict(matrix)


def named_levels():
    file = folder / "named-levels.json"
    return json.loads(file.read_text()) if file.exists() else {"lightgbm": named(lightgbm_named), "xgboost": named(xgboost_named)}


def older_versions():
    """Models of XGBoost 1.1.1, 1.7.6, 2.1.4 and LightGBM 2.3.1, 3.3.5, 4.0.0 with what these predicted; made once, by this file's cases."""
    return json.loads((folder / "older-versions.json").read_text())


cases[folder / "named-levels.json"] = named_levels
cases[folder / "older-versions.json"] = older_versions
