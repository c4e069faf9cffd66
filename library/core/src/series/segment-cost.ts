/** What it costs to describe the values `begin` … `end` − 1 by one law. */
export type SegmentCost = (begin: number, end: number) => number;

/**
 * Costs of segments in O(1) each after sums in O(n). `mean`: squared distance from the segment's mean; `normal`: length · ln(variance +
 * floor), twice the negative log-likelihood of a normal law but for a constant.
 */
export function segmentCost(values: Float64Array, cost: "mean" | "normal", floor: number): SegmentCost {
  const centre = values.reduce((total, value) => total + value / values.length, 0);
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    const off = value - centre;
    sums[i + 1] = sums[i]! + off;
    squares[i + 1] = squares[i]! + off * off;
  }
  const distance = (begin: number, end: number): number => {
    const total = sums[end]! - sums[begin]!;
    return Math.max(0, squares[end]! - squares[begin]! - (total * total) / (end - begin));
  };
  if (cost === "mean") return distance;
  return (begin, end) => (end - begin) * Math.log(distance(begin, end) / (end - begin) + floor);
}
