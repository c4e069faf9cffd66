import type { ColumnType, Generated } from "kysely";

/** Set by the database, never written by us. */
type Stamp = ColumnType<Date, Date | undefined, Date>;
/** bigint as text, as pg reads it. */
type Big = ColumnType<string, string | number | bigint, string | number | bigint>;
// biome-ignore lint/suspicious/noExplicitAny: JSON columns hold what their room says
type Json<T = any> = ColumnType<T, string, string>;

/** The tables of the migrations. */
export interface Tables {
  users: {
    id: string;
    username: string;
    email: string | null;
    full_name: string | null;
    active: Generated<boolean>;
    admin: Generated<boolean>;
    created_at: Stamp;
  };
  projects: {
    id: string;
    owner_id: string;
    name: string;
    description: Generated<string>;
    status: Generated<string>;
    public: Generated<boolean>;
    quota_bytes: Big | null;
    created_at: Stamp;
  };
  project_members: { project_id: string; user_id: string; role: string };
  datasets: {
    id: string;
    project_id: string;
    name: string;
    description: Generated<string>;
    target_column: string | null;
    status: Generated<"pending" | "processing" | "ready" | "failed">;
    error: string | null;
    file_name: string | null;
    size_bytes: Big | null;
    active_version: number | null;
    created_by: string | null;
    created_at: Stamp;
  };
  dataset_versions: {
    id: string;
    project_id: string;
    dataset_id: string;
    version: number;
    content_hash: string;
    parent_id: string | null;
    steps: Json<unknown[]>;
    row_count: Big;
    columns: Json;
    memory_bytes: Big;
    file: string;
    origin: Generated<"upload" | "steps" | "restore">;
    recipe: Json | null;
    note: Generated<string>;
    restored_version: number | null;
    file_name: string | null;
    size_bytes: Big | null;
    created_by: string | null;
    created_at: Stamp;
  };
  splits: {
    id: string;
    project_id: string;
    dataset_id: string;
    dataset_version_id: string;
    content_hash: string;
    name: string;
    recipe: Json;
    parts: Buffer;
    train_rows: number;
    validation_rows: number;
    test_rows: number;
    created_by: string | null;
    created_at: Stamp;
  };
  charts: {
    id: string;
    project_id: string;
    dataset_id: string;
    name: string;
    type: string;
    configuration: Json;
    created_by: string | null;
    created_at: Stamp;
  };
  experiments: {
    id: string;
    project_id: string;
    name: string;
    description: Generated<string>;
    created_by: string | null;
    created_at: Stamp;
  };
  runs: {
    id: string;
    project_id: string;
    experiment_id: string;
    name: string;
    description: Generated<string>;
    status: Generated<"pending" | "training" | "completed" | "failed" | "cancelled">;
    attempt: Generated<number>;
    algorithm: string | null;
    task: string | null;
    params: Json<Record<string, unknown>>;
    tags: Json<Record<string, string>>;
    notes: Generated<string>;
    dataset_version_id: string | null;
    dataset_name: string | null;
    target: string | null;
    features: Json<string[]>;
    request: Json | null;
    split: Json | null;
    code: Json | null;
    environment: Json<Record<string, unknown>>;
    seed: Big | null;
    metrics: Json<Record<string, number | string>>;
    evaluation: Json | null;
    progress: Json | null;
    error: string | null;
    created_by: string | null;
    created_at: Stamp;
    started_at: ColumnType<Date | null, Date | null, Date | null>;
    ended_at: ColumnType<Date | null, Date | null, Date | null>;
  };
  run_metrics: {
    id: ColumnType<string, never, never>;
    run_id: string;
    name: string;
    split: string;
    step: Big;
    value: number;
    at: Stamp;
  };
  run_logs: {
    id: ColumnType<string, never, never>;
    run_id: string;
    level: "debug" | "info" | "warn" | "error";
    message: string;
    at: Stamp;
  };
  artifacts: {
    id: string;
    project_id: string;
    run_id: string;
    name: string;
    kind: string;
    content_hash: string;
    size_bytes: Big;
    file: string;
    created_at: Stamp;
  };
  jobs: {
    id: string;
    project_id: string;
    run_id: string | null;
    kind: string;
    status: Generated<"queued" | "running" | "completed" | "failed" | "cancelled">;
    attempt: Generated<number>;
    priority: Generated<number>;
    request: Json;
    result: Json | null;
    error: string | null;
    worker: string | null;
    created_by: string | null;
    created_at: Stamp;
    started_at: ColumnType<Date | null, Date | null, Date | null>;
    ended_at: ColumnType<Date | null, Date | null, Date | null>;
  };
  models: { id: string; project_id: string; name: string; description: Generated<string>; created_at: Stamp };
  model_versions: {
    id: string;
    project_id: string;
    model_id: string;
    version: string;
    status: Generated<"training" | "staged" | "production" | "archived">;
    run_id: string | null;
    description: Generated<string>;
    tags: Json<Record<string, string>>;
    algorithm: string;
    task: string;
    params: Json<Record<string, unknown>>;
    metrics: Json<Record<string, number | string>>;
    signature: Json;
    dataset_version_id: string | null;
    content_hash: string;
    size_bytes: Big;
    file: string;
    created_by: string | null;
    created_at: Stamp;
  };
  model_audit: {
    id: ColumnType<string, never, never>;
    project_id: string;
    model_version_id: string;
    from_status: string | null;
    to_status: string;
    actor: string | null;
    reason: Generated<string>;
    at: Stamp;
  };
  predictions: {
    id: string;
    project_id: string;
    model_version_id: string;
    user_key: string | null;
    source: Generated<string>;
    row_count: number;
    inputs_hash: string;
    latency_ms: number;
    at: Stamp;
  };
  events: { id: ColumnType<string, never, never>; project_id: string; kind: string; subject_id: string; data: Json; at: Stamp };
}
