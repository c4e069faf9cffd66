-- The registry: aliases, settings of a model, the audit trail, the log of predictions, erasure of a person's rows.

alter table models
  -- what is kept of a prediction's inputs: their hash, their values, or no log at all
  add column log text not null default 'hash' check (log in ('hash', 'values', 'off')),
  add column retention_days integer not null default 90 check (retention_days between 1 and 36500),
  -- {basic?: "name@1.0.0", rule?: {cases, otherwise}}: what answers where the version that was asked cannot
  add column fallback jsonb not null default '{}',
  -- {required, metric?, max_drop, schema}: what is checked before a version goes into production
  add column checks jsonb not null default '{}';

alter table model_versions
  -- names of the steps before the estimator
  add column preprocessing jsonb not null default '[]',
  -- {prediction, proba}: what an answer is without a model, the most frequent class or the mean
  add column prior jsonb;
create index model_versions_file on model_versions (file);

create table model_aliases (
  model_id uuid not null references models on delete cascade,
  alias text not null,
  project_id uuid not null references projects on delete cascade,
  model_version_id uuid not null references model_versions on delete cascade,
  -- moved and removed by owners of the project only
  protected boolean not null default false,
  updated_by uuid references users,
  updated_at timestamptz not null default now(),
  primary key (model_id, alias)
);
create index model_aliases_version on model_aliases (model_version_id);

-- the trail outlives its version
alter table model_audit
  add column model_id uuid references models on delete cascade,
  add column version text,
  add column action text not null default 'move',
  add column detail jsonb not null default '{}',
  alter column model_version_id drop not null,
  alter column to_status drop not null,
  drop constraint model_audit_model_version_id_fkey,
  add foreign key (model_version_id) references model_versions on delete set null;
update model_audit a set model_id = v.model_id, version = v.version from model_versions v where v.id = a.model_version_id;
create index model_audit_model on model_audit (model_id, id desc);

alter table predictions
  -- why the version that was asked did not answer
  add column reason text,
  -- rows as they came, where the model keeps values
  add column inputs jsonb,
  add column prediction jsonb,
  add column proba jsonb,
  add column ab_test_id uuid,
  add column arm text,
  add column shadow boolean not null default false,
  add column job_id uuid;
create index predictions_user on predictions (project_id, user_key) where user_key is not null;
create index predictions_ab_test on predictions (ab_test_id, at) where ab_test_id is not null;

-- Whose rows were erased, as a hash: a prediction that was waiting to be written at that moment is not written after it.
create table erasures (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  subject_hash text not null,
  -- {predictions: 12, …}
  counts jsonb not null,
  actor uuid references users,
  at timestamptz not null default clock_timestamp()
);
create index erasures_subject on erasures (project_id, subject_hash, at);
