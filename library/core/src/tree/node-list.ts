import { nodeSize } from "../numeric/cart-kernels.ts";
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

  /**
   * Adds the first `buffered` nodes of a kernel's buffer, which begins at `at`: a subtree whose first node (so far `first`) hangs below
   * `parent`. `centre` is added to the values; `thresholdOf` reads a threshold from its two numbers.
   */
  append(
    buffer: Float64Array,
    at: number,
    buffered: number,
    first: number,
    { parent, isLeft }: { readonly parent: number; readonly isLeft: boolean },
    centre: number,
    thresholdOf: (feature: number, low: number, high: number) => number,
  ): void {
    while (this.#capacity < this.count + buffered) this.#double();
    const { outputs, value } = this;
    const [feature, threshold, left, right] = [this.#feature, this.#threshold, this.#left, this.#right];
    const [missingLeft, impurity, weight] = [this.#missingLeft, this.#impurity, this.#weight];
    let place = at;
    for (let node = this.count; node < this.count + buffered; node++) {
      const column = buffer[place]!;
      const link = buffer[place + 1]!;
      feature[node] = column;
      left[node] = -1;
      right[node] = -1;
      impurity[node] = Math.max(0, buffer[place + 5]!);
      weight[node] = buffer[place + 6]!;
      if (column >= 0) {
        threshold[node] = thresholdOf(column, buffer[place + 2]!, buffer[place + 3]!);
        missingLeft[node] = buffer[place + 4]!;
      }
      const above = link < 0 ? parent : first + (link >> 1);
      if (above >= 0) (link < 0 ? isLeft : (link & 1) === 1) ? (left[above] = node) : (right[above] = node);
      place += nodeSize;
      for (let k = 0; k < outputs; k++) value[node * outputs + k] = centre + buffer[place++]!;
    }
    this.count += buffered;
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
