import { isIP } from "node:net";
import { hostname } from "node:os";
import { ParamsError, PermissionError } from "assay";
import { numberSetting } from "../number-setting.ts";
import { isFresh, type Session } from "../projects/index.ts";
import type { GuardOptions } from "./guard.ts";

/** Where the service listens: a unix socket, or a port with sign-in. */
export interface ServeOptions {
  readonly socket?: string | undefined;
  readonly port?: number | undefined;
  /** Default ASSAY_HOST, else 127.0.0.1. */
  readonly host?: string | undefined;
}

/** Where it listens, and whom it knows. */
interface Reach {
  readonly listen: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly guard: GuardOptions;
}

const defaultPort = 8790;

/** What options and environment say. Throws ParamsError. */
export function reachOf({ socket, port, host }: ServeOptions, env: NodeJS.ProcessEnv = process.env): Reach {
  if (socket !== undefined) return { listen: { path: socket }, guard: {} };
  const wanted = port ?? numberSetting("ASSAY_PORT", env) ?? defaultPort;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
    throw new ParamsError(`serve: the port must be a whole number from 0 to 65535, got ${wanted}`);
  const origins = listOf(env["ASSAY_ALLOWED_ORIGINS"]).map(checkOrigin);
  const at = host || env["ASSAY_HOST"] || "127.0.0.1";
  return {
    listen: { host: at, port: wanted },
    guard: {
      signIn: true,
      token: env["ASSAY_TOKEN"] || undefined,
      origins,
      hosts: ["localhost", hostname().toLowerCase(), at, ...origins.map((origin) => new URL(origin).hostname)],
      trustedProxies: listOf(env["ASSAY_TRUSTED_PROXIES"]).map(checkProxy),
    },
  };
}

/** Throws PermissionError where the service would be reached from elsewhere before anybody can sign in. */
export async function checkReach({ listen }: Reach, { db }: Session, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if ("path" in listen || /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(listen.host)) return;
  if (env["JUPYTERHUB_API_URL"] || !(await isFresh(db))) return;
  throw new PermissionError(
    `serve: to listen on ${listen.host} there must be people who can sign in: first do "assay user add NAME --admin"`,
  );
}

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function checkOrigin(given: string): string {
  try {
    const { origin, protocol } = new URL(given);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {}
  throw new ParamsError(`ASSAY_ALLOWED_ORIGINS: must be origins as https://app.example.org, with commas between, got ${given}`);
}

/** An address, or a range of them as 10.0.0.0/8. */
function checkProxy(given: string): string {
  const [address = "", bits, ...more] = given.split("/");
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  if (width > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width))) return given;
  throw new ParamsError(`ASSAY_TRUSTED_PROXIES: must be addresses as 10.0.0.7 or 10.0.0.0/8, with commas between, got ${given}`);
}
