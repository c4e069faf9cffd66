// Test files of a process share its modules, not what one of them has set: each leaves the environment and the clock as they were.
import { afterAll, vi } from "vitest";

const given = { ...process.env };

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in given)) delete process.env[name];
  Object.assign(process.env, given);
});
