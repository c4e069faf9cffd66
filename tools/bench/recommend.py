"""python -m bench.recommend als|bpr|knn <folder> <threads>: seconds of implicit's fit and of the ten best items for all, on the pairs in the folder.
python -m bench.recommend movielens <ratings.csv>: figures of implicit and of EASE in closed form, each user's newest five held out."""

import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit asks: its own threads are the outer level

import numpy as np  # noqa: E402
from implicit.bpr import BayesianPersonalizedRanking  # noqa: E402
from implicit.cpu.als import AlternatingLeastSquares  # noqa: E402
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def timed(kind, folder, threads):
    users, items = (np.fromfile(f"{folder}/{name}.i32", np.int32) for name in ("users", "items"))
    x = csr_matrix((np.ones(len(users), np.float32), (users, items)))
    x.sum_duplicates()
    if kind == "als":
        x.data += 1  # c = 1 + value
        model = AlternatingLeastSquares(64, 0.01, 1.0, iterations=15, num_threads=threads, random_state=1)
    elif kind == "bpr":
        model = BayesianPersonalizedRanking(64, iterations=20, num_threads=threads, random_state=1)
    else:
        model = CosineRecommender(K=101, num_threads=threads)
    fit = seconds(lambda: model.fit(x, show_progress=False))
    top = seconds(lambda: model.recommend(np.arange(x.shape[0]), x, 10)) if kind == "als" else None
    return {"fit": fit, "top": top, "pairs": int(x.nnz)}


def measures(scores, x, held):
    """ndcg@10 and recall@10, the items of the fit masked, full ranking."""
    scores = np.where(x.toarray() > 0, -np.inf, scores)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    hits = np.take_along_axis(held, best, 1)
    discounts = 1 / np.log2(np.arange(10) + 2)
    relevant = held.sum(1)
    ideal = np.array([discounts[: min(10, int(n))].sum() for n in relevant])
    return {"ndcg@10": float((hits @ discounts / ideal).mean()), "recall@10": float((hits.sum(1) / relevant).mean())}


def movielens(path):
    ratings = np.genfromtxt(path, delimiter=",", skip_header=1)
    _, users = np.unique(ratings[:, 0], return_inverse=True)
    _, items = np.unique(ratings[:, 1], return_inverse=True)
    order = np.lexsort((-items, -ratings[:, 3], users))
    place = np.arange(len(order)) - np.searchsorted(users[order], users[order])
    newest = np.zeros(len(order), bool)
    newest[order] = place < 5
    shape = (users.max() + 1, items.max() + 1)
    x = csr_matrix((np.ones((~newest).sum(), np.float32), (users[~newest], items[~newest])), shape)
    held = np.zeros(shape)
    held[users[newest], items[newest]] = 1
    answers = {"popularity": [measures(np.tile(np.asarray(x.sum(0)), (shape[0], 1)), x, held)]}
    wide = x.toarray().astype(float)
    small = np.linalg.inv(wide @ wide.T + 300 * np.eye(shape[0]))
    diagonal = (1 - np.einsum("ui,uv,vi->i", wide, small, wide, optimize=True)) / 300
    answers["ease"] = [measures(wide - ((wide - wide @ wide.T @ small @ wide) / 300) / diagonal, x, held)]
    weighted = x.copy()
    weighted.data += 1
    answers["als"], answers["bpr"] = [], []
    for seed in range(3):
        model = AlternatingLeastSquares(64, 10, 1.0, iterations=15, num_threads=2, random_state=seed)
        model.fit(weighted, show_progress=False)
        answers["als"].append(measures(model.user_factors @ model.item_factors.T, x, held))
        model = BayesianPersonalizedRanking(32, learning_rate=0.05, iterations=100, num_threads=2, random_state=seed)
        model.fit(x, show_progress=False)
        answers["bpr"].append(measures(model.user_factors @ model.item_factors.T, x, held))
    for name, model in {"cosine": CosineRecommender(K=101), "tfidf": TFIDFRecommender(K=101), "bm25": BM25Recommender(K=101)}.items():
        model.fit(x, show_progress=False)
        likeness = model.similarity.tolil()
        likeness.setdiag(0)
        answers[name] = [measures((x @ likeness.tocsr()).toarray(), x, held)]
    return answers


if sys.argv[1] == "movielens":
    print(json.dumps(movielens(sys.argv[2])))
else:
    print(json.dumps(timed(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
