-- A/B tests: who was shown which version, and what came of it.

create table ab_tests (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  description text not null default '',
  status text not null default 'draft' check (status in ('draft', 'running', 'stopped')),
  model_a uuid not null references model_versions,
  model_b uuid not null references model_versions,
  -- the share that B gets
  split_ratio double precision not null check (split_ratio > 0 and split_ratio < 1),
  -- B is asked beside A and never answers
  shadow boolean not null default false,
  -- hashed with a person's key into a place on [0, 1)
  seed text not null,
  -- [{name, kind, better, aggregate, missing, window_hours, guardrail}]
  metrics jsonb not null,
  -- fields of the input that are kept of a person's first request
  segment_columns jsonb not null default '[]',
  confidence double precision not null check (confidence > 0 and confidence < 1),
  planned_users integer not null check (planned_users > 0),
  winner text check (winner in ('a', 'b')),
  stop_reason text,
  -- when guard-rails were looked at last
  checked_at timestamptz,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  stopped_at timestamptz,
  unique (project_id, name)
);
create index ab_tests_models on ab_tests (model_a, model_b);

-- A test that began never changes but to stop: no person is moved from one arm to the other.
create function ab_test_is_fixed() returns trigger language plpgsql as $$
begin
  if old.status <> 'draft' and
    (old.model_a, old.model_b, old.split_ratio, old.shadow, old.seed, old.metrics, old.segment_columns, old.confidence, old.planned_users, old.started_at)
      is distinct from
    (new.model_a, new.model_b, new.split_ratio, new.shadow, new.seed, new.metrics, new.segment_columns, new.confidence, new.planned_users, new.started_at)
    or (old.status, new.status) not in
      (('draft', 'draft'), ('draft', 'running'), ('running', 'running'), ('running', 'stopped'), ('stopped', 'stopped'))
  then raise exception 'A/B test "%" is %: it cannot be changed', old.name, old.status;
  end if;
  return new;
end
$$;
create trigger ab_test_is_fixed before update on ab_tests for each row execute function ab_test_is_fixed();

-- One row a person and test, of the first time that they saw an answer.
create table ab_assignments (
  ab_test_id uuid not null references ab_tests on delete cascade,
  user_key text not null,
  project_id uuid not null references projects on delete cascade,
  arm text not null check (arm in ('a', 'b')),
  segments jsonb not null default '{}',
  exposed_at timestamptz not null default clock_timestamp(),
  primary key (ab_test_id, user_key)
);
create index ab_assignments_user on ab_assignments (project_id, user_key);

-- B's answers beside A's, in shadow: whether they agree, what B's failure was, how right both were once that is known.
create table ab_shadows (
  prediction_id uuid primary key,
  ab_test_id uuid not null references ab_tests on delete cascade,
  shadow_id uuid,
  -- share of rows of the same label, or the mean distance of numbers
  agreement double precision,
  error text,
  latency_a_ms double precision not null,
  latency_b_ms double precision,
  score_a double precision,
  score_b double precision,
  at timestamptz not null default clock_timestamp()
);
create index ab_shadows_test on ab_shadows (ab_test_id, at);

-- The true values of a prediction's rows, once they are known.
create table outcomes (
  prediction_id uuid not null references predictions on delete cascade,
  -- of the request
  row integer not null default 0,
  project_id uuid not null references projects on delete cascade,
  user_key text,
  -- copied from the prediction
  model_version_id uuid,
  predicted_at timestamptz,
  -- a label or a number
  actual jsonb not null,
  happened_at timestamptz,
  reported_at timestamptz not null default clock_timestamp(),
  primary key (prediction_id, row)
);
create index outcomes_version on outcomes (model_version_id, predicted_at);
create index outcomes_user on outcomes (project_id, user_key) where user_key is not null;

-- What came of people, as numbers; every test that a person is in counts it.
create table ab_outcomes (
  project_id uuid not null references projects on delete cascade,
  user_key text not null,
  -- "correct" and "absolute_error" are made of true values
  metric text not null,
  -- tells a person's outcomes of one metric apart: the prediction, or what the reporter gave
  outcome_key text not null,
  value double precision not null,
  -- when it happened
  at timestamptz not null,
  reported_at timestamptz not null default clock_timestamp(),
  primary key (project_id, user_key, metric, outcome_key)
);
