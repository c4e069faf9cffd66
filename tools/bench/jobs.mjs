// What is measured beside other libraries: our estimator, the peer's (theirs.py has it by the same name), and the ratio that is promised.

const boosting = { estimator: "hist_gradient_boosting", params: {}, peer: "LightGBM", target: 0.9 };
const byDepth = { estimator: "xgboost", params: {}, peer: "XGBoost", target: 0.9 };

/** Jobs of `npm run bench -- trees`; `size` scales the synthetic tables. */
function trees(size, threads) {
  const [middle, large] = [100_000 * size, 1_000_000 * size];
  const forest = { peer: "scikit-learn", target: 0.5, table: `synthetic-${middle}`, params: {} };
  return atEach(threads, [
    { what: "boosting, 31 leaves", ...boosting, table: `synthetic-${middle}` },
    { what: "boosting, 31 leaves", ...boosting, table: `synthetic-${large}`, memoryTarget: 1 },
    { what: "boosting, depth 6", ...byDepth, table: `synthetic-${middle}` },
    { what: "boosting, depth 6", ...byDepth, table: `synthetic-${large}` },
    ...["kepler", "adult", "california"].map((table) => ({
      what: "boosting, 31 leaves",
      ...boosting,
      table,
      test: `${table}-test`,
    })),
    {
      what: "prediction of 500 trees",
      ...boosting,
      table: `synthetic-${middle}`,
      params: { n_estimators: 500 },
      measure: "predict",
      target: 0.5,
    },
    { what: "random forest, 100 trees", estimator: "random_forest", ...forest },
    { what: "extra trees, 100 trees", estimator: "extra_trees", ...forest },
    { what: "decision tree", estimator: "decision_tree", ...forest, target: 0.7 },
  ]);
}

/** Jobs of `npm run bench -- models`. */
function models(size, threads) {
  const table = `synthetic-${100_000 * size}`;
  const learn = (estimator, params, target, more = {}) => ({
    what: estimator,
    estimator,
    params,
    target,
    table,
    peer: "scikit-learn",
    ...more,
  });
  return atEach(threads, [
    { ...learn("knn", { algorithm: "brute" }, [0.5, 1]), what: "knn brute, 5,000 queries", measure: "predict", queries: 5000 },
    learn("logistic_regression", {}, 1.5),
    learn("svm", {}, 1, { table: `synthetic-${10_000 * size}`, queries: 5000 }),
    learn("k_means", { first: 8 }, 2),
    learn("neural_network", { max_iter: 10, n_iter_no_change: 1000, tol: 0 }, 1, { what: "neural_network, 10 epochs" }),
    ...["gaussian_nb", "bernoulli_nb", "multinomial_nb", "complement_nb"].flatMap((name) => {
      const isOfCounts = name === "multinomial_nb" || name === "complement_nb";
      const rows = isOfCounts ? { table: `counts-${100_000 * size}`, test: "counts-test" } : {};
      return [learn(name, {}, 1, rows), learn(name, {}, 1, { ...rows, what: `${name}, prediction`, measure: "predict" })];
    }),
  ]);
}

/** Each job at each number of threads; a target is one for all, or one for each. */
function atEach(allThreads, jobs) {
  return jobs.flatMap(({ target, ...job }) =>
    allThreads.map((threads, k) => ({
      test: "synthetic-test",
      measure: "fit",
      ...job,
      threads,
      target: Array.isArray(target) ? target[k] : target,
    })),
  );
}

/** Jobs by the name of their set. */
export const jobs = { trees, models };
