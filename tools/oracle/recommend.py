"""implicit: alternating least squares from a given start, pairwise ranking over seeds, items by nearest neighbours; numpy: EASE in closed form, ranking measures of lists."""

import math

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from scipy.sparse import csr_matrix

from . import case


def taken(seed, users, items, share):
    """Who took what: everybody something, tastes in two groups."""
    rng = np.random.default_rng(seed)
    likes = share * np.where((np.arange(users) % 2)[:, None] == (np.arange(items) % 2)[None, :], 1.6, 0.4)
    x = (rng.random((users, items)) < likes) * rng.integers(1, 6, (users, items)).astype(float)
    x[np.arange(users), rng.integers(0, items, users)] += 1
    x[rng.integers(0, users, items), np.arange(items)] += 1
    return rng, x


def rows(x):
    users, items = np.nonzero(x)
    return {"user": users, "item": items, "value": x[users, items]}


@case("als")
def als():
    cases = []
    for seed, users, items, factors, alpha, regularization, use_cg in [(1, 26, 22, 5, 2.0, 0.1, True), (2, 18, 24, 8, 0.5, 0.01, True), (3, 26, 22, 5, 2.0, 0.1, False), (4, 18, 12, 11, 1.0, 1.0, False)]:  # fmt: skip
        rng, x = taken(seed, users, items, 0.25)
        start = [np.round(rng.random((n, factors)) * 0.01, 4) for n in (users, items)]

        def fit(dtype):
            model = AlternatingLeastSquares(factors, regularization, alpha, dtype=dtype, use_cg=use_cg, iterations=4, num_threads=1)
            model.user_factors, model.item_factors = (each.astype(dtype) for each in start)
            model.fit(csr_matrix(x), show_progress=False)
            return model

        wide, narrow = fit(np.float64), fit(np.float32)
        gap = np.abs(wide.user_factors @ wide.item_factors.T - narrow.user_factors @ narrow.item_factors.T).max()
        cases.append({
            **rows(x), "factors": factors, "alpha": alpha, "regularization": regularization, "useCg": use_cg, "iterations": 4,
            "start": start, "scores": wide.user_factors @ wide.item_factors.T, "gap": 10.0 ** math.ceil(math.log10(gap)),
        })  # fmt: skip
    return {"cases": cases}


@case("item-knn")
def item_knn():
    _, x = taken(5, 25, 15, 0.3)
    cases = {}
    for name, model in {"cosine": CosineRecommender(K=15), "tfidf": TFIDFRecommender(K=15), "bm25": BM25Recommender(K=15, K1=2.0, B=0.4)}.items():
        model.fit(csr_matrix(x), show_progress=False)
        likeness = model.similarity.toarray()
        np.fill_diagonal(likeness, 0)
        cases[name] = {"likeness": likeness, "scores": x @ likeness}
    return {**rows(x), "k1": 2.0, "b": 0.4, "cases": cases}


def ranking_of(scores, x, held):
    """Mean over users of the share of pairs of a held-out and an untaken item that stand right, and of nDCG@10."""
    aucs, gains = [], []
    for u in np.flatnonzero(held.any(1)):
        right, other = scores[u, held[u]], scores[u, ~held[u] & (x[u] == 0)]
        aucs.append((right[:, None] > other[None, :]).mean())
        ranked = np.argsort(-np.where(x[u] > 0, -np.inf, scores[u]), kind="stable")[:10]
        gains.append(dcg(held[u, ranked].astype(float)) / dcg([1] * min(10, held[u].sum())))
    return float(np.mean(aucs)), float(np.mean(gains))


@case("bpr")
def bpr():
    """What implicit's BPR reaches over seeds, each item about as often taken; and steps of the update by its formula, in doubles."""
    rng, x = taken(9, 60, 40, 0.35)
    held = (rng.random(x.shape) < 0.2) & (x > 0)
    held[(x > 0).sum(1) == held.sum(1)] = False
    x[held] = 0
    params = {"factors": 8, "learning_rate": 0.05, "regularization": 0.01, "iterations": 80}
    found = []
    for seed in range(24):
        model = BayesianPersonalizedRanking(**params, num_threads=1, random_state=seed)
        model.fit(csr_matrix(x), show_progress=False)
        found.append(ranking_of(model.user_factors @ model.item_factors.T, x, held))
    means, spreads = (np.round(f(found, axis=0), 3) for f in (np.mean, lambda a, axis: np.std(a, axis=axis, ddof=1)))
    users, items = np.nonzero(held)
    return {
        **rows(x), "held": {"user": users, "item": items}, "params": params, "runs": len(found),
        "auc": {"mean": means[0], "spread": spreads[0]}, "ndcg": {"mean": means[1], "spread": spreads[1]}, "steps": bpr_steps(),
    }  # fmt: skip


def bpr_steps():
    rng = np.random.default_rng(10)
    width, rate, penalty = 6, 0.3, 0.05
    users, items = np.round(rng.normal(size=(3, width)), 3), np.round(rng.normal(size=(5, width)), 3)
    users[:, -1] = 1
    start = {"users": users.copy(), "items": items.copy()}
    triples = [(0, 1, 2), (2, 0, 4), (0, 3, 1), (1, 4, 0), (0, 1, 3)]
    for u, i, j in triples:
        x, y, z = users[u].copy(), items[i].copy(), items[j].copy()
        doubt = 1 / (1 + math.exp(x @ (y - z)))
        users[u] += rate * (doubt * (y - z) - penalty * x)
        items[i] += rate * (doubt * x - penalty * y)
        items[j] += rate * (-doubt * x - penalty * z)
        users[u, -1] = 1
    return {"start": start, "triples": triples, "rate": rate, "penalty": penalty, "users": users, "items": items}


@case("ease")
def ease():
    cases = []
    for seed, users, items, penalty in [(6, 30, 14, 20.0), (7, 12, 20, 5.0)]:
        _, x = taken(seed, users, items, 0.25)
        p = np.linalg.inv(x.T @ x + penalty * np.eye(items))
        b = -p / np.diag(p)
        np.fill_diagonal(b, 0)
        cases.append({**rows(x), "regularization": penalty, "weights": b, "scores": x @ b})
    return {"cases": cases}


def dcg(hits):
    return sum(hit / math.log2(place + 2) for place, hit in enumerate(hits))


@case("lists")
def lists():
    """Measures of ranked lists by their definitions, user by user, of random scores with the items of the fit hidden."""
    rng, x = taken(8, 20, 30, 0.15)
    held = (rng.random(x.shape) < 0.12) & (x == 0)
    scores = np.round(rng.normal(size=x.shape), 6)
    ranked = np.argsort(-np.where(x > 0, -np.inf, scores), axis=1, kind="stable")
    popularity = (x > 0).sum(0)
    measures = {}
    for k in (3, 10):
        per_user = []
        for u in range(len(x)):
            if not held[u].any():
                continue
            shown = ranked[u, :k]
            hits = held[u, shown].astype(float)
            relevant = held[u].sum()
            precisions = np.cumsum(hits) / (np.arange(k) + 1)
            columns = (x[:, shown] > 0).astype(float)
            norms = np.sqrt(columns.sum(0))
            alike = columns.T @ columns / norms[:, None] / norms[None, :]
            pairs = alike[np.triu_indices(k, 1)]
            per_user.append({
                "ndcg": dcg(hits) / dcg([1] * min(k, relevant)), "recall": hits.sum() / relevant, "precision": hits.sum() / k,
                "map": (precisions * hits).sum() / min(k, relevant), "mrr": (1 / (np.argmax(hits) + 1)) if hits.any() else 0.0,
                "hit_rate": float(hits.any()), "novelty": -np.log2(popularity[shown] / len(x)).mean(), "diversity": 1 - pairs.mean(),
            })  # fmt: skip
        measures[str(k)] = {name: float(np.mean([each[name] for each in per_user])) for name in per_user[0]}
        measures[str(k)]["coverage"] = len({int(i) for u in range(len(x)) if held[u].any() for i in ranked[u, :k]}) / x.shape[1]
    users, items = np.nonzero(held)
    return {**rows(x), "held": {"user": users, "item": items}, "scores": scores, "measures": measures}
