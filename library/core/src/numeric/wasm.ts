import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { LimitError } from "../base/errors.ts";

/** A place in a kernel memory, in bytes. */
export type Pointer = number;

/** A memory that kernels work on and threads share: a `WebAssembly.Memory`. */
export interface KernelMemory {
  readonly buffer: SharedArrayBuffer;
}

// TypeScript declares WebAssembly with the browser only
const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
interface WasmApi {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => KernelMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const pageBytes = 65_536;
/** A 32-bit memory ends here. */
const mostBytes = 65_536 * pageBytes;

let compiled: object | undefined;

/**
 * The kernels of `library/core/assembly` over a memory, typed by whoever calls them: `kernels<SortKernels>(memory)`. Compiled once a
 * thread (some 10 ms); an instance for another memory takes 0.1 ms.
 */
export function kernels<K extends object>(memory: KernelMemory): K {
  // "#kernels" is the same file seen from the sources and from the bundle
  compiled ??= new Module(readFileSync(createRequire(import.meta.url).resolve("#kernels")));
  return new Instance(compiled, { env: { memory } }).exports as K;
}

/** Reserves places in a memory that is yet to be opened: sizes first, then one memory of exactly that size. */
export class Layout {
  /** Bytes reserved so far; the first kilobyte stays free, so that no place is 0. */
  sizeBytes = 1024;

  /** A place for `bytes` bytes, on a cache line of its own. */
  reserve(bytes: number): Pointer {
    const place = this.sizeBytes;
    this.sizeBytes = Math.ceil((place + bytes) / 128) * 128;
    return place;
  }
}

/**
 * A shared memory of a layout's size, zeroed. Throws LimitError beyond 4 GiB or when the machine has no more; where `rows` is given, with
 * the number of rows that would fit.
 */
export function openMemory(who: string, { sizeBytes }: Layout, rows?: number): KernelMemory {
  const pages = Math.ceil(sizeBytes / pageBytes);
  const gib = (sizeBytes / 2 ** 30).toFixed(1);
  if (sizeBytes > mostBytes) {
    const hint =
      rows === undefined ? "" : `; about ${Math.floor(rows * (mostBytes / sizeBytes) * 0.98).toLocaleString("en")} rows fit`;
    throw new LimitError(`${who}: needs ${gib} GiB of kernel memory, at most 4 GiB can be had${hint}`);
  }
  try {
    return new Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new LimitError(`${who}: the machine has no ${gib} GiB of memory left for it`, { cause });
  }
}
