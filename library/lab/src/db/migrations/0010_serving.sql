-- Files of predictions: where they lie, and whose rows they hold.

create table prediction_files (
  -- the job that predicted it
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_version_id uuid references model_versions on delete set null,
  model text not null,
  file text not null unique,
  file_name text not null,
  output text not null check (output in ('csv', 'parquet')),
  row_count bigint not null,
  bad_rows bigint not null,
  size_bytes bigint not null,
  -- whose cells say whom a row is about; null: the file is not known to hold rows of people
  user_column text,
  -- the first 64 bits of the hash of each of them, as in erasures
  people bigint[],
  created_by uuid references users on delete set null,
  created_at timestamptz not null default clock_timestamp()
);
create index prediction_files_project on prediction_files (project_id, id desc);
create index prediction_files_age on prediction_files (model_version_id, created_at);
