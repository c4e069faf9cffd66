"""The oracle of each algorithm of plan.json: `oracle(name, task, state, levels)` is an unfitted estimator that fits numpy rows."""

import numpy as np
import pandas as pd
from sklearn import calibration, cluster, decomposition, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from . import multiway


class Categories:
    """A booster of another library, told which columns hold categories."""

    def __init__(self, model, levels):
        self.model = model
        self.levels = levels

    def frame(self, x):
        columns = [
            pd.Series(column) if levels is None else pd.Categorical.from_codes(np.nan_to_num(column, nan=-1).astype(int), levels)
            for column, levels in zip(x.T, self.levels)
        ]
        return pd.DataFrame({f"c{j}": column for j, column in enumerate(columns)})

    def fit(self, x, y):
        self.model.fit(self.frame(x), y)
        return self

    def predict(self, x):
        return self.model.predict(self.frame(x))

    def predict_proba(self, x):
        return self.model.predict_proba(self.frame(x))


def boosters(classifier, state, levels):
    import lightgbm
    import xgboost

    coded = [j for j, each in enumerate(levels) if each is not None]
    light = lightgbm.LGBMClassifier if classifier else lightgbm.LGBMRegressor
    extreme = xgboost.XGBClassifier if classifier else xgboost.XGBRegressor
    hist = ensemble.HistGradientBoostingClassifier if classifier else ensemble.HistGradientBoostingRegressor
    return {
        "lightgbm": lambda: Categories(light(n_jobs=1, verbose=-1, random_state=state, deterministic=True, force_col_wise=True), levels),
        "xgboost": lambda: Categories(extreme(n_jobs=1, n_estimators=100, tree_method="hist", enable_categorical=True, random_state=state), levels),
        "hist_gradient_boosting": lambda: hist(early_stopping=False, categorical_features=coded or None, random_state=state),
    }


def classifiers(state):
    logistic = linear_model.LogisticRegression
    vote = [("logistic", logistic()), ("tree", tree.DecisionTreeClassifier(random_state=state)), ("bayes", naive_bayes.GaussianNB())]
    return {
        "decision_tree": lambda: tree.DecisionTreeClassifier(random_state=state),
        "random_forest": lambda: ensemble.RandomForestClassifier(random_state=state),
        "extra_trees": lambda: ensemble.ExtraTreesClassifier(random_state=state),
        "bagging": lambda: ensemble.BaggingClassifier(random_state=state),
        "adaboost": lambda: ensemble.AdaBoostClassifier(random_state=state),
        "gradient_boosting": lambda: ensemble.GradientBoostingClassifier(random_state=state),
        "knn": lambda: neighbors.KNeighborsClassifier(),
        "gaussian_nb": lambda: naive_bayes.GaussianNB(),
        "multinomial_nb": lambda: naive_bayes.MultinomialNB(),
        "complement_nb": lambda: naive_bayes.ComplementNB(),
        "bernoulli_nb": lambda: naive_bayes.BernoulliNB(),
        "logistic_regression": lambda: logistic(max_iter=200),
        "svm": lambda: svm.SVC(random_state=state),
        "linear_svm": lambda: svm.LinearSVC(random_state=state),
        "neural_network": lambda: neural_network.MLPClassifier(random_state=state),
        "voting": lambda: ensemble.VotingClassifier(vote, voting="soft"),
        "stacking": lambda: ensemble.StackingClassifier(vote, final_estimator=logistic()),
        "calibrated": lambda: calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), method="isotonic"),
    }


def regressors(state):
    vote = [("ridge", linear_model.Ridge()), ("tree", tree.DecisionTreeRegressor(random_state=state)), ("knn", neighbors.KNeighborsRegressor())]
    return {
        "decision_tree": lambda: tree.DecisionTreeRegressor(random_state=state),
        "random_forest": lambda: ensemble.RandomForestRegressor(random_state=state),
        "extra_trees": lambda: ensemble.ExtraTreesRegressor(random_state=state),
        "bagging": lambda: ensemble.BaggingRegressor(random_state=state),
        "adaboost": lambda: ensemble.AdaBoostRegressor(random_state=state),
        "gradient_boosting": lambda: ensemble.GradientBoostingRegressor(random_state=state),
        "knn": lambda: neighbors.KNeighborsRegressor(),
        "linear_regression": lambda: linear_model.LinearRegression(),
        "polynomial_regression": lambda: make_pipeline(PolynomialFeatures(include_bias=False), linear_model.LinearRegression()),
        "ridge": lambda: linear_model.Ridge(),
        "lasso": lambda: linear_model.Lasso(alpha=0.01),
        "elastic_net": lambda: linear_model.ElasticNet(alpha=0.01),
        "svm": lambda: svm.SVR(),
        "linear_svm": lambda: svm.LinearSVR(random_state=state),
        "neural_network": lambda: neural_network.MLPRegressor(random_state=state),
        "voting": lambda: ensemble.VotingRegressor(vote),
        "stacking": lambda: ensemble.StackingRegressor(vote, final_estimator=linear_model.Ridge()),
    }


def oracle(name, task, state, levels):
    """An unfitted estimator of the oracle's defaults, but for what `ours.mjs` names too."""
    if name == "decision_tree_chaid":
        return multiway.Chaid()
    if name == "decision_tree_c45":
        return multiway.J48(levels)
    if name == "k_means":
        return cluster.KMeans(random_state=state)
    if name == "pca":
        return decomposition.PCA()
    classifier = task == "classification"
    made = boosters(classifier, state, levels) if name in ("lightgbm", "xgboost", "hist_gradient_boosting") else None
    return (made or (classifiers if classifier else regressors)(state))[name]()


#: Convex problems solved to a tolerance of 1e-12 or less on both sides.
convex = {
    "classification": {
        "logistic_regression l2": lambda: linear_model.LogisticRegression(tol=1e-12, max_iter=10_000, solver="newton-cholesky"),
        "logistic_regression l1": lambda: linear_model.LogisticRegression(l1_ratio=1.0, C=0.1, tol=1e-12, max_iter=20_000, solver="saga"),
        "linear_svm": lambda: svm.LinearSVC(tol=1e-12, max_iter=200_000),
    },
    "regression": {
        "linear_regression": lambda: linear_model.LinearRegression(),
        "ridge": lambda: linear_model.Ridge(),
        "lasso": lambda: linear_model.Lasso(alpha=0.01, tol=1e-15, max_iter=100_000),
        "elastic_net": lambda: linear_model.ElasticNet(alpha=0.01, tol=1e-15, max_iter=100_000),
        "linear_svm squared": lambda: svm.LinearSVR(loss="squared_epsilon_insensitive", dual=False, tol=1e-12, max_iter=200_000),
    },
}
