import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { loadModel, type PredictorModel, StoreError } from "assay";
import type { Store } from "../db/store.ts";
import { memoryBytes } from "../memory-bytes.ts";

/** Reads a model's file. Throws StoreError when its bytes are not those that were registered, or are no model. */
export async function readModelFile(
  store: Pick<Store, "fetch">,
  file: string,
  hash: string,
): Promise<{ model: PredictorModel; bytes: number }> {
  const path = await store.fetch(file);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new StoreError(`model: the file ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== hash)
    throw new StoreError(
      `model: the file ${file} was changed: its hash is ${found.slice(0, 12)}…, registered was ${hash.slice(0, 12)}…`,
    );
  return { model: await loadModel<PredictorModel>(bytes), bytes: bytes.length };
}

/** Models in memory by content hash, loaded once; the longest unused make room beyond so many bytes of files. The newest always stays. */
export class ModelCache {
  readonly #most: number;
  readonly #models = new Map<string, { readonly model: PredictorModel; readonly bytes: number }>();
  readonly #loading = new Map<string, Promise<PredictorModel>>();
  #bytes = 0;

  constructor(mostBytes = Math.min(2 ** 31, memoryBytes() / 8)) {
    this.#most = mostBytes;
  }

  /** Bytes of the files whose models are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A model that is here. */
  peek(hash: string): PredictorModel | undefined {
    const kept = this.#models.get(hash);
    if (!kept) return undefined;
    this.#models.delete(hash);
    this.#models.set(hash, kept);
    return kept.model;
  }

  /** A model, loaded where it is not here; many who ask at once share one loading. Throws StoreError. */
  async load(store: Pick<Store, "fetch">, file: string, hash: string): Promise<PredictorModel> {
    const there = this.peek(hash);
    if (there) return there;
    let loading = this.#loading.get(hash);
    if (!loading) {
      loading = readModelFile(store, file, hash)
        .then((read) => this.#keep(hash, read))
        .finally(() => this.#loading.delete(hash));
      this.#loading.set(hash, loading);
    }
    return loading;
  }

  #keep(hash: string, read: { model: PredictorModel; bytes: number }): PredictorModel {
    this.#models.set(hash, read);
    this.#bytes += read.bytes;
    for (const [other, { bytes }] of this.#models) {
      if (this.#bytes <= this.#most || other === hash) break;
      this.#models.delete(other);
      this.#bytes -= bytes;
    }
    return read.model;
  }
}
