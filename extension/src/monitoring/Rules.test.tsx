import type { ModelVersion } from "assay-lab/contract";
import React, { act } from "react";
import { expect, test } from "vitest";

import { draw } from "../testing/draw";
import { fakeService, onItsWay } from "../testing/fake-service";
import { Rules } from "./Rules";

test("a check waits for the bound that was written before it", async () => {
  const kept = onItsWay<object>();
  const service = fakeService((method) => (method === "PATCH" ? kept.answer : undefined));
  const version = { metrics: {}, signature: { columns: [] } } as unknown as ModelVersion;
  const model = { name: "iris", versions: [version], production: undefined, actors: new Map(), audit: [] };
  const drawn = await draw(<Rules model={model} />, service);
  try {
    const checks = () => service.asked.filter((each) => each === "POST api/ml/monitors/check").length;
    await drawn.fill('tr input[name="threshold"]', "0.5");
    await act(
      async () => void drawn.find('tr input[name="threshold"]').dispatchEvent(new FocusEvent("focusout", { bubbles: true })),
    );
    await drawn.press("Check now");
    expect(service.asked.filter((each) => each.startsWith("PATCH"))).toHaveLength(1);
    expect(checks()).toBe(0);
    kept.send({ monitor: {} });
    await expect.poll(checks, { timeout: 100_000 }).toBe(1);
  } finally {
    await drawn.close();
  }
});
