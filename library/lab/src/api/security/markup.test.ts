import { describe, expect, test } from "vitest";
import { uploadDataset } from "../../datasets/index.ts";
import { testService } from "../../testing/test-service.ts";
import { markup, poisonedTable } from "./markup-corpus.ts";
import { noteResult } from "./results.ts";

let run: string;
const [name] = markup;
const service = testService({}, async ({ session }) => {
  await uploadDataset(session, poisonedTable(), { name: "poisoned" });
  run = (
    await send("POST", "/api/ml/runs", {
      experiment: name,
      name,
      notes: markup.join("\n"),
      description: markup.join("\n"),
      tags: Object.fromEntries(markup.map((each, i) => [`t${i} ${each.slice(0, 60)}`, each])),
      params: { note: markup },
    })
  ).json().run_id;
  await send("POST", `/api/ml/runs/${run}/metrics`, {
    metrics: markup.map((each, step) => ({ name: each.slice(0, 150), step, value: step })),
  });
  await send("POST", `/api/ml/runs/${run}/finish`, { run_status: "failed", error: markup.join(" ") });
});

const send = (method: "GET" | "POST", url: string, payload?: object) =>
  service.app.inject({ method, url, headers: { "x-assay": "1" }, ...(payload && { payload }) });

/** Elements, handlers and addresses that run something, in a page that says what a user wrote. */
function active(html: string): string[] {
  const tags = html.match(/<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>/gi) ?? [];
  return tags.filter((tag) => {
    const names = tag.replaceAll(/"[^"]*"|'[^']*'/g, "");
    return (
      /^<(img|iframe|object|embed|form|base|math|details|video|input|button)\b/i.test(tag) ||
      /\s(on\w+|srcdoc|data-commandlinker[\w-]*)\s*=/i.test(names) ||
      /\b(href|src|action|xlink:href)\s*=\s*["']?\s*(javascript|data:text|vbscript)/i.test(tag)
    );
  });
}

describe("text that people give, with markup in it,", () => {
  test.each([
    ["a run's report", () => `/api/ml/experiments/${run}/report?format=html`],
    ["a dataset's report", () => "/api/ml/datasets/poisoned/report?format=html"],
  ])("is text in %s, which may run and fetch nothing", async (_, url) => {
    const { statusCode, headers, body } = await send("GET", url());
    expect(statusCode, body.slice(0, 300)).toBe(200);
    expect(active(body)).toEqual([]);
    expect(body).toContain("&lt;");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("sandbox");
    noteResult("markup", { "places in a report": markup.length });
  });

  test("is text in a comparison", async () => {
    const { statusCode, body, headers } = await service.app.inject({
      method: "POST",
      url: "/api/ml/experiments/compare?format=html",
      headers: { "x-assay": "1", accept: "text/html" },
      payload: { ids: [run, run] },
    });
    expect(statusCode).toBeLessThan(500);
    if (String(headers["content-type"]).includes("html")) expect(active(body)).toEqual([]);
  });

  test("is never answered as a page, but as JSON or a file", async () => {
    for (const url of [
      `/api/ml/runs/${run}`,
      "/api/ml/datasets/poisoned/preview",
      `/api/ml/datasets/${encodeURIComponent(name)}`,
      `/${encodeURIComponent(name)}`,
      `/api/ml/experiments/list?filter=${encodeURIComponent(name)}`,
    ]) {
      const { headers } = await send("GET", url);
      expect([url, headers["content-type"]]).toEqual([url, expect.stringMatching(/^application\/(problem\+)?json/)]);
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });
});
