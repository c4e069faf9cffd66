import { numberSetting } from "../number-setting.ts";

/** What one service takes on at most. */
export interface ServerLimits {
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Silence within a body. */
  readonly bodyIdleMs: number;
  /** Until a request is answered; ASSAY_REQUEST_SECONDS. */
  readonly answerMs: number;
  /** The same where a file comes or goes. */
  readonly fileMs: number;
  /** Open connections; ASSAY_CONNECTIONS_MAX. */
  readonly connections: number;
  /** How far the event loop may lag, again and again, before requests are refused; ASSAY_LAG_MS. */
  readonly lagMs: number;
}

/** The limits of this process's settings. Throws ParamsError for one that is none. */
export function serverLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  return {
    headersMs: 10_000,
    bodyIdleMs: 30_000,
    answerMs: 1000 * (numberSetting("ASSAY_REQUEST_SECONDS") ?? 300),
    fileMs: 6 * 3_600_000,
    connections: numberSetting("ASSAY_CONNECTIONS_MAX") ?? 2000,
    lagMs: numberSetting("ASSAY_LAG_MS") ?? 1000,
    ...given,
  };
}

/** The same as Fastify and Node take them. */
export function serverOptions({ headersMs, answerMs }: ServerLimits) {
  return {
    handlerTimeout: Math.ceil(answerMs),
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.max(100, Math.min(2000, headersMs / 4)) },
  };
}
