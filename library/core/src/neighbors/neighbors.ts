/** The k nearest rows of each query, nearest first; of rows as near the lower one first. */
export interface Neighbors {
  readonly k: number;
  /** Distances (queries × k). */
  readonly distances: Float64Array;
  /** Row numbers (queries × k). */
  readonly rows: Int32Array;
}

/** Finds the k nearest rows of queries (count × d). */
export type Search = (queries: Float64Array, count: number, k: number) => Neighbors;

/** Room for the answers, all infinitely far. */
export function noNeighbors(count: number, k: number): Neighbors {
  return { k, distances: new Float64Array(count * k).fill(Infinity), rows: new Int32Array(count * k).fill(0x7fffffff) };
}

/** Puts a row at its place among the k of the list that begins at `list`; one that is not nearer than all of them, by (distance, row), falls out. */
export function offer({ k, distances, rows }: Neighbors, list: number, distance: number, row: number): void {
  let place = list + k - 1;
  if (!isNearer(distance, row, distances[place]!, rows[place]!)) return;
  for (; place > list && isNearer(distance, row, distances[place - 1]!, rows[place - 1]!); place--) {
    distances[place] = distances[place - 1]!;
    rows[place] = rows[place - 1]!;
  }
  distances[place] = distance;
  rows[place] = row;
}

function isNearer(distance: number, row: number, otherDistance: number, otherRow: number): boolean {
  return distance < otherDistance || (distance === otherDistance && row < otherRow);
}
