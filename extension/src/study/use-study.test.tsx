import type { StudyInfo } from "assay-lab/contract";
import React from "react";
import { expect, test } from "vitest";
import { draw } from "../testing/draw";
import { fakeService, onItsWay } from "../testing/fake-service";
import { useStudy } from "./use-study";

test("a search that ended while its document was loaded is shown as ended", async () => {
  const service = fakeService();
  const { study } = await service.get<{ study: StudyInfo }>("api/ml/studies/s");
  const standing = (study_status: string) => ({ study: { ...study, study_status } });
  const first = onItsWay<object>();
  let isOver = false;
  service.answer = (_, path) => {
    if (path !== "api/ml/studies/s") return undefined;
    return isOver ? standing("idle") : first.answer;
  };
  let tell: (text: string) => void = () => {};
  service.stream = async () =>
    new ReadableStream({
      start: (controller) => {
        tell = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
  const Status = () => <p>{useStudy("s").study.data?.study_status}</p>;
  const drawn = await draw(<Status />, service);
  try {
    tell(`id: 1\ndata: ${JSON.stringify({ kind: "study", study_id: study.id, study_status: "idle" })}\n\n`);
    await drawn.settle();
    isOver = true;
    first.send(standing("running"));
    await drawn.settle();
    expect(drawn.find("p").textContent).toBe("idle");
  } finally {
    await drawn.close();
  }
});
