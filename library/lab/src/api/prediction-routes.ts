import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ConflictError, LimitError, NotFoundError, ParamsError } from "assay";
import { z } from "zod";
import {
  predictAnswer,
  predictFileFields,
  predictFileQueued,
  predictFileResult,
  predictRequest,
  subjectErased,
} from "../contract/models.ts";
import { id } from "../contract/values.ts";
import { explain } from "../db/store.ts";
import { getJob, submitJob } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import {
  eraseSubject,
  flushPredictions,
  followMoves,
  keepUpload,
  openAnswers,
  predict,
  predictForUser,
} from "../registry/index.ts";
import type { App } from "./app.ts";
import { sendFile } from "./send-file.ts";

const status = "success" as const;
const root = "/api/ml/models";

/** Predictions: rows, files, and the erasure of what is known of a person. */
export function predictionRoutes(app: App, session: Session): void {
  let unfollow: (() => Promise<void>) | undefined;
  app.addHook("onListen", async () => {
    unfollow = await followMoves(session);
  });
  app.addHook("onClose", async () => {
    await unfollow?.();
    await flushPredictions(session);
  });

  // the answer is ours, plain JSON for programs: what pages need, and a second check of its form, would be half of its time
  const quick = { helmet: false, config: { rateLimit: false }, serializerCompiler: () => JSON.stringify } as const;
  app.post(
    `${root}/predict`,
    { ...quick, schema: { body: predictRequest, response: { 200: predictAnswer } } },
    async ({ body }, reply) => {
      const { model_id, ab_test_name: test, features, user_id: userId } = body;
      const answered =
        test === undefined
          ? await predict(session, model_id!, features, { userId })
          : await predictForUser(session, test, features, { userId });
      reply.header("x-content-type-options", "nosniff");
      return { status, ...answered };
    },
  );

  app.post(
    `${root}/:id/predict-file`,
    { schema: { params: z.object({ id: z.string() }), response: { 202: predictFileQueued } } },
    async (request, reply) => {
      const path = await session.store.temporary();
      try {
        const part = await request.file();
        if (!part) throw new ParamsError("predict: needs a file in the field `file`");
        await pipeline(part.file, createWriteStream(path, { mode: 0o600 })).catch((cause) => {
          throw explain(cause, session.store.folder);
        });
        if (part.file.truncated) throw new LimitError("predict: the file has more than 2 GiB");
        const fields = readFields(part.fields);
        const job = await queue(request.params.id, path, part.filename, fields);
        return reply.status(202).send({ status, job_id: job });
      } finally {
        await rm(path, { force: true });
      }
    },
  );

  const queue = async (model_id: string, path: string, name: string, fields: z.output<typeof predictFileFields>) => {
    const file = await keepUpload(session, path);
    try {
      return (await submitJob(session, "predict", { ...fields, model_id, file, file_name: name.slice(0, 300) || "rows.csv" }))
        .jobId;
    } catch (error) {
      await session.store.remove(file);
      throw error;
    }
  };

  app.get("/api/ml/jobs/:id/predictions", { schema: { params: z.object({ id }) } }, async ({ params }, reply) => {
    const job = await getJob(session, params.id);
    if (job.kind !== "predict") throw new NotFoundError(`predict: job ${params.id} is of kind ${job.kind}`);
    if (job.job_status !== "completed") throw new ConflictError(`predict: the job is ${job.job_status}`);
    const result = predictFileResult.parse(job.results);
    const contentType = result.file.endsWith(".csv") ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
    reply.header("content-length", result.size_bytes);
    return sendFile(reply, await openAnswers(session, result), { fileName: result.file_name, contentType });
  });

  app.delete(
    "/api/ml/subjects/:user_id",
    { schema: { params: z.object({ user_id: z.string().min(1).max(200) }), response: { 200: subjectErased } } },
    async ({ params }) => ({ status, erased: await eraseSubject(session, params.user_id) }),
  );
}

function readFields(parts: Readonly<Record<string, unknown>>): z.output<typeof predictFileFields> {
  const texts = Object.entries(parts).flatMap(([name, field]) => {
    const { value } = (field ?? {}) as { readonly value?: unknown };
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  const parsed = predictFileFields.safeParse(Object.fromEntries(texts));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  throw Object.assign(new ParamsError(`predict: ${field}: ${issue.message}`), { field });
}
