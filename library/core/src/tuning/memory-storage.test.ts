import { describe } from "vitest";
import { studyStorageChecks } from "../testing/study-storage-checks.ts";
import { memoryStorage } from "./memory-storage.ts";

describe("memoryStorage", () => studyStorageChecks(memoryStorage));
