import { stepForms } from "assay";
import { chartRoutes as charts } from "../contract/chart-routes.ts";
import type { ChartSpec } from "../contract/charts.ts";
import { dataRoutes as data } from "../contract/data-routes.ts";
import { splitRoutes as splits } from "../contract/split-routes.ts";
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
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** What is made of datasets: versions by steps, saved splits and charts. */
export function dataRoutes(app: App): void {
  stepRoutes(app);
  splitRoutes(app);
  chartRoutes(app);
}

function stepRoutes(app: App): void {
  handle(app, data.steps, async () => ({ items: [...stepForms()] }));

  handle(app, data.preview, async ({ body, session }) => ({ preview: await previewLastStep(session, body) }));

  handle(app, data.transform, async ({ body, session }) => {
    const { ref, version, originalRows, rows, splitId } = await transformDataset(session, body);
    return { dataset_id: ref, version, original_rows: originalRows, rows, split_id: splitId };
  });

  handle(app, data.clean, async ({ body, session }) => {
    const { ref, originalRows, rows, steps } = await cleanDataset(session, body);
    return { cleaned_dataset_id: ref, original_rows: originalRows, cleaned_rows: rows, steps: [...steps] };
  });

  handle(app, data.cell, async ({ body, session }) => ({ code: await writeCell(session, body) }));
}

function splitRoutes(app: App): void {
  handle(app, splits.create, async ({ body, session }) => {
    const split = await createSplit(session, body);
    const { split_id, train_samples, validation_samples, test_samples } = split;
    return { split_id, train_samples, validation_samples, test_samples, split };
  });

  handle(app, splits.list, async ({ params, session }) => ({ items: await listSplits(session, params.id) }));

  handle(app, splits.get, async ({ params, session }) => ({ split: await getSplit(session, params.id) }));

  handle(app, splits.indices, async ({ params, session }) => {
    const { split, indices } = await savedIndices(session, params.id);
    return { split, train: [...indices.train], validation: [...indices.validation], test: [...indices.test] };
  });

  handle(app, splits.delete, async ({ params: { id }, session }) => {
    await deleteSplit(session, id);
    return { deleted: id };
  });
}

function chartRoutes(app: App): void {
  handle(app, charts.list, async ({ params, session }) => ({ items: await listCharts(session, params.id) }));

  handle(app, charts.create, async ({ params, body: { name, project_id: _, ...spec }, session }) => ({
    chart: await saveChart(session, params.id, name, spec),
  }));

  handle(app, charts.draw, async ({ params, body, session }) => drawChart(session, params.id, body));

  handle(app, charts.figure, async ({ params: { id, chart_id }, session }) => {
    const { type, configuration } = await getChart(session, chart_id);
    return drawChart(session, id, { type, configuration } as ChartSpec);
  });

  handle(app, charts.delete, async ({ params: { chart_id }, session }) => {
    await deleteChart(session, chart_id);
    return { deleted: chart_id };
  });
}
