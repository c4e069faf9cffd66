import { ParamsError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { Layer } from "./layer-schema.ts";
import { measure } from "./layer-shapes.ts";
import type { RowShape, Weight } from "./row-shape.ts";

/** A layer at its place. */
export interface GraphNode {
  readonly name: string;
  readonly layer: Layer;
  /** Inputs and layers whose values come in, by name. */
  readonly from: readonly string[];
  readonly shape: RowShape;
  readonly shapeIn: RowShape;
  /** Places of its weights in the graph's list. */
  readonly weights: readonly number[];
  /** Whether nothing that is trained lies before it. */
  readonly isFirst: boolean;
}

/** A network with every size known. */
export interface Graph {
  readonly inputs: readonly { readonly name: string; readonly shape: RowShape }[];
  readonly nodes: readonly GraphNode[];
  /** The dense layer, without activation, that each output ends in. */
  readonly heads: readonly GraphNode[];
  readonly weights: readonly Weight[];
}

/** What ends a branch: a vector of `units` sums. */
interface Head {
  readonly name: string;
  readonly units: number;
  readonly from?: string | readonly string[] | undefined;
}

/**
 * Puts layers behind each other, sizes and weights worked out. Throws ParamsError for names that are taken or unknown and for shapes that do not fit,
 * with the place of the layer.
 */
export function buildGraph(inputs: Graph["inputs"], layers: readonly Layer[], heads: readonly Head[]): Graph {
  const shapes = new Map<string, RowShape>();
  const weights: Weight[] = [];
  for (const { name, shape } of inputs) {
    if (shapes.has(name)) throw new ParamsError(`network: inputs must have names of their own, "${name}" is there twice`);
    shapes.set(name, shape);
  }
  let last: string | undefined = inputs.length === 1 ? inputs[0]!.name : undefined;
  const counts = new Map<string, number>();
  const trained = new Set<string>();
  const add = (place: string, layer: Layer, given: string | undefined): GraphNode => {
    const count = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, count);
    const name = given ?? `${layer.kind}_${count}`;
    if (shapes.has(name)) throw new ParamsError(`network: ${place} must have a name of its own, got "${name}" again`);
    const from = sources(place, layer.from, last, shapes);
    if (layer.kind === "embedding" && !inputs.some((input) => input.name === from[0]))
      throw new ParamsError(`network: ${place} must take its codes from an input, got "${from[0]}"`);
    const [shape, own] = measure(
      place,
      layer,
      from.map((each) => shapes.get(each)!),
    );
    shapes.set(name, shape);
    const isFirst = !from.some((each) => trained.has(each));
    if (own.length > 0 || !isFirst) trained.add(name);
    const first = weights.length;
    weights.push(...own.map((weight) => ({ ...weight, name: `${name}/${weight.name}` })));
    return { name, layer, from, shape, shapeIn: shapes.get(from[0]!)!, weights: own.map((_, k) => first + k), isFirst };
  };
  const nodes = layers.map((layer, k) => {
    const node = add(`layers.${k} (${layer.kind})`, layer, layer.name);
    last = node.name;
    return node;
  });
  const ends = heads.map(({ name, units, from }) => {
    const end: Layer = { kind: "dense", units, activation: "linear", useBias: true, ...(from && { from: from as string }) };
    return add(`output ${name}`, end, `${name}/head`);
  });
  return { inputs, nodes, heads: ends, weights };
}

function sources(
  place: string,
  from: string | readonly string[] | undefined,
  last: string | undefined,
  shapes: ReadonlyMap<string, RowShape>,
): string[] {
  const names = from === undefined ? (last === undefined ? [] : [last]) : [from].flat();
  if (names.length === 0)
    throw new ParamsError(`network: ${place} must say { from }, there are the inputs ${[...shapes.keys()].join(", ")}`);
  for (const name of names)
    if (!shapes.has(name))
      throw new ParamsError(
        `network: ${place} takes from "${name}", which is no input and no layer before it${suggest(name, [...shapes.keys()])}`,
      );
  return names;
}
