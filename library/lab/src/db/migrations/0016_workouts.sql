-- Training logs as they were stored: whose, what they hold, and what the check of the lines that came last found.
create table workout_logs (
  dataset_version_id uuid primary key references dataset_versions on delete cascade,
  project_id uuid not null references projects on delete cascade,
  user_id text not null,
  -- sets, sessions, exercises, from, to
  facts jsonb not null,
  -- as `workoutReport` of the contract; null where names alone were changed in a log of another origin
  report jsonb,
  created_at timestamptz not null default now()
);
create index workout_logs_newest on workout_logs (project_id, user_id, dataset_version_id desc);
