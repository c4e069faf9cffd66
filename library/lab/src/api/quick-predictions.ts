import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { assayVersion } from "../assay-version.ts";
import { predictionRoutes } from "../contract/prediction-routes.ts";
import { type InputRow, predict, predictNow } from "../registry/index.ts";
import type { App } from "./app.ts";
import type { Callers } from "./caller.ts";
import { checkPage, type GuardOptions, letIn, letInNow } from "./guard.ts";
import type { Metrics } from "./metrics.ts";
import { isPlainRequest, type PlainRequest } from "./predict-route.ts";
import { sendTogether } from "./send-together.ts";

/** Who is let in. */
interface Door {
  readonly callers: Callers;
  readonly guarded: GuardOptions;
}

/** What a request goes by that is answered in front of Fastify. */
interface Quick extends Door {
  /** Whether requests are refused now. */
  readonly isOverloaded: () => boolean;
  readonly metrics: Metrics;
}

type QuickAnswer = Awaited<ReturnType<typeof predict>>;

const route = predictionRoutes.predict;
const { path } = route;
/** Bytes of a body at most; what is longer takes its time anyway. */
const bodyMost = 65_536;
/** Names that reach an object's prototype, and any escape, behind which odd signs may stand. */
const odd = /\\|"(?:__proto__|constructor)"/;

/**
 * Answers plain requests for the prediction of a row, which are asked thousands of times a second, before Fastify sees them: in a third of its time. The
 * guard's own functions let them in. What was decided and read a moment ago is answered at once, else after it is. Any other request, and one that is not
 * answered well, goes on to Fastify as it came: the route there decides, and says what is wrong.
 */
export function quickPredictions(app: App, { isOverloaded, metrics, ...door }: Quick): void {
  const { server } = app;
  const [pass] = server.listeners("request") as [RequestListener];
  const count = metrics.counter(route.method, path);
  const together = sendTogether();
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
    together.flush();
  });
  server.removeListener("request", pass);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (isClosing || isOverloaded() || !isPlain(request)) return pass(request, response);
    const begin = performance.now();
    const tell = (answer: QuickAnswer): void => {
      const text = `{"status":"success",${JSON.stringify(answer).slice(1)}`;
      together.add(() => {
        send(response, text);
        count(performance.now() - begin);
      });
    };
    takeBody(request, (body) => {
      const asked = body && readAsked(request, body, door.guarded);
      const now = asked && answerNow(door, request, asked);
      if (now) return tell(now);
      if (body) request.unshift(body); // whoever reads it next finds it as it came
      if (!asked) return pass(request, response);
      void answer(door, request, asked).then((later) => {
        if (!later) return pass(request, response);
        tell(later);
        request.resume();
      });
    });
  });
}

/** Whether a request is of this route, of a program, with a short body of JSON. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  if (url !== path || method !== route.method || headers.origin !== undefined) return false;
  const length = Number(headers["content-length"] ?? 0);
  const isJson = /^application\/json(;|$)/.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined;
  return isJson && length > 0 && length <= bodyMost;
}

/** Calls back with a body that came with its headers or right after them, or with nothing where it takes its time, whose end is watched for elsewhere. */
function takeBody(request: IncomingMessage, take: (body: Buffer | undefined) => void): void {
  const length = Number(request.headers["content-length"]);
  const isHere = (): boolean => request.readableLength === length;
  const taken = (): Buffer | undefined => (isHere() ? ((request.read() as Buffer | null) ?? undefined) : undefined);
  queueMicrotask(() => {
    if (isHere()) take(taken());
    else setImmediate(() => take(taken()));
  });
}

/** What a request of our own pages or of a program asks; undefined where it is not plain. */
function readAsked(request: IncomingMessage, body: Buffer, guarded: GuardOptions): PlainRequest | undefined {
  try {
    checkPage(request, guarded);
    const text = body.toString("utf8");
    if (odd.test(text)) return undefined;
    const asked: unknown = JSON.parse(text);
    return isPlainRequest(asked) ? asked : undefined;
  } catch {
    return undefined; // the route says why
  }
}

/** The answer where all that it takes is in memory; undefined for any other, and for any that is no plain success. */
function answerNow({ callers }: Door, request: IncomingMessage, asked: PlainRequest): QuickAnswer | undefined {
  try {
    const caller = callers.byTokenNow(request);
    const session = caller && letInNow(callers, caller, route, { body: asked });
    return session && predictNow(session, asked.model_id, asked.features as InputRow, { userId: asked.user_id });
  } catch {
    return undefined;
  }
}

/** The answer as soon as it can be given; undefined for any that is no plain success. */
async function answer({ callers }: Door, request: IncomingMessage, asked: PlainRequest): Promise<QuickAnswer | undefined> {
  try {
    const caller = await callers.byToken(request);
    if (!caller) return undefined;
    const session = await letIn(callers, caller, route, { body: asked });
    return await predict(session, asked.model_id, asked.features, { userId: asked.user_id });
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "x-content-type-options": "nosniff",
    "assay-version": assayVersion,
  });
  response.end(text);
}
