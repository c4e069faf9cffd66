import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ParamsError } from "assay";
import { assayClient, type Client, ProblemError } from "../client/index.ts";
import { problemOf } from "../client/problem-error.ts";
import { redactText } from "../tracking/index.ts";
import { fetchWithPass, hubPass } from "./hub-pass.ts";
import { localError } from "./local-error.ts";
import { type Patience, patientFetch } from "./patient-fetch.ts";

/** Where a service is, and who asks. */
export interface ServiceOptions extends Patience {
  /** As http://127.0.0.1:8790. */
  readonly url: string;
  readonly token?: string | undefined;
  /** JUPYTERHUB_API_TOKEN of the user's server, for which the service gives a token; used where `token` is not given. */
  readonly hubToken?: string | undefined;
  /** Id of the project to work in; default the token's, else the caller's own. */
  readonly projectId?: string | undefined;
}

/** A service as the rooms of a lab ask it. */
export interface Service {
  /** Every route as a method; a refusal is thrown as the error that the call beside the database throws. */
  readonly client: Client;
  /** Streams an answered file to a path, of whatever size. */
  download(path: string, to: string): Promise<void>;
  /** The same service in another project. */
  within(projectId: string): Service;
}

/** Makes a service of its address. Asks nothing yet. Throws ParamsError for an address that is none. */
export function serviceAt({ url, token, hubToken, projectId, patienceMs }: ServiceOptions): Service {
  const address = checkAddress(url);
  const patient = patientFetch(address, patienceMs === undefined ? {} : { patienceMs });
  const isOfHub = token === undefined && hubToken !== undefined;
  const send = isOfHub ? fetchWithPass(patient, hubPass(new URL(address), hubToken)) : patient;
  const make = (project: string | undefined): Service => {
    const options = { url: address, fetch: send, retries: 5 };
    const client = assayClient({
      ...options,
      ...(token !== undefined && { token }),
      ...(project !== undefined && { projectId: project }),
    });
    return {
      client: withLocalErrors(client),
      async download(path, to) {
        const headers = { "x-assay": "1", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
        const place = new URL(address + path);
        if (project !== undefined) place.searchParams.set("project_id", project);
        const answer = await send(place.href, { headers });
        if (!answer.ok) throw localError(new ProblemError(await problemOf(answer)));
        await pipeline(Readable.fromWeb(answer.body! as never), createWriteStream(to, { mode: 0o600 }));
      },
      within: make,
    };
  };
  return make(projectId);
}

function checkAddress(url: string): string {
  const { protocol, username, password } = URL.parse(url) ?? { protocol: "" };
  if (protocol !== "http:" && protocol !== "https:") {
    const got = JSON.stringify(redactText(url).slice(0, 200));
    throw new ParamsError(`connect: url must be an address as http://127.0.0.1:8790, got ${got}`);
  }
  if (username || password) throw new ParamsError("connect: url must hold no user name and password: give the token as token");
  return url.replace(/\/+$/, "");
}

/** The same methods; streams of events are as they were. */
function withLocalErrors(client: Client): Client {
  type Verb = (...args: unknown[]) => unknown;
  const wrap =
    (verb: Verb): Verb =>
    (...args) => {
      const answered = verb(...args);
      return answered instanceof Promise ? answered.catch(rethrow) : answered;
    };
  const groups = Object.entries(client as unknown as Record<string, Record<string, Verb>>).map(
    ([group, verbs]) => [group, Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, wrap(verb)]))] as const,
  );
  return Object.fromEntries(groups) as unknown as Client;
}

function rethrow(error: unknown): never {
  throw localError(error);
}

/** Has work done with a folder in passing. */
export async function inPassing<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "assay-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
