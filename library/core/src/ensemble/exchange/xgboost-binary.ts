import { DataError } from "../../base/errors.ts";
import type { DocumentValue } from "./document.ts";

/** Bytes of the structures of XGBoost's old binary format, little-endian. */
const bytesOf = { learner: 136, booster: 160, linear: 136, tree: 148, node: 20, statistic: 16 } as const;

/**
 * A model in XGBoost's old binary format (until 3.0, by default until 2.0) as the document that JSON files hold.
 * Counts are held against the bytes that are left before memory is taken. Cost O(bytes). Throws DataError with the byte's place.
 */
export function parseXgboostBinary(who: string, bytes: Uint8Array): DocumentValue {
  const read = reader(who, bytes);
  if (new TextDecoder("latin1").decode(bytes.subarray(0, 4)) === "binf") read.skip(4);
  const start = read.skip(bytesOf.learner);
  const score = read.view.getFloat32(start, true);
  const [features, classes] = [read.view.getUint32(start + 4, true), read.view.getInt32(start + 8, true)];
  const [major, minor] = [read.view.getUint32(start + 20, true), read.view.getUint32(start + 24, true)];
  const targets = read.view.getUint32(start + 28, true);
  const objective = read.text();
  const name = read.text();
  return object({
    learner: object({
      learner_model_param: object({ base_score: score, num_feature: features, num_class: classes, num_target: targets }),
      objective: object({ name: objective }),
      gradient_booster: name === "gblinear" ? linearBooster(read) : treeBooster(read, name),
    }),
    version: [major, minor, 1],
  });
}

function object(members: Readonly<Record<string, DocumentValue>>): ReadonlyMap<string, DocumentValue> {
  return new Map(Object.entries(members));
}

interface Reader {
  readonly view: DataView;
  /** Steps over bytes that must be there; answers where they begin. */
  skip(count: number): number;
  text(): string;
  /** Floats behind their 64-bit count. */
  floats(): Float64Array;
  left(): number;
}

function reader(who: string, bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const skip = (count: number): number => {
    if (!(count >= 0 && count <= bytes.length - at))
      throw new DataError(
        `${who}: byte ${at} must be followed by ${count} bytes, got ${bytes.length - at} (no JSON, UBJSON or old binary model)`,
      );
    at += count;
    return at - count;
  };
  const length = (): number => Number(view.getBigUint64(skip(8), true));
  return {
    view,
    skip,
    left: () => bytes.length - at,
    text() {
      const size = length();
      const begin = skip(size);
      return new TextDecoder("latin1").decode(bytes.subarray(begin, begin + size));
    },
    floats() {
      const count = length();
      const begin = skip(4 * count);
      return Float64Array.from({ length: count }, (_, k) => view.getFloat32(begin + 4 * k, true));
    },
  };
}

function linearBooster(read: Reader): DocumentValue {
  read.skip(bytesOf.linear);
  return object({ name: "gblinear", model: object({ weights: read.floats() }) });
}

function treeBooster(read: Reader, name: string): DocumentValue {
  const start = read.skip(bytesOf.booster);
  const count = read.view.getInt32(start, true);
  if (count > read.left() / bytesOf.tree) read.skip(count * bytesOf.tree); // which refuses
  const trees: DocumentValue[] = [];
  for (let t = 0; t < count; t++) trees.push(tree(read));
  const groups = read.skip(4 * count);
  const info = Float64Array.from({ length: count }, (_, t) => read.view.getInt32(groups + 4 * t, true));
  return object({
    name,
    model: object({ gbtree_model_param: object({ num_trees: count }), trees, tree_info: info }),
    ...(name === "dart" && count > 0 ? { weight_drop: read.floats() } : {}),
  });
}

function tree(read: Reader): DocumentValue {
  const start = read.skip(bytesOf.tree);
  const count = read.view.getInt32(start + 4, true);
  const nodes = read.skip(count * bytesOf.node);
  const statistics = read.skip(count * bytesOf.statistic);
  const leafVectors = read.view.getInt32(start + 20, true);
  if (leafVectors !== 0) read.floats();
  const column = (value: (node: number) => number): Float64Array => Float64Array.from({ length: count }, (_, k) => value(k));
  const word = (offset: number) => (k: number) => read.view.getInt32(nodes + k * bytesOf.node + offset, true);
  const float = (offset: number) => (k: number) => read.view.getFloat32(statistics + k * bytesOf.statistic + offset, true);
  return object({
    tree_param: object({ num_nodes: count, size_leaf_vector: 1 }),
    left_children: column(word(4)),
    right_children: column(word(8)),
    split_indices: column((k) => word(12)(k) & 0x7fff_ffff),
    default_left: column((k) => word(12)(k) >>> 31),
    split_conditions: column((k) => read.view.getFloat32(nodes + k * bytesOf.node + 16, true)),
    loss_changes: column(float(0)),
    sum_hessian: column(float(4)),
    base_weights: column(float(8)),
  });
}
