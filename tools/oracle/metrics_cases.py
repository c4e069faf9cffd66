"""sklearn.metrics over many small random and edge inputs: every metric, average and option that the metrics room has."""

import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

from . import case

averages = ["macro", "micro", "weighted"]


def told(value):
    """Numbers that JSON lacks as null (NaN) and text (infinities)."""
    if hasattr(value, "tolist"):
        return told(value.tolist())
    if isinstance(value, dict):
        return {key: told(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(entry) for entry in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    return value


def draw_labels(rng, n, k, absent=False):
    labels = np.array(["a", "b", "c", "d"][:k])
    truth = rng.choice(labels, n)
    right = rng.random(n) < 0.6
    predicted = np.where(right, truth, rng.choice(labels, n))
    if absent:
        predicted[predicted == "c"] = "a"
    return truth, predicted


def label_scores(truth, predicted, weights):
    w = {"sample_weight": weights}
    answer = {
        "accuracy": m.accuracy_score(truth, predicted, **w),
        "balancedAccuracy": m.balanced_accuracy_score(truth, predicted, **w),
        "balancedAccuracyAdjusted": m.balanced_accuracy_score(truth, predicted, adjusted=True, **w),
        "mcc": m.matthews_corrcoef(truth, predicted, **w),
        "hammingLoss": m.hamming_loss(truth, predicted, **w),
        "confusion": m.confusion_matrix(truth, predicted, **w),
        "confusionLabels": m.confusion_matrix(truth, predicted, labels=["b", "a"], **w),
    }
    for how in ["true", "pred", "all"]:
        answer[f"confusion_{how}"] = m.confusion_matrix(truth, predicted, normalize=how, **w)
    for distance in [None, "linear", "quadratic"]:
        answer[f"kappa_{distance or 'none'}"] = m.cohen_kappa_score(truth, predicted, weights=distance, **w)
    for average in averages:
        answer[f"precision_{average}"] = m.precision_score(truth, predicted, average=average, zero_division=0, **w)
        answer[f"recall_{average}"] = m.recall_score(truth, predicted, average=average, zero_division=0, **w)
        answer[f"f1_{average}"] = m.f1_score(truth, predicted, average=average, zero_division=0, **w)
        answer[f"fBeta_{average}"] = m.fbeta_score(truth, predicted, beta=0.5, average=average, zero_division=0, **w)
        answer[f"jaccard_{average}"] = m.jaccard_score(truth, predicted, average=average, zero_division=0, **w)
        answer[f"precisionNaN_{average}"] = m.precision_score(truth, predicted, average=average, zero_division=np.nan, **w)
        answer[f"recallOne_{average}"] = m.recall_score(truth, predicted, average=average, labels=["a", "b", "z"], zero_division=1, **w)
    if weights is None:
        answer["report"] = m.classification_report(truth, predicted, zero_division=0, digits=3)
        answer["reportLabels"] = m.classification_report(truth, predicted, labels=["b", "a"], zero_division=0)
    if len(set(truth) | set(predicted)) == 2:
        positive = sorted(set(truth) | set(predicted))[0]
        for name, score in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score), ("jaccard", m.jaccard_score)]:
            answer[f"{name}_binary"] = score(truth, predicted, pos_label=positive, zero_division=0, **w)
    return answer


@case("label-cases", room="metrics")
def label_cases():
    rng = np.random.default_rng(11)
    cases = []
    for n, k, weighted, absent in [(2, 2, 0, 0), (5, 2, 1, 0), (30, 2, 0, 0), (30, 2, 1, 0), (9, 3, 0, 1), (40, 3, 1, 1), (40, 3, 0, 0), (60, 4, 1, 0)]:
        truth, predicted = draw_labels(rng, n, k, absent)
        truth[:2] = ["a", "b"]
        weights = np.round(rng.uniform(0.1, 3, n), 2) if weighted else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases.append({"truth": truth, "predicted": predicted, "weights": weights, "expected": told(label_scores(truth, predicted, weights))})
    return cases


def draw_shares(rng, truth, k, grain=64):
    """Probabilities that are whole multiples of 1/64: they sum to 1 exactly and have ties."""
    rows = []
    for t in truth:
        pull = np.ones(k) + 1.5 * (np.arange(k) == t)
        rows.append(rng.multinomial(grain, rng.dirichlet(pull)) / grain)
    return np.array(rows)


def probability_scores(truth, proba, k, weights):
    w = {"sample_weight": weights}
    classes = np.arange(k)
    score = proba[:, 1] if k == 2 else proba
    indicator = (truth[:, None] == classes).astype(int)
    target = truth if k == 2 else indicator
    # of three classes the decision values are half of the cells, only to have some; of two one a row
    decisions = proba[:, 1] * 4 - 2 if k == 2 else proba * 3
    answer = {
        "logLoss": m.log_loss(truth, proba, labels=classes, **w),
        "brier": m.brier_score_loss(truth, score, labels=None if k == 2 else classes, **w),
        "d2LogLoss": m.d2_log_loss_score(truth, proba, labels=classes, **w),
        "d2Brier": m.d2_brier_score(truth, score, labels=None if k == 2 else classes, **w),
        "averagePrecision": m.average_precision_score(target, score, **w),
        "averagePrecision_weighted": m.average_precision_score(target, score, average="weighted", **w),
        "averagePrecision_micro": m.average_precision_score(target, score, average="micro", **w),
        "topK_1": m.top_k_accuracy_score(truth, score, k=1, labels=classes, **w),
        "topK_2": m.top_k_accuracy_score(truth, score, k=2, labels=classes, **w),
        "hinge": m.hinge_loss(truth, decisions, labels=classes, **w),
    }
    answer["rocAuc"] = m.roc_auc_score(truth, score, multi_class="ovr", labels=classes if k > 2 else None, **w)
    if k > 2:
        answer["rocAuc_weighted"] = m.roc_auc_score(truth, score, multi_class="ovr", average="weighted", labels=classes, **w)
        answer["rocAuc_micro"] = m.roc_auc_score(truth, score, multi_class="ovr", average="micro", labels=classes, **w)
        if weights is None:
            answer["rocAuc_ovo"] = m.roc_auc_score(truth, score, multi_class="ovo", labels=classes)
            answer["rocAuc_ovo_weighted"] = m.roc_auc_score(truth, score, multi_class="ovo", average="weighted", labels=classes)
    if k == 2 and len(set(truth)) == 2:
        for limit in [0.1, 0.5, 1]:
            answer[f"rocAuc_{limit}"] = m.roc_auc_score(truth, score, max_fpr=limit, **w)
    return answer


@case("probability-cases", room="metrics")
def probability_cases():
    rng = np.random.default_rng(12)
    cases = []
    for n, k, weighted, one_class in [(2, 2, 0, 0), (3, 2, 0, 1), (40, 2, 0, 0), (40, 2, 1, 0), (12, 3, 1, 0), (50, 3, 0, 0), (40, 4, 1, 0)]:
        truth = np.zeros(n, int) if one_class else rng.integers(0, k, n)
        if not one_class:
            truth[:k] = np.arange(k)[:n]
        proba = draw_shares(rng, truth, k)
        weights = np.round(rng.uniform(0.1, 3, n), 2) if weighted else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases.append({"truth": truth, "proba": proba, "weights": weights, "classes": k, "expected": told(probability_scores(truth, proba, k, weights))})
    return cases


@case("curve-cases", room="metrics")
def curve_cases():
    rng = np.random.default_rng(13)
    cases = []
    for n, digits, weighted in [(2, 3, 0), (12, 1, 0), (60, 1, 1), (60, 4, 0), (60, 2, 1)]:
        truth = rng.random(n) < 0.4
        truth[:2] = [True, False]
        scores = np.round(np.clip(rng.normal(0.4 + 0.2 * truth, 0.25), 0, 1), digits)
        weights = np.round(rng.uniform(0.1, 3, n), 2) if weighted else None
        w = {"sample_weight": weights}
        expected = {}
        for drop in [False, True]:
            fpr, tpr, at = m.roc_curve(truth, scores, drop_intermediate=drop, **w)
            expected[f"roc_{drop}"] = [fpr, tpr, at]
            expected[f"pr_{drop}"] = m.precision_recall_curve(truth, scores, drop_intermediate=drop, **w)
            fpr, fnr, at = m.det_curve(truth, scores, drop_intermediate=drop, **w)
            expected[f"det_{drop}"] = [fpr, fnr, at]
        for strategy in ["uniform", "quantile"]:
            observed, mean = calibration_curve(truth, scores, n_bins=7, strategy=strategy)
            expected[f"calibration_{strategy}"] = [observed, mean]
        expected["ks"] = stats.ks_2samp(scores[truth], scores[~truth]).statistic
        cases.append({"truth": truth, "scores": scores, "weights": weights, "expected": told(expected)})
    return cases


@case("number-cases", room="metrics")
def number_cases():
    rng = np.random.default_rng(14)
    cases = []
    for n, weighted, constant in [(1, 0, 0), (2, 0, 0), (2, 1, 0), (7, 0, 1), (30, 0, 0), (31, 1, 0), (40, 2, 0)]:
        truth = np.full(n, 3.0) if constant else np.round(rng.gamma(2, 2, n) + 0.01, 3)
        predicted = np.round(truth * rng.uniform(0.5, 1.7, n) + 0.02, 3)
        # whole weights meet the quantiles exactly
        weights = [None, np.round(rng.uniform(0.1, 3, n), 2), rng.integers(0, 4, n).astype(float)][weighted]
        w = {"sample_weight": weights}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = {
                "mse": m.mean_squared_error(truth, predicted, **w),
                "rmse": m.root_mean_squared_error(truth, predicted, **w),
                "mae": m.mean_absolute_error(truth, predicted, **w),
                "mape": m.mean_absolute_percentage_error(truth, predicted, **w),
                "msle": m.mean_squared_log_error(truth, predicted, **w),
                "rmsle": m.root_mean_squared_log_error(truth, predicted, **w),
                "medianAbsoluteError": m.median_absolute_error(truth, predicted, **w),
                "r2": m.r2_score(truth, predicted, **w),
                "explainedVariance": m.explained_variance_score(truth, predicted, **w),
                "poissonDeviance": m.mean_poisson_deviance(truth, predicted, **w),
                "gammaDeviance": m.mean_gamma_deviance(truth, predicted, **w),
                "d2AbsoluteError": m.d2_absolute_error_score(truth, predicted, **w),
            }
            if weights is None:
                expected["maxError"] = m.max_error(truth, predicted)
            for alpha in [0.1, 0.5, 0.9]:
                expected[f"pinball_{alpha}"] = m.mean_pinball_loss(truth, predicted, alpha=alpha, **w)
                expected[f"d2Pinball_{alpha}"] = m.d2_pinball_score(truth, predicted, alpha=alpha, **w)
            for power in [-1, 0, 1, 1.5, 2, 3]:
                expected[f"tweedie_{power}"] = m.mean_tweedie_deviance(truth, predicted, power=power, **w)
                # scikit-learn divides by zero where all truths are alike
                if not constant:
                    expected[f"d2Tweedie_{power}"] = m.d2_tweedie_score(truth, predicted, power=power, **w)
        cases.append({"truth": truth, "predicted": predicted, "weights": weights, "expected": told(expected)})
    return cases


@case("ranking-cases", room="metrics")
def ranking_cases():
    """nDCG, DCG and label ranking from scikit-learn, query by query; lists of recommendations from the plain definitions below."""
    rng = np.random.default_rng(15)
    queries = []
    for n, tied in [(2, 0), (6, 1), (15, 1), (15, 0)]:
        grades = rng.integers(0, 4, n).astype(float)
        scores = rng.integers(0, 4, n).astype(float) if tied else np.round(rng.normal(size=n), 4)
        expected = {}
        for k in [None, 1, 5]:
            for name, gains in [("linear", grades), ("exponential", 2**grades - 1)]:
                expected[f"dcg_{name}_{k}"] = m.dcg_score([gains], [scores], k=k)
                expected[f"ndcg_{name}_{k}"] = m.ndcg_score([gains], [scores], k=k)
        queries.append({"grades": grades, "scores": scores, "expected": expected})
    queries.append({"grades": [0, 0, 0], "scores": [3, 2, 1], "expected": {"ndcg_linear_None": m.ndcg_score([[0, 0, 0]], [[3, 2, 1]])}})
    relevant = rng.integers(0, 2, (12, 5))
    relevant[0], relevant[1] = 0, 1
    label_scores_ = rng.integers(0, 5, (12, 5)).astype(float)
    weights = np.round(rng.uniform(0.1, 3, 12), 2)
    labels = {
        "relevant": relevant,
        "scores": label_scores_,
        "weights": weights,
        "plain": m.label_ranking_average_precision_score(relevant, label_scores_),
        "weighted": m.label_ranking_average_precision_score(relevant, label_scores_, sample_weight=weights),
    }
    lists = [rng.permutation(30)[: rng.integers(0, 15)].tolist() for _ in range(25)]
    taken = [sorted(rng.permutation(30)[: rng.integers(0, 8)].tolist()) for _ in range(25)]
    return {"queries": queries, "labels": labels, "lists": lists, "taken": taken, "recommended": {str(k): recommended(lists, taken, k) for k in [1, 3, 10, 20]}}


def recommended(lists, taken, k):
    """The textbook definitions, one user after the other."""
    rows = []
    for shown, wanted in zip(lists, taken):
        if not wanted:
            continue
        hits = [item in wanted for item in shown[:k]]
        precisions = [sum(hits[: i + 1]) / (i + 1) for i, hit in enumerate(hits) if hit]
        gain = sum(1 / np.log2(i + 2) for i, hit in enumerate(hits) if hit)
        best = sum(1 / np.log2(i + 2) for i in range(min(k, len(wanted))))
        first = hits.index(True) + 1 if any(hits) else None
        rows.append([sum(hits) / len(wanted), sum(hits) / k, float(any(hits)), sum(precisions) / min(len(wanted), k), 1 / first if first else 0, gain / best])
    popularity = {item: sum(item in wanted for wanted in taken) for item in range(30)}
    bits = [np.mean([-np.log2(max(1, popularity[item]) / len(taken)) for item in shown[:k]]) for shown in lists if shown]
    names = ["recallAtK", "precisionAtK", "hitRateAtK", "mapAtK", "mrrAtK", "ndcgAtK"]
    return {**dict(zip(names, np.mean(rows, axis=0))), "coverageAtK": len({i for shown in lists for i in shown[:k]}) / 30, "noveltyAtK": np.mean(bits)}


@case("intervals", room="metrics")
def intervals():
    """Ends of intervals from scipy's bootstrap of one set of resamples, shares by scipy's binomial test, AUC by DeLong's double sums."""
    rng = np.random.default_rng(16)
    data = np.round(rng.gamma(1, 3, 25), 3)
    answers = {}
    for method in ["percentile", "basic", "BCa"]:
        result = stats.bootstrap((data,), np.mean, n_resamples=400, method=method, confidence_level=0.9, rng=np.random.default_rng(1), vectorized=True)
        answers[method.lower()] = list(result.confidence_interval)
    values = np.round(result.bootstrap_distribution, 12)
    shares = []
    for right, rows in [(0, 10), (10, 10), (7, 10), (90, 100), (1, 1000), (12345, 20000)]:
        test = stats.binomtest(right, rows)
        ends = {how: list(test.proportion_ci(0.95, method=how)) for how in ["wilson", "exact"]}
        shares.append({"right": right, "rows": rows, **ends})
    truth = rng.random(60) < 0.4
    a = np.round(rng.normal(truth * 1.0, 1), 1)
    b = np.round(rng.normal(truth * 0.6, 1), 1)
    return {"data": data, "values": values, **answers, "shares": shares, "truth": truth, "a": a, "b": b, "delong": delong(truth, a, b)}


def delong(truth, a, b):
    """DeLong, DeLong & Clarke-Pearson (1988): structural components by all pairs."""
    parts = []
    for scores in [a, b]:
        pairs = (scores[truth][:, None] > scores[~truth]) + 0.5 * (scores[truth][:, None] == scores[~truth])
        parts.append((pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)))
    cov = np.cov([parts[0][1], parts[1][1]]) / truth.sum() + np.cov([parts[0][2], parts[1][2]]) / (~truth).sum()
    z = (parts[0][0] - parts[1][0]) / np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    return {"auc": [parts[0][0], parts[1][0]], "se": np.sqrt(cov[0, 0]), "p": 2 * stats.norm.sf(abs(z))}
