-- Datasets: where a version comes from, saved splits and charts, room per project.

alter table projects add column quota_bytes bigint check (quota_bytes >= 0);

alter table dataset_versions
  -- what made it: a file or table that was given, steps on its parent, or an earlier version brought back
  add column origin text not null default 'upload' check (origin in ('upload', 'steps', 'restore')),
  -- what fitting the steps learnt; applied to new data as it stands here
  add column recipe jsonb,
  add column note text not null default '',
  add column restored_version integer,
  add column file_name text,
  -- of the file in the store
  add column size_bytes bigint;
create index dataset_versions_file on dataset_versions (file);

create table splits (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  dataset_id uuid not null references datasets on delete cascade,
  dataset_version_id uuid not null references dataset_versions on delete cascade,
  -- of the version's rows: indices mean nothing on others
  content_hash text not null,
  name text not null,
  -- {test, validation, stratify?, group?, time?, seed}
  recipe jsonb not null,
  -- one byte a row: 0 training, 1 validation, 2 test
  parts bytea not null,
  train_rows integer not null,
  validation_rows integer not null,
  test_rows integer not null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (dataset_version_id, name)
);
create index splits_dataset on splits (dataset_id, id desc);

create table charts (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  dataset_id uuid not null references datasets on delete cascade,
  name text not null,
  type text not null,
  configuration jsonb not null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (dataset_id, name)
);
