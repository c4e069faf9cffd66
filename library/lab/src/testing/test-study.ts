import type { StudyRecord, TrialRecord } from "assay";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Session } from "../projects/session.ts";
import { type LabStudyStorage, studyStorage } from "../tracking/index.ts";
import { testSession } from "./test-session.ts";

/** A study of a test file, another for each test. */
interface TestStudy {
  readonly session: Session;
  readonly storage: LabStudyStorage;
  /** It minimises one value; a test may put another in its place. */
  study: StudyRecord;
  /** Takes its next trial. */
  begin(worker?: string): Promise<TrialRecord>;
  /** Takes its next trial and ends it with a value, which is its parameter `x` too. */
  complete(value: number, worker?: string): Promise<TrialRecord>;
  /** Its trials by number. */
  trials(): Promise<readonly TrialRecord[]>;
}

/** A parameter of such trials. */
export const unit = { type: "float", low: 0, high: 1 } as const;

/** Has a database made before the tests of a file, and a study in it before each. */
export function testStudy(): TestStudy {
  let close: (() => Promise<unknown>) | undefined;
  let count = 0;
  const lab: { -readonly [K in keyof TestStudy]?: TestStudy[K] } = {
    begin: async (worker = "a") => (await lab.storage!.begin(lab.study!.id, { worker, since: "" })).trial!,
    async complete(value, worker = "a") {
      const trial = await lab.begin!(worker);
      const ended = { state: "completed", values: [value], params: { x: value }, distributions: { x: unit } } as const;
      await lab.storage!.finish(lab.study!.id, trial, ended);
      return trial;
    },
    trials: async () => [...(await lab.storage!.changes(lab.study!.id, "")).trials].sort((a, b) => a.number - b.number),
  };
  beforeAll(async () => {
    const opened = await testSession();
    close = opened.close;
    lab.session = opened.session;
    lab.storage = studyStorage(opened.session);
  });
  beforeEach(async () => {
    lab.study = await lab.storage!.create({ name: `study ${++count}`, directions: ["minimize"] });
  });
  afterAll(() => close?.());
  return lab as TestStudy;
}
