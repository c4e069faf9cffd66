/** Every error that Assay throws on purpose. The HTTP service maps each class to one status. */

/** A parameter of an estimator, function or request is unknown or out of range. HTTP 400. */
export class ParamsError extends Error {
  override readonly name: string = "ParamsError";
}

/** Sizes of arrays, rows or columns do not fit each other. HTTP 400. */
export class ShapeError extends Error {
  override readonly name: string = "ShapeError";
}

/** The data cannot be used as it is: text where numbers are asked, missing values, a bad line. HTTP 422. */
export class DataError extends Error {
  override readonly name: string = "DataError";
}

/** The caller is not known: no session, no token, or a wrong one. HTTP 401. */
export class AuthError extends Error {
  override readonly name: string = "AuthError";
}

/** The caller is known and may not do this. HTTP 403. */
export class PermissionError extends Error {
  override readonly name: string = "PermissionError";
}

/** The named thing does not exist, or not for this caller. HTTP 404. */
export class NotFoundError extends Error {
  override readonly name: string = "NotFoundError";
}

/** The request contradicts the state that is there: a name is taken, a run has ended. HTTP 409. */
export class ConflictError extends Error {
  override readonly name: string = "ConflictError";
}

/** More than a stated bound: bytes, rows, memory. HTTP 413. */
export class LimitError extends Error {
  override readonly name: string = "LimitError";
}

/** Too many requests in a time. HTTP 429. */
export class RateError extends Error {
  override readonly name: string = "RateError";
}

/** Storage failed or holds something that cannot be read: disk, database, model file. HTTP 503. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
}

const classes: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
  ParamsError,
  ShapeError,
  DataError,
  AuthError,
  PermissionError,
  NotFoundError,
  ConflictError,
  LimitError,
  RateError,
  StoreError,
  RangeError,
  TypeError,
};

/**
 * The same error with the stack of who asked for the work: one from another thread knows only the calls of its own. Those stand before it where the
 * error is none that is thrown on purpose, for then they say where it broke.
 */
export function askedBy(asker: Error, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const calls = asker.stack?.split("\n    at ").slice(1) ?? [];
  const isMeant = Object.hasOwn(classes, error.name) && !(error.name in globalThis);
  const head = isMeant ? `${error.name}: ${error.message}` : error.stack;
  error.stack = [head, ...calls].join("\n    at ");
  return error;
}

/** An error that crossed a thread or the network, as its own class again; its stack is the one of where it was thrown. */
export function reviveError(plain: {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}): Error {
  if (plain.name === "AbortError") return new DOMException(plain.message, "AbortError");
  const error = new (classes[plain.name] ?? Error)(plain.message);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
