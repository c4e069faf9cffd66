import { z } from "zod";
import type { Artifact } from "./artifacts.ts";
import { deleted } from "./datasets.ts";
import { citedRun } from "./example-run.ts";
import { route } from "./route.ts";
import { artifactAnswer, artifactFields, artifactList } from "./runs.ts";
import { byId } from "./values.ts";

const root = "/api/ml/runs/:id/artifacts";
const one = byId.extend({ artifact: z.string().min(1).max(200).describe("Id or name.") });

const figure: Artifact = {
  id: "01981c3e-8100-7ab4-8e2f-3c5d7a9b1e40",
  name: "roc.png",
  kind: "figure",
  content_type: "image/png",
  size_bytes: 18_204,
  content_hash: "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b",
  created_at: "2026-07-18T09:20:09.000Z",
};
const cited = { ...citedRun, artifact: figure.name };

/** Files of runs. */
export const artifactRoutes = {
  upload: route({
    method: "POST",
    path: root,
    summary: "Stores a file with a run.",
    params: byId,
    form: artifactFields,
    answer: artifactAnswer,
    statuses: [201],
    example: { params: citedRun, form: { kind: "figure" }, answer: { artifact: figure } },
  }),
  list: route({
    method: "GET",
    path: root,
    summary: "Files of a run.",
    params: byId,
    answer: artifactList,
    example: { params: citedRun, answer: { items: [figure] } },
  }),
  download: route({
    method: "GET",
    path: `${root}/:artifact`,
    summary: "A file of a run.",
    params: one,
    file: ["application/octet-stream", "application/json", "text/csv", "text/plain", "image/png"],
    example: { params: cited },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:artifact`,
    summary: "Removes a file of a run.",
    params: one,
    answer: deleted,
    example: { params: cited, answer: { deleted: figure.id } },
  }),
};
