import type { ServiceError } from "@grpc/grpc-js";
import { AuthError, DataError, PermissionError, StoreError } from "assay";

/** gRPC's numbers of what may go wrong. */
const status = {
  cancelled: 1,
  deadline: 4,
  permission: 7,
  exhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
};

/** What hints follow the classes of errors that say little of a remedy. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^PATH_NOT_FOUND/, "the machines of the Spark must see it under this path"],
  [/^TABLE_OR_VIEW_NOT_FOUND/, "files are a table as parquet.`/data/trips.parquet`"],
];

/** What follows what gRPC says of a server that does not answer, where that tells the reason. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, "nothing listens there"],
  [/Name resolution failed|ENOTFOUND/, "its name is not known"],
  [/wrong version number/, "it does not speak TLS: leave use_ssl=true away"],
  [/certificate/i, "its certificate is not trusted: NODE_EXTRA_CA_CERTS names that of your own CA"],
  [
    /Protocol error|ECONNRESET|socket hang up|Connection dropped|http2/i,
    "what listens there is no Spark Connect server, or it wants TLS",
  ],
];

/** Whether an error of gRPC says that the server went away or the connection broke: then the same may be asked again. */
export function isTransient(error: unknown): boolean {
  const { code, details = "" } = error as Partial<ServiceError>;
  return code === status.unavailable || code === status.deadline || details.includes("INVALID_CURSOR.DISCONNECTED");
}

/** Whether the server does not know an operation: it never arrived, or is over. */
export function isUnknownOperation(error: unknown): boolean {
  return /INVALID_HANDLE\.(OPERATION|SESSION)_NOT_FOUND/.test((error as Partial<ServiceError>).details ?? "");
}

/** An error of gRPC in our words: what the query did is a DataError with Spark's own message, a server that is away a StoreError. */
export function sparkError(cause: unknown, address: string): unknown {
  const { code, details } = cause as Partial<ServiceError>;
  if (code === undefined || details === undefined) return cause;
  const said = plainWords(details);
  if (code === status.unavailable || code === status.deadline) {
    const reason = reasons.find(([which]) => which.test(said))?.[1];
    return new StoreError(
      `spark: the server at ${address} does not answer: ${reason === undefined ? "" : `${reason}: `}${said}; what was written whole is kept, run it again`,
      { cause },
    );
  }
  if (code === status.unauthenticated)
    return new AuthError(`spark: the server at ${address} does not take the token of SPARK_REMOTE (;token=…): ${said}`, {
      cause,
    });
  if (code === status.permission) return new PermissionError(`spark: the server at ${address} refuses: ${said}`, { cause });
  if (code === status.unimplemented)
    return new StoreError(`spark: the server at ${address} does not know this request, it needs Spark 4.0 or newer: ${said}`, {
      cause,
    });
  const [, name = ""] = /^\[([A-Z0-9_.]+)\]/.exec(said) ?? [];
  if (/^INVALID_HANDLE\.(SESSION|OPERATION)/.test(name))
    return new StoreError(
      `spark: the server at ${address} began anew and lost this session: what was written whole is kept, run it again`,
      {
        cause,
      },
    );
  if (code === status.cancelled || name === "OPERATION_CANCELED")
    return new StoreError(`spark: the server at ${address} ended the query: ${said}`, { cause });
  if (code === status.exhausted || /OutOfMemory|No space left|SparkOutOfMemory|CANNOT_ACQUIRE_MEMORY/i.test(details))
    return new StoreError(`spark: the server at ${address} is short of memory or disk: ${said}`, { cause });
  if (/StackOverflow|Boxed Exception/.test(details))
    return new StoreError(
      `spark: the Java of the server at ${address} failed, as it does where a plan is deeper than its stack: ${said}; its log says more, -Xss8m among its --driver-java-options makes room`,
      { cause },
    );
  const hint = hints.find(([which]) => which.test(name))?.[1];
  return new DataError(`engine: ${said}${hint === undefined ? "" : `: ${hint}`}`, { cause });
}

/** The first line that says something, without what gRPC adds and leaves empty. */
function plainWords(details: string): string {
  const line = details.split("\n").find((each) => each.trim() !== "") ?? "it gave no reason";
  return line
    .replace(/^No connection established\. Last error: (Error: )?/, "")
    .replace(/\.? Resolution note:\s*$/, "")
    .trim();
}
