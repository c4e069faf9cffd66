"""Whether two classification or regression trees are the same, node by node."""

import numpy as np


def impurity(y, classes):
    """Rows times impurity: Gini, or squared error."""
    if len(y) == 0:
        return 0.0
    if classes == 0:
        return float(((y - y.mean()) ** 2).sum())
    share = np.bincount(y, minlength=classes) / len(y)
    return len(y) * float(1 - (share**2).sum())


def is_close(values, side):
    """Whether a cut lies between values that scikit-learn takes for one: no more than 1e-7 apart, in single precision."""
    low, high = np.float32(values[side].max()), np.float32(values[~side].min())
    return bool(high <= low + np.float32(1e-7))


def compare(model, ours, x, y, classes):
    """
    Walks our nodes (feature, threshold, left and right, one after the other) beside those of a fitted scikit-learn tree. A node is the same when it
    sends the same rows left; `ties` are other splits that are as good, `close` are cuts of ours that scikit-learn does not see, and below
    either nothing is compared; `differ` is everything else.
    """
    feature, threshold, left, right = ours.reshape(4, -1)
    theirs = model.tree_
    found = {"same": 0, "ties": 0, "close": 0, "differ": 0}
    stack = [(0, 0, np.arange(len(y)))]
    while stack:
        ours_at, theirs_at, rows = stack.pop()
        is_leaf, is_their_leaf = feature[ours_at] < 0, theirs.children_left[theirs_at] < 0
        if is_leaf or is_their_leaf:
            is_pure = impurity(y[rows], classes) < 1e-9  # a cut of equal targets, taken or not
            found["same" if is_leaf and is_their_leaf else "ties" if is_pure else "differ"] += 1
            continue
        side = x[rows, int(feature[ours_at])] <= threshold[ours_at]
        their_side = x[rows, theirs.feature[theirs_at]] <= theirs.threshold[theirs_at]
        if (side == their_side).all():
            found["same"] += 1
            stack.append((int(left[ours_at]), theirs.children_left[theirs_at], rows[side]))
            stack.append((int(right[ours_at]), theirs.children_right[theirs_at], rows[~side]))
            continue
        costs = [impurity(y[rows[s]], classes) + impurity(y[rows[~s]], classes) for s in (side, their_side)]
        is_tie = np.isclose(*costs, rtol=1e-9, atol=1e-9)
        found["ties" if is_tie else "close" if is_close(x[rows, int(feature[ours_at])], side) else "differ"] += 1
    return found
