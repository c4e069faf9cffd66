import { z } from "zod";
import { chartAnswer, chartCreate, chartFigure, chartList, chartSpec, type SavedChart } from "./charts.ts";
import { datasetRef } from "./dataset-routes.ts";
import { deleted } from "./datasets.ts";
import { route } from "./route.ts";

const root = "/api/ml/datasets/:id";
const chartRef = datasetRef.extend({ chart_id: z.string() });
const chart: SavedChart = {
  chart_id: "01981c3e-5c00-7c42-9d6f-0b6a51a1d201",
  name: "periods",
  type: "histogram",
  configuration: { column: "koi_period", by: "koi_disposition", bins: 30 },
  created_by: "ada",
  created_at: "2026-07-18T09:12:00.000Z",
};
const spec = { type: chart.type, configuration: chart.configuration };
const cited = { id: "koi" };
const one = { ...cited, chart_id: chart.chart_id };
const drawn = {
  version: 1,
  sampled: 9564,
  figure: { data: [{ type: "bar", x: [0.5, 1.5], y: [812, 640] }], layout: { title: { text: "koi_period" } } },
  table: null,
};

/** Charts of a dataset: saved, and drawn when they are asked for. */
export const chartRoutes = {
  list: route({
    method: "GET",
    path: `${root}/charts`,
    summary: "Saved charts of a dataset.",
    params: datasetRef,
    answer: chartList,
    example: { params: cited, answer: { items: [chart] } },
  }),
  create: route({
    method: "POST",
    path: `${root}/charts`,
    summary: "Saves a chart: its name, type and configuration.",
    params: datasetRef,
    body: chartCreate,
    answer: chartAnswer,
    statuses: [201],
    example: { params: cited, body: { name: "periods", ...spec }, answer: { chart } },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/charts/:chart_id`,
    summary: "Deletes a saved chart.",
    params: chartRef,
    answer: deleted,
    example: { params: one, answer: { deleted: chart.chart_id } },
  }),
  figure: route({
    method: "GET",
    path: `${root}/charts/:chart_id/figure`,
    summary: "A saved chart, drawn from the version that `id` means.",
    params: chartRef,
    answer: chartFigure,
    example: { params: one, answer: drawn },
  }),
  draw: route({
    method: "POST",
    path: `${root}/figure`,
    action: "read",
    summary: "Draws a chart that nobody saved.",
    params: datasetRef,
    body: chartSpec,
    answer: chartFigure,
    example: { params: cited, body: spec, answer: drawn },
  }),
};
