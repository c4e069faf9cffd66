import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-core";
import { StoreError } from "../../base/errors.ts";
import type { TensorFlow } from "./backend.ts";
import {
  type GraphConstant,
  type GraphOperation,
  type GraphPlace,
  type OperationAttribute,
  savedModel,
} from "./graph-definition.ts";

/** What TensorFlow knows about a tensor of its own. */
interface Metadata {
  readonly id: number;
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** tfjs-node's addon. */
interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Numbers): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Numbers;
  executeOp(name: string, attributes: readonly OperationAttribute[], inputs: readonly number[], outputs: number): Metadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): Metadata[];
}

interface NativeBackend {
  binding: Binding;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
}

/** Work that was recorded once and that TensorFlow runs as one graph: its own threads, its own memory, one call. */
export interface Program {
  /** The answers for other numbers in the places of those that were given when it was recorded, in the same order. */
  run(given: readonly Float32Array[]): Float32Array[];
  /** Frees what TensorFlow holds for it. */
  close(): void;
}

/**
 * Does some work on the native backend and records its operations. `given` holds the numbers that another run brings anew, each the very array that a
 * tensor was made of; the work may add to it as it goes. The answers' numbers come back with the program, which is undefined where the work looked at
 * numbers in the middle, so that it may go another way the next time.
 */
export function recordProgram(
  tf: TensorFlow,
  given: readonly Float32Array[],
  work: () => readonly Tensor[],
): { readonly answers: Float32Array[]; readonly program: Program | undefined } {
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const recording = new Recording(binding, given);
  tf.engine().startScope();
  try {
    backend.binding = recording.binding;
    const tensors = work();
    const ids = backend.getInputTensorIds(tensors);
    backend.binding = binding;
    const program = recording.isBroken ? undefined : openProgram(binding, recording, ids);
    return { answers: ids.map((id) => binding.tensorDataSync(id) as Float32Array), program };
  } finally {
    backend.binding = binding;
    tf.engine().endScope();
  }
}

/** What goes through the addon while work is done. */
class Recording {
  readonly places: (GraphPlace & { readonly order: number })[] = [];
  readonly constants: GraphConstant[] = [];
  readonly operations: GraphOperation[] = [];
  /** The addon's number of a tensor → its name in the graph. */
  readonly names = new Map<number, string>();
  readonly binding: Binding;
  isBroken = false;

  constructor(addon: Binding, given: readonly Float32Array[]) {
    this.binding = Object.create(addon, {
      createTensor: { value: this.create(addon, given) },
      executeOp: { value: this.execute(addon) },
      tensorDataSync: { value: (id: number) => this.look(addon, id) },
    });
  }

  private create(addon: Binding, given: readonly Float32Array[]): Binding["createTensor"] {
    return (shape, dtype, values) => {
      const id = addon.createTensor(shape, dtype, values);
      const order = given.indexOf(values as Float32Array);
      const name = order < 0 ? `constant_${this.constants.length}` : `given_${order}`;
      this.names.set(id, name);
      if (order < 0) {
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        this.constants.push({ name, dtype, shape: [...shape], values: bytes.slice() });
      } else if (!this.places.some((place) => place.order === order)) this.places.push({ name, dtype, shape: [...shape], order });
      return id;
    };
  }

  private execute(addon: Binding): Binding["executeOp"] {
    return (operation, attributes, inputs, outputs) => {
      const answers = addon.executeOp(operation, attributes, inputs, outputs);
      const name = `operation_${this.operations.length}`;
      const named = inputs.map((id) => this.names.get(id));
      if (named.some((each) => each === undefined)) this.isBroken = true;
      this.operations.push({ name, operation, inputs: named as string[], attributes });
      for (const [k, { id }] of answers.entries()) this.names.set(id, k === 0 ? name : `${name}:${k}`);
      return answers;
    };
  }

  private look(addon: Binding, id: number): Numbers {
    this.isBroken = true;
    return addon.tensorDataSync(id);
  }
}

function openProgram(binding: Binding, { places, constants, operations, names }: Recording, answers: readonly number[]): Program {
  const model = load(binding, savedModel({ places, constants, operations }));
  const wanted = answers.map((id) => names.get(id)!).map((name) => (name.includes(":") ? name : `${name}:0`));
  const inputNames = places.map(({ name }) => `${name}:0`).join(",");
  return {
    run(given) {
      const inputs = places.map(({ shape, dtype, order }) => binding.createTensor(shape, dtype, given[order]!));
      try {
        const outputs = binding.runSavedModel(model, inputs, inputNames, wanted.join(","));
        const numbers = outputs.map(({ id }) => binding.tensorDataSync(id) as Float32Array);
        for (const { id } of outputs) binding.deleteTensor(id);
        return numbers;
      } finally {
        for (const id of inputs) binding.deleteTensor(id);
      }
    },
    close: () => binding.deleteSavedModel(model),
  };
}

/** TensorFlow takes a graph from a folder only; the folder goes when it has read it. */
function load(binding: Binding, graph: Uint8Array): number {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "assay-graph-"));
  } catch (cause) {
    throw new StoreError(`network: needs a folder in ${tmpdir()} to hand TensorFlow its graph`, { cause });
  }
  try {
    writeFileSync(join(folder, "saved_model.pb"), graph);
    return binding.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
