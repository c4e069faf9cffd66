-- Monitoring and the feature store.

-- What a version's inputs and predictions looked like where it was trained: bins and their counts.
create table model_profiles (
  model_version_id uuid primary key references model_versions on delete cascade,
  project_id uuid not null references projects on delete cascade,
  -- of this reference: sketches of another have other bins
  id uuid not null unique,
  dataset text,
  row_count bigint not null,
  -- {columns: [{name, kind, edges | levels, counts}], prediction: {…}}
  profile jsonb not null,
  created_at timestamptz not null default now()
);

-- Counts per bin of the predictions of one version in one hour, without values; many rows an hour, merged now and then.
create table prediction_sketches (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_version_id uuid not null references model_versions on delete cascade,
  hour timestamptz not null,
  -- of the reference whose bins are counted; null where the version had none
  profile_id uuid,
  requests bigint not null,
  row_count bigint not null,
  -- rows that a fallback answered
  basic_rows bigint not null,
  emergency_rows bigint not null,
  latency_ms_sum double precision not null,
  latency_ms_max double precision not null,
  -- unsigned 32-bit integers, little-endian, one a bin
  counts bytea
);
create index prediction_sketches_hour on prediction_sketches (model_version_id, hour);

-- What is watched of a model.
create table monitors (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_id uuid not null references models on delete cascade,
  name text not null,
  measure text not null,
  -- input column of a drift, name of a metric
  subject text,
  threshold double precision not null,
  window_hours integer not null check (window_hours between 1 and 8760),
  cooldown_hours integer not null check (cooldown_hours between 0 and 8760),
  min_rows integer not null check (min_rows > 0),
  paused boolean not null default false,
  checked_at timestamptz,
  value double precision,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (model_id, name)
);

create table model_alerts (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  model_id uuid not null references models on delete cascade,
  monitor_id uuid not null references monitors on delete cascade,
  model_version_id uuid references model_versions on delete set null,
  status text not null default 'open' check (status in ('open', 'acknowledged', 'resolved')),
  value double precision not null,
  threshold double precision not null,
  message text not null,
  detail jsonb not null default '{}',
  -- how often it was found so
  times integer not null default 1,
  opened_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  acknowledged_by uuid references users,
  acknowledged_at timestamptz,
  resolved_by uuid references users,
  resolved_at timestamptz,
  note text not null default ''
);
-- one a monitor at a time, however many check it at once
create unique index model_alerts_one on model_alerts (monitor_id) where status <> 'resolved';
create index model_alerts_project on model_alerts (project_id, id desc);
create index model_alerts_monitor on model_alerts (monitor_id, resolved_at);

-- The feature store. A definition never changes: another is the next version.
create table feature_views (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  version integer not null check (version > 0),
  description text not null default '',
  -- {kind: "dataset" | "postgres", query?, datasets: {alias: "name@3"}}
  source jsonb not null,
  entity text not null,
  event_time text not null,
  ttl_seconds bigint check (ttl_seconds > 0),
  -- [{name, kind}] of the features, without entity and event time
  columns jsonb not null,
  owner uuid references users,
  created_at timestamptz not null default now(),
  unique (project_id, name, version)
);

-- What materialising gave: the offline file; the newest is joined and is what the online rows are of.
create table feature_view_runs (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  feature_view_id uuid not null references feature_views on delete cascade,
  content_hash text not null,
  -- null: a later one took its place
  file text,
  size_bytes bigint not null,
  row_count bigint not null,
  key_count bigint not null,
  first_at timestamptz,
  last_at timestamptz,
  -- {alias: "name@3 hash"}
  inputs jsonb not null,
  created_by uuid references users,
  created_at timestamptz not null default now()
);
create index feature_view_runs_view on feature_view_runs (feature_view_id, id desc);
create index feature_view_runs_file on feature_view_runs (file) where file is not null;

-- The newest row of each key, read online.
create table feature_rows (
  feature_view_id uuid not null references feature_views on delete cascade,
  key text not null,
  project_id uuid not null references projects on delete cascade,
  event_at timestamptz not null,
  "values" jsonb not null,
  primary key (feature_view_id, key)
);
-- a person's rows are erased by key
create index feature_rows_key on feature_rows (project_id, key);

-- Which feature views a dataset version was joined from: through its runs, the models that use them.
create table dataset_features (
  dataset_version_id uuid not null references dataset_versions on delete cascade,
  feature_view_id uuid not null references feature_views,
  feature_view_run_id uuid not null references feature_view_runs,
  project_id uuid not null references projects on delete cascade,
  primary key (dataset_version_id, feature_view_id)
);
create index dataset_features_view on dataset_features (feature_view_id);
