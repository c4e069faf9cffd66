import { expect, test } from "vitest";
import { documentedCommands } from "../testing/documented-commands.ts";

const { commands, run } = documentedCommands("exoplanets.md");

test("the documented curl commands upload the shipped table, train on it and use the model", async () => {
  const [upload, datasets, start, events, whole, all, predict, registry] = commands;
  expect(commands).toHaveLength(8);

  const uploaded = JSON.parse(await run(upload));
  expect(uploaded, JSON.stringify(uploaded)).toHaveProperty("dataset");
  expect(uploaded.dataset).toMatchObject({ dataset: "example@1", samples: 1200, report: { rows_read: 1200 } });
  expect(JSON.parse(await run(datasets)).items).toEqual([uploaded.dataset]);

  const started = JSON.parse(await run(start));
  expect(started.status).toBe("success");
  expect(["pending", "training"]).toContain(started.session_status); // at once: an idle worker may have taken it, none has trained

  const told = await run(events, { SESSION_ID: started.session_id });
  expect(told).toContain('"run_status":"completed"');
  expect(told.match(/"name":"val_accuracy"/g)).toHaveLength(3);

  const { session } = JSON.parse(await run(whole, { SESSION_ID: started.session_id }));
  expect(session).toMatchObject({
    session_status: "completed",
    epochs: 3,
    saved_as: expect.stringMatching(/^exoplanet_model_\d{8}_\d{6}$/),
  });
  expect(session.history).toHaveLength(3);
  expect(JSON.parse(await run(all)).items[0]).toMatchObject({ session_id: started.session_id, saved_as: session.saved_as });

  const { items, model } = JSON.parse(await run(predict));
  expect(model).toBe(`exoplanet_model@${session.saved_as}`);
  expect(Object.keys(items[0])).toEqual(["label", "label_proba", "period", "depth"]);
  expect(JSON.parse(await run(registry)).outputs).toEqual(items);
});
