import cookie from "@fastify/cookie";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import "../job-kinds.ts";
import { assayVersion } from "../assay-version.ts";
import type { Session } from "../projects/session.ts";
import { flushAllPredictions } from "../registry/index.ts";
import { abRoutes } from "./ab-routes.ts";
import { accountPage } from "./account-page.ts";
import { algorithmRoutes } from "./algorithm-routes.ts";
import { artifactRoutes } from "./artifact-routes.ts";
import { authRoutes } from "./auth-routes.ts";
import { makeCallers } from "./caller.ts";
import { dataRoutes } from "./data-routes.ts";
import { datasetRoutes } from "./dataset-routes.ts";
import { tagAnswers } from "./etag.ts";
import { etlRoutes } from "./etl-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { exoplanetRoutes } from "./exoplanet-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { featureRoutes, onlineFeaturesRoute } from "./feature-routes.ts";
import { forgetOnChange, type GuardOptions, guard } from "./guard.ts";
import { healthRoutes } from "./health-routes.ts";
import { importRoutes } from "./import-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { manyRunRoutes } from "./many-run-routes.ts";
import { measure } from "./metrics.ts";
import { modelRoutes } from "./model-routes.ts";
import { monitorRoutes } from "./monitor-routes.ts";
import { describeApi, showApi } from "./openapi.ts";
import { operationRoutes } from "./operation-routes.ts";
import { guardOverload } from "./overload.ts";
import { predictRoute } from "./predict-route.ts";
import { predictionRoutes } from "./prediction-routes.ts";
import { answerError, answerUnknownRoute, answerUnreadable } from "./problems.ts";
import { projectRoutes } from "./project-routes.ts";
import { quickPredictions } from "./quick-predictions.ts";
import { recommendRoutes } from "./recommend-routes.ts";
import { replayRoutes } from "./replay-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { logRequests, requestId } from "./request-log.ts";
import { runRoutes } from "./run-routes.ts";
import { selectionRoutes } from "./selection-routes.ts";
import { type ServerLimits, serverLimits, serverOptions } from "./server-limits.ts";
import { studyRoutes } from "./study-routes.ts";
import { studyStorageRoutes } from "./study-storage-routes.ts";
import { checkBySchema } from "./unknown-keys.ts";
import { userRoutes } from "./user-routes.ts";
import { viewRoutes } from "./view-routes.ts";
import { workoutRoutes } from "./workout-routes.ts";

/** An app whose schemas are zod's. */
export type App = FastifyInstance<
  import("fastify").RawServerDefault,
  import("node:http").IncomingMessage,
  import("node:http").ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Bytes of an upload at most. */
const uploadMax = 2 * 1024 ** 3;

/** The HTTP service of a session. */
export async function makeApp(
  session: Session,
  options: GuardOptions & { readonly logger?: FastifyBaseLogger; readonly limits?: Partial<ServerLimits> },
): Promise<App> {
  const limits = serverLimits(options.limits);
  const app = Fastify({
    ...(options.logger && { loggerInstance: options.logger }),
    ...(options.trustedProxies?.length && { trustProxy: [...options.trustedProxies] }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: requestId,
    routerOptions: { maxParamLength: 1000 }, // names have up to 200 signs
    frameworkErrors: answerError as never,
    clientErrorHandler: answerUnreadable,
    ...serverOptions(limits),
    forceCloseConnections: true,
    bodyLimit: 20 * 1024 ** 2,
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(checkBySchema);
  app.setSerializerCompiler(serializerCompiler);
  // JupyterLab names JSON as the type of every request, also of those without a body
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parseJson(request, body as string, done),
  );
  app.setErrorHandler(answerError);
  await app.register(cookie); // its hook reads what the guard asks for
  // pages elsewhere ask with a token: cookies are not theirs to send
  if (options.origins?.length)
    await app.register(cors, {
      origin: [...options.origins],
      methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      allowedHeaders: [
        "authorization",
        "content-type",
        "x-assay",
        "last-event-id",
        "idempotency-key",
        "if-none-match",
        "x-request-id",
      ],
      exposedHeaders: ["assay-version", "content-disposition", "etag", "x-request-id", "retry-after"],
      maxAge: 600,
    });
  const callers = makeCallers(session, options);
  const metrics = measure(app, session);
  const isOverloaded = guardOverload(app, limits);
  quickPredictions(app, { callers, guarded: options, isOverloaded, metrics });
  await describeApi(app);
  app.addHook("onListen", () => callers.remember());
  app.addHook("onClose", async () => {
    await callers.close();
    await flushAllPredictions(session);
  });
  // asked thousands of times a second: without the headers, limits and lines in the log that the others have
  await app.register(async (quick: App) => {
    guard(quick, session, callers, options);
    predictRoute(quick);
    onlineFeaturesRoute(quick);
  });
  await app.register(async (usual: App) => {
    usual.setNotFoundHandler(answerUnknownRoute);
    logRequests(usual);
    tagAnswers(usual);
    // before the guard: what it refuses carries them too. Whether there is https is for the proxy in front to say
    await usual.register(helmet, {
      strictTransportSecurity: false,
      contentSecurityPolicy: { directives: { "frame-ancestors": ["'self'"], "upgrade-insecure-requests": null } },
    });
    guard(usual, session, callers, options);
    forgetOnChange(usual, callers);
    usual.addHook("onSend", async (_, reply) => void reply.header("assay-version", assayVersion));
    // a unix socket has no address: all of its callers share one limit
    await usual.register(rateLimit, {
      max: 6000,
      timeWindow: "1 minute",
      keyGenerator: ({ ip }) => ip ?? "socket",
      // programs that log every step are no attack
      allowList: ({ url }) => url.startsWith("/api/ml/runs"),
    });
    await usual.register(multipart, { limits: { fileSize: uploadMax, files: 1, fields: 20 } });
    await showApi(usual);
    for (const routes of [
      datasetRoutes,
      dataRoutes,
      algorithmRoutes,
      experimentRoutes,
      manyRunRoutes,
      runRoutes,
      artifactRoutes,
      replayRoutes,
      reportRoutes,
      importRoutes,
      jobRoutes,
      modelRoutes,
      abRoutes,
      monitorRoutes,
      exoplanetRoutes,
      etlRoutes,
      recommendRoutes,
      featureRoutes,
      predictionRoutes,
      studyRoutes,
      studyStorageRoutes,
      selectionRoutes,
      viewRoutes,
      eventRoutes,
      authRoutes,
      userRoutes,
    ])
      routes(usual, session);
    healthRoutes(usual, session, callers, metrics);
    operationRoutes(usual, session);
    projectRoutes(usual, session, callers);
    workoutRoutes(usual);
    if (options.signIn) accountPage(usual);
  });
  return app;
}
