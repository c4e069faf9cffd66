-- Tables of transit signals that exoplanet sessions train on: what the check of each upload found.
create table exoplanet_datasets (
  dataset_version_id uuid primary key references dataset_versions on delete cascade,
  project_id uuid not null references projects on delete cascade,
  -- as `signalReport` of the contract
  report jsonb not null,
  created_at timestamptz not null default now()
);
create index exoplanet_datasets_newest on exoplanet_datasets (project_id, created_at desc);
