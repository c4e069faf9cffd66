import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { MultipartFile, MultipartValue } from "@fastify/multipart";
import { LimitError, ParamsError } from "assay";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { requireSpace } from "../db/disk.ts";
import { explain, type Store } from "../db/store.ts";
import type { Session } from "../projects/session.ts";
import { refuseOddValues } from "./odd-values.ts";
import { everywhere, refuseUnknownKeys } from "./unknown-keys.ts";

/** A file that was sent as multipart, with the fields beside it. */
interface ReceivedFile<F> {
  /** Where it lies until `use` has ended. */
  readonly path: string;
  readonly name: string;
  readonly contentType: string;
  readonly fields: F;
  /** The caller in the project that the form or the query names. */
  readonly session: Session;
}

/** Who speaks in errors, where the file lies, and which fields the form may have; an empty field counts as none. */
interface ReceiveOptions<F> {
  readonly who: string;
  readonly store: Store;
  readonly fields: z.ZodObject & z.ZodType<F>;
}

/**
 * Streams the file of a form to disk, has it used, and removes it. Throws ParamsError for a form that is not whole or has no file,
 * LimitError for a file of more than 2 GiB, StoreError when the disk is full, or would be.
 */
export async function receiveFile<F, T>(
  request: FastifyRequest,
  { who, store, fields }: ReceiveOptions<F>,
  use: (file: ReceivedFile<F>) => Promise<T>,
): Promise<T> {
  requireSpace(store.folder, Number(request.headers["content-length"] ?? 0), who);
  const path = await store.temporary();
  try {
    const { file, texts } = await readForm(request, who, path, store);
    refuseOddValues({ file: file.filename, ...texts });
    const read = readFields(who, fields, texts);
    const session = await request.inProject(texts);
    return await use({ path, name: file.filename, contentType: file.mimetype, fields: read, session });
  } finally {
    await rm(path, { force: true });
  }
}

interface Form {
  readonly file: MultipartFile;
  readonly texts: Readonly<Record<string, string>>;
}

/** Reads a form to its end, its file onto the disk and its fields into memory, in whatever order they come. */
async function readForm(request: FastifyRequest, who: string, path: string, { folder }: Store): Promise<Form> {
  const parts = request.parts()[Symbol.asyncIterator]();
  const next = () =>
    parts.next().catch((cause: Error & { statusCode?: number }) => {
      throw cause.statusCode === undefined ? notWhole(who, cause) : cause;
    });
  const texts = new Map<string, string>();
  let file: MultipartFile | undefined;
  for (let part = await next(); !part.done; part = await next()) {
    const { value } = part;
    if (value.type === "field") takeText(who, texts, value);
    else {
      file = value;
      await pipeline(file.file, createWriteStream(path, { flags: "wx", mode: 0o600 })).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === undefined ? notWhole(who, cause) : explain(cause, folder);
      });
      if (file.file.truncated) throw new LimitError(`${who}: the file has more than 2 GiB`);
    }
  }
  if (!file) throw new ParamsError(`${who}: needs a file in the field \`file\``);
  return { file, texts: Object.fromEntries(texts) };
}

/** Keeps a field of a form; an empty one counts as none. Throws ParamsError for one that is there twice, too long, or no text. */
function takeText(who: string, texts: Map<string, string>, { fieldname: field, value, valueTruncated }: MultipartValue): void {
  const wrong = texts.has(field)
    ? "is there twice"
    : valueTruncated
      ? "is too long"
      : typeof value === "string"
        ? ""
        : "must be text";
  if (wrong !== "")
    throw Object.assign(new ParamsError(`${who}: ${field.slice(0, 100)}: ${wrong}`), { field: field.slice(0, 100) });
  if (value !== "") texts.set(field, value as string);
}

function notWhole(who: string, cause: Error): ParamsError {
  return new ParamsError(`${who}: the form did not come whole: ${cause.message}`, { cause });
}

function readFields<F>(who: string, schema: z.ZodObject & z.ZodType<F>, texts: Record<string, string>): F {
  refuseUnknownKeys("form", texts, new Set([...Object.keys(schema.shape), ...everywhere]));
  const { success, data, error } = schema.safeParse(texts);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  throw Object.assign(new ParamsError(`${who}: ${path.join(".")}: ${message}`), { field: path.join(".") });
}
