import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type * as Core from "@tensorflow/tfjs-core";
import type * as LayersModule from "@tensorflow/tfjs-layers";
import { StoreError } from "../../base/errors.ts";
import { nodeModule } from "../../base/node-module.ts";
import { registerCpuGradients } from "./cpu-gradients.ts";
import { registerConvolutionGradient } from "./fused-convolution.ts";
import { registerNativeGradients } from "./native-gradients.ts";
import { registerWasmGradients } from "./wasm-gradients.ts";

/** TensorFlow.js's core, as its own module says it. */
export type TensorFlow = typeof Core;

/** TensorFlow.js's layers, as their own module says it. */
export type Layers = typeof LayersModule;

/** What computes: TensorFlow itself, its kernels in WebAssembly, or plain JavaScript. */
export type Backend = "native" | "wasm" | "cpu";

/** A backend that is open in this thread. */
export interface OpenBackend {
  readonly tf: TensorFlow;
  readonly backend: Backend;
}

const requireHere = createRequire(import.meta.url);

/** The parts that networks use, in one file of this package (`parts.cjs`): as packages of their own they are 95 MB, of which 3 are read. */
interface Parts {
  core(): TensorFlow;
  layers(): Layers;
  cpu(): unknown;
  wasm(): {
    readonly BackendWasm: new (module: Emscripten) => Core.KernelBackend;
    setThreadsCount(count: number): void;
  };
  emscripten(): (module: Emscripten) => void;
}
const openParts = (): Parts => requireHere("#tensorflow");

const opened = new Map<Backend, TensorFlow>();
let first: Backend | undefined;
/** TensorFlow.js's own names. */
const names: Readonly<Record<Backend, string>> = { native: "tensorflow", wasm: "wasm", cpu: "cpu" };

/** Where `assay native` puts the addon: a folder of ASSAY_HOME, so that a new `npm ci` leaves it. */
export function nativeFolder(): string {
  const share = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share");
  const home = process.env["ASSAY_HOME"] ?? (process.getuid?.() === 0 ? "/var/lib/assay" : join(share, "assay"));
  return join(home, "native");
}

/** The built addon and the tfjs-node package that it belongs to; undefined where one of them is not there. */
function findNative(): { readonly addon: string; readonly index: string } | undefined {
  const own = join(nativeFolder(), "node_modules/@tensorflow/tfjs-node/package.json");
  const index = existsSync(own) ? own : findPackage();
  if (!index) return undefined;
  const addon = [nativeFolder(), dirname(index)]
    .map((folder) => join(folder, "lib/napi-v8/tfjs_binding.node"))
    .find((file) => existsSync(file));
  return addon === undefined ? undefined : { addon, index };
}

function findPackage(): string | undefined {
  try {
    return requireHere.resolve("@tensorflow/tfjs-node/package.json");
  } catch {
    return undefined; // an optional peer
  }
}

/** The backend that "auto" means here: the fastest that is there, as docs/networks.md has measured it. Costs two looks at the disk. */
export function chooseBackend(): Backend {
  return findNative() ? "native" : "wasm";
}

let isAnnounced = false;

/** Says once in a process what networks are computed with, as a warning of the process that a program may listen to. */
export function announceBackend(wanted: Backend | "auto"): void {
  if (isAnnounced) return;
  isAnnounced = true;
  const backend = wanted === "auto" ? chooseBackend() : wanted;
  prepareTensorFlow(); // here, for a worker thread cannot change what the addon sees of the environment
  const remedy = backend === "native" ? "" : `; "assay native" builds TensorFlow's own addon, which is faster`;
  process.emitWarning(`networks are computed by TensorFlow.js on ${backend}${remedy}`, {
    type: "AssayNotice",
    code: "ASSAY_BACKEND",
  });
}

/**
 * Opens TensorFlow.js in this thread, at once and without a promise, so that fits and predictions stay plain functions. The first choice holds for
 * the thread: `auto` takes the native addon where it is built, else WASM. Throws StoreError where the wanted one is not there.
 */
export function openTensorFlow(wanted: Backend | "auto" = "auto"): OpenBackend {
  const backend = wanted === "auto" ? (first ?? chooseBackend()) : wanted;
  first ??= backend;
  let tf = opened.get(backend);
  if (!tf) {
    tf = backend === "native" ? openNative() : backend === "wasm" ? openWasm() : openCpu();
    tf.enableProdMode(); // no advice on the console
    opened.set(backend, tf);
  }
  if (tf.getBackend() !== names[backend]) void tf.setBackend(names[backend]); // at once: the factories give no promise
  return { tf, backend };
}

/** TensorFlow.js's layers beside a backend that is open: the native package brings its own. */
export function openLayers({ backend }: Pick<OpenBackend, "backend">): Layers {
  return backend === "native" ? createRequire(findNative()!.index)("@tensorflow/tfjs-layers") : openParts().layers();
}

/** The package's own module, from where it lies: an addon elsewhere brings a core of its own. */
function openNative(): TensorFlow {
  const found = findNative();
  if (!found) throw new StoreError(`network: the native backend is not built: run "assay native", or take backend: "wasm"`);
  prepareTensorFlow();
  // tfjs-node 4.22 asks for two functions that Node 23 has taken out
  const missing = { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray };
  const util = nodeModule("node:util");
  for (const [name, work] of Object.entries(missing)) if (!(name in util)) Object.assign(util, { [name]: work });
  const requireThere = createRequire(found.index);
  const tf = requireThere("@tensorflow/tfjs-core") as TensorFlow;
  requireThere("./dist/register_all_kernels");
  const { NodeJSKernelBackend } = requireThere("./dist/nodejs_kernel_backend");
  tf.registerBackend("tensorflow", () => new NodeJSKernelBackend(requireThere(found.addon), "tfjs-node"), 3);
  void tf.setBackend("tensorflow");
  registerConvolutionGradient(tf);
  registerNativeGradients(tf);
  return tf;
}

/** What TensorFlow reads of the environment when it is loaded: no talk on the error output, and oneDNN's kernels, which it takes by itself on some processors only. */
function prepareTensorFlow(): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "1";
}

function openCpu(): TensorFlow {
  const parts = openParts();
  const tf = parts.core();
  parts.layers();
  parts.cpu();
  void tf.setBackend("cpu");
  registerConvolutionGradient(tf);
  registerCpuGradients(tf);
  return tf;
}

/** The package initialises itself behind a promise; its parts can be put together at once. */
function openWasm(): TensorFlow {
  const parts = openParts();
  const tf = parts.core();
  parts.layers();
  const { BackendWasm, setThreadsCount } = parts.wasm();
  setThreadsCount(1);
  const emscripten = openEmscripten(parts);
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", () => new BackendWasm(emscripten), 2);
  void tf.setBackend("wasm");
  registerConvolutionGradient(tf);
  registerWasmGradients(tf);
  return tf;
}

// TypeScript declares WebAssembly with the browser only
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface Emscripten {
  cwrap(name: string, answer: string | null, given: readonly string[]): unknown;
  tfjs?: Readonly<Record<string, unknown>>;
}

function openEmscripten(parts: Parts): Emscripten {
  const binary = readFileSync(requireHere.resolve("#tensorflow-kernels"));
  const emscripten = {
    instantiateWasm(imports: object, receive: (instance: object) => void): object {
      const instance = new Instance(new Module(binary), imports);
      receive(instance);
      return instance.exports;
    },
  } as unknown as Emscripten;
  const listeners = process.listeners("uncaughtException");
  const rejections = process.listeners("unhandledRejection");
  parts.emscripten()(emscripten);
  // Emscripten would end the process at any error that nobody caught
  for (const added of process.listeners("uncaughtException"))
    if (!listeners.includes(added)) process.off("uncaughtException", added);
  for (const added of process.listeners("unhandledRejection"))
    if (!rejections.includes(added)) process.off("unhandledRejection", added);
  emscripten.tfjs = {
    init: emscripten.cwrap("init", null, []),
    initWithThreadsCount: emscripten.cwrap("init_with_threads_count", null, ["number"]),
    getThreadsCount: emscripten.cwrap("get_threads_count", "number", []),
    registerTensor: emscripten.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: emscripten.cwrap("dispose_data", null, ["number"]),
    dispose: emscripten.cwrap("dispose", null, []),
  };
  return emscripten;
}
