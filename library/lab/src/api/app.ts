import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import "../job-kinds.ts";
import type { Session } from "../projects/session.ts";
import { abRoutes } from "./ab-routes.ts";
import { artifactRoutes } from "./artifact-routes.ts";
import { dataRoutes } from "./data-routes.ts";
import { datasetRoutes } from "./dataset-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { featureRoutes } from "./feature-routes.ts";
import { type GuardOptions, guard } from "./guard.ts";
import { healthRoutes } from "./health-routes.ts";
import { importRoutes } from "./import-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { manyRunRoutes } from "./many-run-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { monitorRoutes } from "./monitor-routes.ts";
import { refuseOddRequest } from "./odd-values.ts";
import { predictionRoutes } from "./prediction-routes.ts";
import { answerError, answerUnknownRoute } from "./problems.ts";
import { replayRoutes } from "./replay-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { selectionRoutes } from "./selection-routes.ts";
import { studyRoutes } from "./study-routes.ts";

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
export async function makeApp(session: Session, options: GuardOptions & { readonly logger?: FastifyBaseLogger }): Promise<App> {
  const app = Fastify({
    ...(options.logger && { loggerInstance: options.logger }),
    disableRequestLogging: true,
    forceCloseConnections: true,
    bodyLimit: 20 * 1024 ** 2,
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JupyterLab names JSON as the type of every request, also of those without a body
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parseJson(request, body as string, done),
  );
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);
  app.addHook("onRequest", guard(options));
  app.addHook("preValidation", refuseOddRequest);
  app.addHook("onSend", async (_, reply) => void reply.header("assay-version", "0.1.0"));
  await app.register(helmet, { contentSecurityPolicy: { directives: { "frame-ancestors": ["'self'"] } } });
  // a unix socket has no address: all of its callers share one limit
  await app.register(rateLimit, {
    max: 6000,
    timeWindow: "1 minute",
    keyGenerator: ({ ip }) => ip ?? "socket",
    // programs that log every step or predict for every visitor are no attack
    allowList: ({ url }) => url.startsWith("/api/ml/runs") || url === "/api/ml/models/predict",
  });
  await app.register(multipart, { limits: { fileSize: uploadMax, files: 1, fields: 20 } });
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Assay", version: "0.1.0" } },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs" });
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  for (const routes of [
    healthRoutes,
    datasetRoutes,
    dataRoutes,
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
    featureRoutes,
    predictionRoutes,
    studyRoutes,
    selectionRoutes,
    eventRoutes,
  ])
    routes(app, session);
  return app;
}
