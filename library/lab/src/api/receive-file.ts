import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { MultipartFile } from "@fastify/multipart";
import { LimitError, ParamsError } from "assay";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { explain, type Store } from "../db/store.ts";
import { refuseOddValues } from "./odd-values.ts";

/** A file that was sent as multipart, with the fields before it. */
export interface ReceivedFile<F> {
  /** Where it lies until `use` has ended. */
  readonly path: string;
  readonly name: string;
  readonly contentType: string;
  readonly fields: F;
}

/** Who speaks in errors, where the file lies, and which fields the form may have; an empty field counts as none. */
export interface ReceiveOptions<F> {
  readonly who: string;
  readonly store: Store;
  readonly fields: z.ZodType<F>;
}

/**
 * Streams the file of a form to disk, has it used, and removes it. Throws ParamsError for a form that is not whole or has no file,
 * LimitError for a file of more than 2 GiB, StoreError when the disk is full.
 */
export async function receiveFile<F, T>(
  request: FastifyRequest,
  { who, store, fields }: ReceiveOptions<F>,
  use: (file: ReceivedFile<F>) => Promise<T>,
): Promise<T> {
  const path = await store.temporary();
  try {
    const part = await request.file().catch((cause: Error & { statusCode?: number }) => {
      throw cause.statusCode === undefined ? notWhole(who, cause) : cause;
    });
    if (!part) throw new ParamsError(`${who}: needs a file in the field \`file\``);
    await pipeline(part.file, createWriteStream(path, { flags: "wx", mode: 0o600 })).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === undefined ? notWhole(who, cause) : explain(cause, store.folder);
    });
    if (part.file.truncated) throw new LimitError(`${who}: the file has more than 2 GiB`);
    refuseOddValues({ file: part.filename });
    return await use({ path, name: part.filename, contentType: part.mimetype, fields: readFields(who, fields, textsOf(part)) });
  } finally {
    await rm(path, { force: true });
  }
}

function notWhole(who: string, cause: Error): ParamsError {
  return new ParamsError(`${who}: the form did not come whole: ${cause.message}`, { cause });
}

function readFields<F>(who: string, schema: z.ZodType<F>, texts: Record<string, string>): F {
  refuseOddValues(texts);
  const { success, data, error } = schema.safeParse(texts);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  throw Object.assign(new ParamsError(`${who}: ${path.join(".")}: ${message}`), { field: path.join(".") });
}

function textsOf({ fields }: MultipartFile): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const { value } = (field ?? {}) as { readonly value?: unknown };
      return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
    }),
  );
}
