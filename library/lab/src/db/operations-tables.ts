import type { Generated } from "kysely";
import type { Json, Stamp } from "./column-types.ts";

/** Tables of 0012: settings of operation, living workers. */
export interface OperationsTables {
  operation_settings: { name: string; value: Json; updated_by: string | null; updated_at: Stamp };
  workers: {
    name: string;
    concurrency: number;
    threads: number;
    memory_mb: number;
    running: Generated<number>;
    lease_seconds: number;
    started_at: Stamp;
    beat_at: Stamp;
  };
}
