import { ParamsError, suggest } from "assay";

/** Where a Spark Connect server is, and who asks: a connection string, taken apart. */
export interface SparkRemote {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
  readonly token: string | undefined;
  readonly userId: string;
  readonly userAgent: string;
  /** A session to join; undefined for one of its own. */
  readonly sessionId: string | undefined;
  /** Sent with every request: the parameters whose names begin with x-. */
  readonly headers: Readonly<Record<string, string>>;
}

const usualPort = 15002;
const known = ["token", "use_ssl", "user_id", "user_agent", "session_id"];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Takes a connection string apart, as Spark's own clients do: `sc://host:port/;token=…;use_ssl=true;user_id=…`, port 15002 unless another
 * is said. A token makes the connection encrypted, but for a server of this machine. Throws ParamsError, which does not tell the token.
 */
export function parseRemote(text: string): SparkRemote {
  const [, authority, parameters = ""] = /^sc:\/\/([^/;]+)(?:\/;?(.*))?$/s.exec(text.trim()) ?? [];
  if (authority === undefined)
    throw new ParamsError(`SPARK_REMOTE: must be sc://host:port/;name=value;…, got ${JSON.stringify(withoutToken(text))}`);
  const [, host, digits] = /^(\[[0-9a-f:.]+\]|[^:[\]@\s]+)(?::(\d+))?$/i.exec(authority) ?? [];
  const port = Number(digits ?? usualPort);
  if (host === undefined || port < 1 || port > 65_535)
    throw new ParamsError(`SPARK_REMOTE: must name host:port with a port of 1 to 65535, got ${authority}`);
  const given = new Map(parameters.split(";").filter(Boolean).map(pair));
  for (const name of given.keys())
    if (!known.includes(name) && !/^x-/i.test(name))
      throw new ParamsError(`SPARK_REMOTE: no parameter ${JSON.stringify(name)}${suggest(name, known)}`);
  for (const [name, value] of given)
    if (isHeader(name) && /[^\x20-\x7e]/.test(value))
      throw new ParamsError(
        `SPARK_REMOTE: ${name} must be of printable ASCII characters, got ${name === "token" ? "others" : JSON.stringify(value)}`,
      );
  const sessionId = given.get("session_id");
  if (sessionId !== undefined && !uuid.test(sessionId))
    throw new ParamsError(`SPARK_REMOTE: session_id must be a UUID, got ${JSON.stringify(sessionId)}`);
  const ssl = given.get("use_ssl")?.toLowerCase();
  if (ssl !== undefined && ssl !== "true" && ssl !== "false")
    throw new ParamsError(`SPARK_REMOTE: use_ssl must be true or false, got ${JSON.stringify(ssl)}`);
  const token = given.get("token");
  const isHere = loopback.test(host);
  if (token !== undefined && ssl === "false" && !isHere)
    throw new ParamsError(`SPARK_REMOTE: a token does not go to ${host} in the clear: leave use_ssl=false away`);
  return {
    ...{ host, port, token },
    tls: ssl === undefined ? token !== undefined && !isHere : ssl === "true",
    userId: given.get("user_id") ?? process.env["SPARK_USER"] ?? "assay",
    userAgent: given.get("user_agent") ?? "assay",
    sessionId,
    headers: Object.fromEntries([...given].filter(([name]) => !known.includes(name))),
  };
}

/** Whether a parameter goes as a header of HTTP. */
function isHeader(name: string): boolean {
  return name === "token" || name === "user_agent" || !known.includes(name);
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new ParamsError(`SPARK_REMOTE: parameters are name=value, got ${JSON.stringify(withoutToken(text))}`);
  return [text.slice(0, at), decoded(text.slice(at + 1))];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new ParamsError("SPARK_REMOTE: a value holds a % that begins no percent code: % itself is written %25");
  }
}

function withoutToken(text: string): string {
  return text.replace(/token=[^;]*/g, "token=…");
}
