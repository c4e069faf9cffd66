import { describe, expect, it } from "vitest";
import { render } from "../base/display.ts";
import { createStudy } from "../tuning/index.ts";
import { defineDisplays } from "./displays.ts";

defineDisplays();

async function search() {
  const study = await createStudy({ name: "<forest>", attributes: { metrics: ["rmse"] } });
  await study.optimize(
    (trial) => {
      if (trial.number === 4) throw new Error("no <b>light</b>");
      return trial.suggestFloat("x", 0, 1) + (trial.suggestCategorical("kind", ["a", "b"]) === "a" ? 1 : 0);
    },
    { trials: 12 },
  );
  return study;
}

describe("a study", () => {
  it("shows the best trials first, and what failed", async () => {
    const study = await search();
    const bundle = render("study", study);
    const [head, first] = String(bundle["text/plain"]).split("\n");
    expect(head).toBe("Study <forest>: 12 trials (11 completed, 1 failed)");
    expect(first).toContain(String(study.best.number));
    expect(bundle["text/html"]).toContain('<th style="text-align:left">rmse</th>');
    expect(bundle["text/html"]).toContain("trial 4 failed: Error: no &lt;b&gt;light&lt;/b&gt;");
  });

  it("shows the Pareto front of several objectives", async () => {
    const study = await createStudy({ directions: ["minimize", "maximize"], name: "two" });
    await study.optimize((trial) => [trial.suggestFloat("x", 0, 1), trial.params["x"] as number], { trials: 5 });
    expect(render("study", study)["text/html"]).toContain("the Pareto front");
  });

  it("shows itself before it has a trial", async () => {
    expect(render("study", await createStudy({ name: "new" }))["text/plain"]).toBe("Study new: 0 trials");
  });

  it("shows its best trial", async () => {
    const { best } = await search();
    expect(render("study-trial", best)["text/plain"]).toMatch(/^trial \d+, completed: [\d.]+\n {2}x/);
  });
});
