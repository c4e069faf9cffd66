/** Names of the split criteria. */
export type CriterionName = "gini" | "entropy" | "log_loss" | "squared_error";

/** Running sums of a node and of the split that is being tried. */
export interface Criterion {
  /** Forgets all rows. */
  reset(): void;
  add(y: number, weight: number): void;
  /** Weight of the node's rows. */
  weight(): number;
  impurity(): number;
  /** Appends the node's prediction. */
  write(values: number[]): void;
  /** Begins with every row on the right. */
  startSplit(): void;
  moveLeft(y: number, weight: number): void;
  /** Mean impurity of both sides by weight. */
  splitImpurity(): number;
}

/** Gini impurity or entropy (bits) of class shares. */
export function classCriterion(name: CriterionName, classes: number): Criterion {
  const all = new Float64Array(classes);
  const left = new Float64Array(classes);
  const right = new Float64Array(classes);
  let total = 0;
  let leftWeight = 0;
  let rightWeight = 0;
  const measure = name === "gini" ? gini : entropy;
  return {
    reset() {
      all.fill(0);
      total = 0;
    },
    add(y, weight) {
      all[y]! += weight;
      total += weight;
    },
    weight: () => total,
    impurity: () => measure(all, total),
    write(values) {
      for (let k = 0; k < classes; k++) values.push(all[k]! / total);
    },
    startSplit() {
      left.fill(0);
      right.set(all);
      leftWeight = 0;
      rightWeight = total;
    },
    moveLeft(y, weight) {
      left[y]! += weight;
      right[y]! -= weight;
      leftWeight += weight;
      rightWeight -= weight;
    },
    splitImpurity() {
      if (leftWeight <= 0 || rightWeight <= 0) return Infinity;
      return (leftWeight * measure(left, leftWeight) + rightWeight * measure(right, rightWeight)) / total;
    },
  };
}

function gini(counts: Float64Array, total: number): number {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) sum += counts[k]! * counts[k]!;
  return 1 - sum / (total * total);
}

function entropy(counts: Float64Array, total: number): number {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) if (counts[k]! > 0) sum -= (counts[k]! / total) * Math.log2(counts[k]! / total);
  return sum;
}

/** Variance of y, in squared units of y. Sums are taken of y − `centre`: squares of a large y would swallow its variance. */
export function squaredError(centre: number): Criterion {
  let total = 0;
  let sum = 0;
  let squares = 0;
  let leftWeight = 0;
  let leftSum = 0;
  return {
    reset() {
      total = 0;
      sum = 0;
      squares = 0;
    },
    add(y, weight) {
      const off = y - centre;
      total += weight;
      sum += weight * off;
      squares += weight * off * off;
    },
    weight: () => total,
    impurity: () => Math.max(0, squares / total - (sum / total) * (sum / total)),
    write(values) {
      values.push(centre + sum / total);
    },
    startSplit() {
      leftWeight = 0;
      leftSum = 0;
    },
    moveLeft(y, weight) {
      leftWeight += weight;
      leftSum += weight * (y - centre);
    },
    splitImpurity() {
      const rightWeight = total - leftWeight;
      if (leftWeight <= 0 || rightWeight <= 0) return Infinity;
      const rightSum = sum - leftSum;
      return (squares - (leftSum * leftSum) / leftWeight - (rightSum * rightSum) / rightWeight) / total;
    },
  };
}
