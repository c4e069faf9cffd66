import { basename } from "node:path";
import type { AbTest } from "../contract/ab-tests.ts";
import { requestOf, shownOutcomeFile, shownResult } from "../registry/ab-for-cells.ts";
import type { AbTestHandle, AbTests, ArmPrediction } from "../registry/index.ts";
import { fileToSend } from "./file-to-send.ts";
import { predictRows } from "./predict-rows.ts";
import type { Service } from "./service.ts";

/** The A/B tests of a service. */
export function remoteAbTests(service: Service): AbTests {
  const { client } = service;
  return {
    abTest: async (test) =>
      handleOf(
        service,
        (await (typeof test === "string" ? client.abTests.get({ name: test }) : client.abTests.create(requestOf(test)))).test,
      ),
    abTests: async ({ status, limit } = {}) => (await client.abTests.list({ test_status: status, limit })).items,
    outcomes: async (outcomes) => (await client.outcomes.reportMany({ outcomes: [...outcomes] })).report,
    async outcomesFile(path) {
      const file = await fileToSend("outcomes", path);
      return shownOutcomeFile((await client.outcomes.reportFile({ file, fileName: basename(path) })).report);
    },
  };
}

function handleOf(service: Service, test: AbTest): AbTestHandle {
  const { abTests } = service.client;
  const name = test.id;
  return {
    ...test,
    predict: async (rows, { userId }) =>
      (await predictRows(service, { ab_test_name: name }, rows, userId)) as unknown as ArmPrediction,
    async assign(userId, segments) {
      const given = segments as Record<string, never> | undefined;
      const { arm, model_id } = await abTests.assign({ name, user_id: userId, ...(given && { segments: given }) });
      return { arm, model_id };
    },
    result: async () => shownResult((await abTests.result({ name })).result),
    start: async () => handleOf(service, (await abTests.start({ name })).test),
    stop: async (options) => handleOf(service, (await abTests.stop({ ...options, name })).test),
  };
}
