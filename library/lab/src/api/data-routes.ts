import { stepForms as formsOfSteps } from "assay";
import { z } from "zod";
import { chartAnswer, chartCreate, chartFigure, chartList, chartSpec } from "../contract/charts.ts";
import { deleted } from "../contract/datasets.ts";
import { splitAnswer, splitCreated, splitIndicesAnswer, splitList, splitRequest } from "../contract/splits.ts";
import {
  cleanAnswer,
  cleanRequest,
  previewAnswer,
  previewRequest,
  stepForms,
  stepsCellAnswer,
  stepsCellRequest,
  transformAnswer,
  transformRequest,
} from "../contract/steps.ts";
import {
  cleanDataset,
  createSplit,
  deleteChart,
  deleteSplit,
  drawChart,
  getChart,
  getSplit,
  listCharts,
  listSplits,
  previewLastStep,
  saveChart,
  savedIndices,
  transformDataset,
  writeCell,
} from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const params = z.object({ id: z.string() });
const chartParams = params.extend({ chart_id: z.string() });
const datasets = "/api/ml/datasets";
const data = "/api/ml/data";
const status = "success" as const;

/** What is made of datasets: versions by steps, saved splits and charts. */
export function dataRoutes(app: App, session: Session): void {
  stepRoutes(app, session);
  splitRoutes(app, session);
  chartRoutes(app, session);
}

function stepRoutes(app: App, session: Session): void {
  app.get(`${data}/steps`, { schema: { response: { 200: stepForms } } }, async () => ({ status, items: [...formsOfSteps()] }));

  app.post(`${data}/preview`, { schema: { body: previewRequest, response: { 200: previewAnswer } } }, async ({ body }) => ({
    status,
    preview: await previewLastStep(session, body),
  }));

  app.post(`${data}/transform`, { schema: { body: transformRequest, response: { 200: transformAnswer } } }, async ({ body }) => {
    const { ref, version, originalRows, rows, splitId } = await transformDataset(session, body);
    return { status, dataset_id: ref, version, original_rows: originalRows, rows, split_id: splitId };
  });

  app.post(`${data}/clean`, { schema: { body: cleanRequest, response: { 200: cleanAnswer } } }, async ({ body }) => {
    const { ref, originalRows, rows, steps } = await cleanDataset(session, body);
    return { status, cleaned_dataset_id: ref, original_rows: originalRows, cleaned_rows: rows, steps: [...steps] };
  });

  app.post(`${data}/cell`, { schema: { body: stepsCellRequest, response: { 200: stepsCellAnswer } } }, async ({ body }) => ({
    status,
    code: await writeCell(session, body),
  }));
}

function splitRoutes(app: App, session: Session): void {
  app.post(`${data}/split`, { schema: { body: splitRequest, response: { 200: splitCreated } } }, async ({ body }) => {
    const split = await createSplit(session, body);
    const { split_id, train_samples, validation_samples, test_samples } = split;
    return { status, split_id, train_samples, validation_samples, test_samples, split };
  });

  app.get(`${datasets}/:id/splits`, { schema: { params, response: { 200: splitList } } }, async ({ params: { id } }) => ({
    status,
    items: await listSplits(session, id),
  }));

  app.get(`${data}/splits/:id`, { schema: { params, response: { 200: splitAnswer } } }, async ({ params: { id } }) => ({
    status,
    split: await getSplit(session, id),
  }));

  app.get(
    `${data}/splits/:id/indices`,
    { schema: { params, response: { 200: splitIndicesAnswer } } },
    async ({ params: { id } }) => {
      const { split, indices } = await savedIndices(session, id);
      return { status, split, train: [...indices.train], validation: [...indices.validation], test: [...indices.test] };
    },
  );

  app.delete(`${data}/splits/:id`, { schema: { params, response: { 200: deleted } } }, async ({ params: { id } }) => {
    await deleteSplit(session, id);
    return { status, deleted: id };
  });
}

function chartRoutes(app: App, session: Session): void {
  app.get(`${datasets}/:id/charts`, { schema: { params, response: { 200: chartList } } }, async ({ params: { id } }) => ({
    status,
    items: await listCharts(session, id),
  }));

  app.post(
    `${datasets}/:id/charts`,
    { schema: { params, body: chartCreate, response: { 201: chartAnswer } } },
    async ({ params: { id }, body: { name, project_id: _, ...spec } }, reply) =>
      reply.status(201).send({ status, chart: await saveChart(session, id, name, spec) }),
  );

  // draws a chart that nobody saved
  app.post(
    `${datasets}/:id/figure`,
    { schema: { params, body: chartSpec, response: { 200: chartFigure } } },
    async ({ params: { id }, body }) => ({ status, ...(await drawChart(session, id, body)) }),
  );

  app.get(
    `${datasets}/:id/charts/:chart_id/figure`,
    { schema: { params: chartParams, response: { 200: chartFigure } } },
    async ({ params: { id, chart_id } }) => {
      const { type, configuration } = await getChart(session, chart_id);
      return { status, ...(await drawChart(session, id, { type, configuration } as never)) };
    },
  );

  app.delete(
    `${datasets}/:id/charts/:chart_id`,
    { schema: { params: chartParams, response: { 200: deleted } } },
    async ({ params: { chart_id } }) => {
      await deleteChart(session, chart_id);
      return { status, deleted: chart_id };
    },
  );
}
