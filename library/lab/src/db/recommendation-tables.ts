import type { ColumnType } from "kysely";
import type { Big, Json, Stamp } from "./column-types.ts";

/** The tables of 0017 and 0018: runs of the recommendation ETL, keys of people's ids, recommenders and their vectors, feedback. */
export interface RecommendationTables {
  etl_runs: {
    id: string;
    project_id: string;
    job_id: string | null;
    status: "queued" | "running" | "completed" | "failed" | "cancelled";
    version: string | null;
    settings: Json;
    steps: Json;
    checks: Json;
    privacy: Json | null;
    train_rows: Big | null;
    test_rows: Big | null;
    train_version_id: string | null;
    test_version_id: string | null;
    report: string | null;
    error: string | null;
    created_by: string | null;
    created_at: Stamp;
    started_at: Date | null;
    ended_at: Date | null;
  };
  recommendation_files: { file: string; project_id: string; subject_id: string };
  recommendation_keys: { project_id: string; hash_key: Buffer };
  recommenders: {
    id: string;
    project_id: string;
    run_id: string | null;
    algorithm: string;
    dataset: string;
    file: string;
    items_file: string;
    content_hash: string;
    size_bytes: Big;
    user_count: number;
    item_count: number;
    measures: Json<Record<string, { value: number; low: number | null; high: number | null }>>;
    created_by: string | null;
    created_at: Stamp;
  };
  embeddings: { recommender_id: string; project_id: string; kind: "user" | "item"; entity: string; vector: number[] };
  recommendation_feedback: {
    id: ColumnType<string, never, never>;
    project_id: string;
    user_key: string;
    item_id: string;
    action: "viewed" | "clicked" | "booked" | "rejected";
    recommender_id: string | null;
    at: Stamp;
  };
}
