import { z } from "zod";
import { route } from "./route.ts";
import { answer } from "./values.ts";

const count = z.number().int().min(0);

/** Whether the service lives, whether it can work, and its measures. */
export const healthRoutes = {
  live: route({
    method: "GET",
    path: "/health",
    summary: "Whether the service lives.",
    public: true,
    example: {},
  }),
  ready: route({
    method: "GET",
    path: "/ready",
    summary: "Whether it can work: database, queue and migrations, each by its state; 503 names what is not.",
    public: true,
    answer: answer({
      database: z.literal("up"),
      queue: z.enum(["working", "idle", "waiting"]).describe("waiting: jobs are queued, and no worker lives."),
      migrations: z.literal("applied"),
      workers: count,
      queued: count,
    }),
    example: { answer: { database: "up", queue: "idle", migrations: "applied", workers: 1, queued: 0 } },
  }),
  metrics: route({
    method: "GET",
    path: "/metrics",
    summary: "Measures for Prometheus; from other machines for administrators and tokens only.",
    public: true,
    file: ["text/plain"],
    example: {},
  }),
};
