-- Everything belongs to a project. Ids are UUIDv7 made by the program; every instant is timestamptz.

-- One sequence numbers metrics, logs and events, so that one Last-Event-ID resumes a stream of all three.
create sequence event_ids as bigint;

create table users (
  id uuid primary key,
  username text not null unique,
  email text unique,
  full_name text,
  avatar text,
  password_hash text,
  active boolean not null default true,
  admin boolean not null default false,
  created_at timestamptz not null default now()
);

create table projects (
  id uuid primary key,
  owner_id uuid not null references users,
  name text not null,
  description text not null default '',
  status text not null default 'active' check (status in ('active', 'archived')),
  public boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (owner_id, name)
);

create table project_members (
  project_id uuid not null references projects on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('owner', 'editor', 'viewer')),
  primary key (project_id, user_id)
);

create table activity_log (
  id bigint primary key default nextval('event_ids'),
  project_id uuid not null references projects on delete cascade,
  user_id uuid references users,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  at timestamptz not null default now()
);
create index activity_log_project on activity_log (project_id, id);

create table datasets (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  description text not null default '',
  target_column text,
  status text not null default 'pending' check (status in ('pending', 'processing', 'ready', 'failed')),
  error text,
  file_name text,
  size_bytes bigint,
  active_version integer,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (project_id, name)
);

create table dataset_versions (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  dataset_id uuid not null references datasets on delete cascade,
  version integer not null check (version > 0),
  content_hash text not null,
  parent_id uuid references dataset_versions,
  steps jsonb not null default '[]',
  row_count bigint not null,
  -- [{name, kind, missing, distinct, levels?, mean?, sd?, min?, max?}] in column order
  columns jsonb not null,
  memory_bytes bigint not null,
  file text not null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (dataset_id, version)
);

create table experiments (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  description text not null default '',
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (project_id, name)
);

create table runs (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  experiment_id uuid not null references experiments on delete cascade,
  name text not null,
  description text not null default '',
  status text not null default 'pending' check (status in ('pending', 'training', 'completed', 'failed', 'cancelled')),
  attempt integer not null default 1,
  algorithm text,
  task text,
  params jsonb not null default '{}',
  tags jsonb not null default '{}',
  notes text not null default '',
  dataset_version_id uuid references dataset_versions on delete set null,
  dataset_name text,
  target text,
  features jsonb not null default '[]',
  -- what a worker needs to train it again: the whole request, defaults filled in
  request jsonb,
  -- {train, validation?, test} row indices, or how they were drawn
  split jsonb,
  code jsonb,
  environment jsonb not null default '{}',
  seed bigint,
  -- final values, {"test.accuracy": 0.9}; written once at the end, read by the list
  metrics jsonb not null default '{}',
  evaluation jsonb,
  -- {step, steps, elapsedMs} of the fit under way
  progress jsonb,
  error text,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index runs_project on runs (project_id, id desc);
create index runs_experiment on runs (experiment_id, id desc);

create table run_metrics (
  id bigint not null default nextval('event_ids'),
  run_id uuid not null references runs on delete cascade,
  name text not null,
  split text not null default 'train',
  step bigint not null default 0,
  value double precision not null,
  at timestamptz not null default now()
);
create index run_metrics_series on run_metrics (run_id, name, split, step);
create index run_metrics_id on run_metrics (run_id, id);

create table run_logs (
  id bigint primary key default nextval('event_ids'),
  run_id uuid not null references runs on delete cascade,
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null,
  at timestamptz not null default now()
);
create index run_logs_run on run_logs (run_id, id);

create table artifacts (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  run_id uuid not null references runs on delete cascade,
  name text not null,
  kind text not null,
  content_hash text not null,
  size_bytes bigint not null,
  file text not null,
  created_at timestamptz not null default now(),
  unique (run_id, name)
);

create table jobs (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  run_id uuid references runs on delete cascade,
  kind text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  attempt integer not null default 1,
  priority integer not null default 0,
  request jsonb not null,
  result jsonb,
  error text,
  worker text,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index jobs_project on jobs (project_id, id desc);
create index jobs_run on jobs (run_id);

create table models (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  description text not null default '',
  created_at timestamptz not null default now(),
  unique (project_id, name)
);

create table model_versions (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_id uuid not null references models on delete cascade,
  version text not null,
  status text not null default 'staged' check (status in ('training', 'staged', 'production', 'archived')),
  run_id uuid references runs on delete set null,
  description text not null default '',
  tags jsonb not null default '{}',
  algorithm text not null,
  task text not null,
  params jsonb not null,
  metrics jsonb not null default '{}',
  -- {columns: [{name, kind, levels?}], target, classes?}
  signature jsonb not null,
  dataset_version_id uuid references dataset_versions on delete set null,
  content_hash text not null,
  size_bytes bigint not null,
  file text not null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (model_id, version)
);
create unique index model_versions_one_production on model_versions (model_id) where status = 'production';

create table model_audit (
  id bigint primary key default nextval('event_ids'),
  project_id uuid not null references projects on delete cascade,
  model_version_id uuid not null references model_versions on delete cascade,
  from_status text,
  to_status text not null,
  actor uuid references users,
  reason text not null default '',
  at timestamptz not null default now()
);

create table predictions (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_version_id uuid not null references model_versions on delete cascade,
  user_key text,
  source text not null default 'advanced' check (source in ('advanced', 'basic', 'emergency')),
  row_count integer not null,
  inputs_hash text not null,
  latency_ms double precision not null,
  at timestamptz not null default now()
);
create index predictions_version on predictions (model_version_id, at);

-- What a stream tells besides metrics and logs: status changes of runs, jobs, datasets, models.
create table events (
  id bigint primary key default nextval('event_ids'),
  project_id uuid not null references projects on delete cascade,
  kind text not null,
  subject_id uuid not null,
  data jsonb not null,
  at timestamptz not null default now()
);
create index events_project on events (project_id, id);
create index events_subject on events (subject_id, id);

-- The newest id that a stream may begin behind.
create function last_event_id() returns bigint language sql stable as $$
  select case when is_called then last_value else 0 end from event_ids
$$;
