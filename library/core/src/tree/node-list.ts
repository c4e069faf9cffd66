import type { TreeArrays } from "./grow.ts";

/** The nodes of a tree that grows, in arrays that double when they are full. */
export class NodeList {
  readonly outputs: number;
  /** Values of the nodes so far (count × outputs), and room for more. */
  value: Float64Array;
  /** Nodes so far. */
  count = 0;
  #capacity: number;
  #feature: Int32Array;
  #threshold: Float64Array;
  #left: Int32Array;
  #right: Int32Array;
  #missingLeft: Uint8Array;
  #impurity: Float64Array;
  #weight: Float64Array;

  /** Room for `capacity` nodes of so many outputs at first. */
  constructor(outputs: number, capacity: number) {
    this.outputs = outputs;
    this.#capacity = capacity;
    this.value = new Float64Array(capacity * outputs);
    this.#feature = new Int32Array(capacity);
    this.#threshold = new Float64Array(capacity);
    this.#left = new Int32Array(capacity);
    this.#right = new Int32Array(capacity);
    this.#missingLeft = new Uint8Array(capacity);
    this.#impurity = new Float64Array(capacity);
    this.#weight = new Float64Array(capacity);
  }

  /** Adds a leaf and answers its number; its value is to be written to `value` at number × outputs. */
  add(parent: number, isLeft: boolean, weight: number, impurity: number): number {
    if (this.count === this.#capacity) this.#double();
    const node = this.count++;
    this.#feature[node] = -1;
    this.#left[node] = -1;
    this.#right[node] = -1;
    this.#impurity[node] = Math.max(0, impurity);
    this.#weight[node] = weight;
    if (parent >= 0) (isLeft ? this.#left : this.#right)[parent] = node;
    return node;
  }

  /** A leaf becomes a question; its children are added next. */
  cut(node: number, feature: number, threshold: number, missingLeft: number): void {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft;
  }

  /** A question that got no children becomes a leaf. */
  makeLeaf(node: number): void {
    this.cut(node, -1, 0, 0);
  }

  /** The tree of all nodes that were added. */
  finish(): TreeArrays {
    const n = this.count;
    return {
      feature: this.#feature.slice(0, n),
      threshold: this.#threshold.slice(0, n),
      left: this.#left.slice(0, n),
      right: this.#right.slice(0, n),
      missingLeft: this.#missingLeft.slice(0, n),
      value: this.value.slice(0, n * this.outputs),
      outputs: this.outputs,
      impurity: this.#impurity.slice(0, n),
      weight: this.#weight.slice(0, n),
    };
  }

  #double(): void {
    this.#capacity *= 2;
    this.#feature = grown(this.#feature, new Int32Array(this.#capacity));
    this.#threshold = grown(this.#threshold, new Float64Array(this.#capacity));
    this.#left = grown(this.#left, new Int32Array(this.#capacity));
    this.#right = grown(this.#right, new Int32Array(this.#capacity));
    this.#missingLeft = grown(this.#missingLeft, new Uint8Array(this.#capacity));
    this.#impurity = grown(this.#impurity, new Float64Array(this.#capacity));
    this.#weight = grown(this.#weight, new Float64Array(this.#capacity));
    this.value = grown(this.value, new Float64Array(this.#capacity * this.outputs));
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
