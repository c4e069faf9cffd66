-- Recommendation: runs of the ETL, and the key under which people's ids are hashed.
create table etl_runs (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  job_id uuid unique references jobs on delete set null,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  -- null until a run for the next version has begun
  version text,
  -- as `etlSettings` of the contract
  settings jsonb not null,
  steps jsonb not null default '[]',
  checks jsonb not null default '[]',
  privacy jsonb,
  train_rows bigint,
  test_rows bigint,
  train_version_id uuid references dataset_versions on delete set null,
  test_version_id uuid references dataset_versions on delete set null,
  -- the quality report's name in the store
  report text,
  error text,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index etl_runs_newest on etl_runs (project_id, id desc);
-- a version is never overwritten
create unique index etl_runs_version on etl_runs (project_id, version) where status = 'completed';

-- Files of the flow beside datasets and models; what no row names is swept out of the store.
create table recommendation_files (
  file text primary key,
  project_id uuid not null references projects on delete cascade,
  -- the ETL run or recommender that it is of
  subject_id uuid not null
);
create index recommendation_files_subject on recommendation_files (subject_id);

create table recommendation_keys (
  project_id uuid primary key references projects on delete cascade,
  hash_key bytea not null
);

select net_tables();
