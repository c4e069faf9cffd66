-- Studies: searches for good parameters, trial by trial. Whoever moves a trial first locks its study's row in study_progress, so that
-- numbers have no hole, revisions become visible in order, and no two workers can wait for each other.

create table studies (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  directions text[] not null check (cardinality(directions) > 0 and directions <@ array['minimize', 'maximize']),
  -- sampler, pruner, metric, data, seed: for people and panels
  attributes jsonb not null default '{}',
  -- of the parameters, in the order that was given
  space json,
  -- the run that its best parameters were fitted for; its job is the study's
  run_id uuid references runs on delete set null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (project_id, name)
);
create index studies_project on studies (project_id, id desc);
create index studies_run on studies (run_id);

-- Where a study stands: one narrow row, updated in place by every move of a trial.
create table study_progress (
  study_id uuid primary key references studies on delete cascade,
  project_id uuid not null references projects on delete cascade,
  stopped boolean not null default false,
  -- of the next trial, hence how many there are
  next_number integer not null default 0,
  -- of the newest change
  revision bigint not null default 0,
  waiting integer not null default 0,
  running integer not null default 0,
  completed integer not null default 0,
  pruned integer not null default 0,
  failed integer not null default 0,
  -- of a study with one direction
  best_number integer,
  best_value double precision,
  updated_at timestamptz not null default now()
) with (fillfactor = 20);

create table trials (
  study_id uuid not null references studies on delete cascade,
  number integer not null,
  state text not null check (state in ('waiting', 'running', 'completed', 'pruned', 'failed')),
  params jsonb not null default '{}',
  distributions jsonb not null default '{}',
  -- values asked for in advance
  fixed jsonb,
  -- one per direction
  values double precision[],
  error text,
  attributes jsonb not null default '{}',
  worker text,
  attempt integer not null default 0,
  -- how many rows trial_reports has of this attempt
  reports integer not null default 0,
  -- the study's revision when it was changed last, and by which worker; null: by nobody who runs it
  revision bigint not null default 0,
  changed_by text,
  -- names the write that was done last, so that one repeated over a lost connection is done once
  last_call uuid,
  heard_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (study_id, number)
);
create index trials_state on trials (study_id, state, number);
create index trials_revision on trials (study_id, revision);
create index trials_value on trials (study_id, (values[1]), number) where values[1] <> 'NaN';

-- Values reported on the way; append-only.
create table trial_reports (
  id bigint generated always as identity,
  study_id uuid not null references studies on delete cascade,
  number integer not null,
  attempt integer not null,
  step double precision not null,
  value double precision not null
);
create index trial_reports_trial on trial_reports (study_id, number, attempt, id);

-- A trial as a worker hears of it; without a number, only where the study stands.
create type study_change as (
  study_revision bigint, stopped boolean, begun boolean,
  number integer, state text, params jsonb, distributions jsonb, fixed jsonb, values double precision[],
  steps double precision[], reported double precision[], error text, attributes jsonb, worker text, attempt integer,
  revision bigint, started_at timestamptz, ended_at timestamptz
);

-- Trials that others changed behind a revision, oldest change first.
create function study_changes(in_project uuid, of_study uuid, since bigint, for_worker text, at_most integer)
returns setof study_change language sql stable as $$
  select p.revision, p.stopped, false, t.number, t.state, t.params, t.distributions, t.fixed, t.values, r.steps, r.reported, t.error,
    t.attributes, t.worker, t.attempt, t.revision, t.started_at, t.ended_at
  from study_progress p
  left join lateral (
    select * from trials
    where study_id = of_study and revision > since and (for_worker is null or changed_by is distinct from for_worker)
    order by revision limit at_most
  ) t on p.revision > since
  left join lateral (
    select array_agg(step order by id) as steps, array_agg(value order by id) as reported from trial_reports
    where study_id = of_study and number = t.number and attempt = t.attempt
  ) r on t.reports > 0
  where p.study_id = of_study and p.project_id = in_project
  order by t.revision
$$;

-- Hands out the waiting trial of the lowest number, else a new one below `numbers_below`; no row where there is no such study. Its commit
-- need not reach the disk before the answer: if the server falls, the trial was not begun, and whoever runs it has lost it. `held` are the
-- numbers that the caller believes it runs: one of them handed out again was lost so, and gets another attempt. A begun trial becomes a
-- change when it is written.
create function begin_trial(
  in_project uuid, of_study uuid, by_worker text, call uuid, held integer[], numbers_below integer, since bigint, at_most integer
) returns setof study_change language plpgsql as $$
declare
  progress study_progress;
  own trials;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into progress from study_progress where study_id = of_study and project_id = in_project for no key update;
  if not found then return; end if;
  if progress.running > 0 then
    select * into own from trials where study_id = of_study and state = 'running' and last_call = call;
  end if;
  if own.number is null and progress.waiting > 0 then
    update trials
    set state = 'running', attempt = attempt + 1, worker = by_worker, changed_by = by_worker, last_call = call, started_at = now(),
      heard_at = now()
    where study_id = of_study
      and number = (select number from trials where study_id = of_study and state = 'waiting' order by number limit 1)
    returning * into own;
    update study_progress set waiting = waiting - 1, running = running + 1, updated_at = now() where study_id = of_study;
  elsif own.number is null and (numbers_below is null or progress.next_number < numbers_below) then
    insert into trials (study_id, number, state, attempt, worker, changed_by, last_call, started_at, heard_at)
    values (of_study, progress.next_number, 'running', case when progress.next_number = any(held) then 2 else 1 end, by_worker,
      by_worker, call, now(), now())
    returning * into own;
    update study_progress set next_number = next_number + 1, running = running + 1, updated_at = now() where study_id = of_study;
  end if;
  if own.number is not null then
    return query select progress.revision, progress.stopped, true, own.number, own.state, own.params, own.distributions, own.fixed,
      own.values, null::double precision[], null::double precision[], own.error, own.attributes, own.worker, own.attempt, own.revision,
      own.started_at, own.ended_at;
  end if;
  return query select * from study_changes(in_project, of_study, since, by_worker, at_most);
end
$$;

-- Adds to a running trial, and ends it where an end is given. 'lost' where another holds it.
create function write_trial(
  in_project uuid, of_study uuid, of_number integer, by_worker text, of_attempt integer, call uuid,
  new_params jsonb, new_distributions jsonb, new_attributes jsonb, new_steps double precision[], new_reports double precision[],
  end_state text, end_values double precision[], end_error text
) returns text language plpgsql as $$
declare
  progress study_progress;
  own trials;
  is_best boolean;
begin
  select * into progress from study_progress where study_id = of_study and project_id = in_project for no key update;
  if not found then return 'no study'; end if;
  select * into own from trials where study_id = of_study and number = of_number;
  if not found then return 'no trial'; end if;
  if own.last_call = call then return 'done'; end if;
  if own.state <> 'running' or own.worker is distinct from by_worker or own.attempt <> of_attempt then return 'lost'; end if;
  if cardinality(new_steps) > 0 then
    insert into trial_reports (study_id, number, attempt, step, value)
    select of_study, of_number, of_attempt, * from unnest(new_steps, new_reports);
  end if;
  update trials
  set params = params || new_params, distributions = distributions || new_distributions, attributes = attributes || new_attributes,
    reports = reports + cardinality(new_steps), revision = progress.revision + 1, changed_by = by_worker, last_call = call,
    heard_at = now(), state = coalesce(end_state, 'running'), values = end_values, error = end_error,
    ended_at = case when end_state is not null then now() end
  where study_id = of_study and number = of_number;
  is_best := coalesce(end_state = 'completed' and cardinality(end_values) = 1 and end_values[1] <> 'NaN', false) and (
    progress.best_value is null or (
      select case directions[1] when 'minimize' then end_values[1] < progress.best_value else end_values[1] > progress.best_value end
      from studies where id = of_study));
  update study_progress
  set revision = revision + 1, running = running - (end_state is not null)::integer,
    completed = completed + coalesce(end_state = 'completed', false)::integer,
    pruned = pruned + coalesce(end_state = 'pruned', false)::integer,
    failed = failed + coalesce(end_state = 'failed', false)::integer,
    best_number = case when is_best then of_number else best_number end,
    best_value = case when is_best then end_values[1] else best_value end, updated_at = now()
  where study_id = of_study;
  return 'done';
end
$$;

-- Says that a worker's running trials are alive.
create function hear_worker(in_project uuid, of_study uuid, by_worker text) returns boolean language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform from study_progress where study_id = of_study and project_id = in_project for no key update;
  if not found then return false; end if;
  update trials set heard_at = now() where study_id = of_study and state = 'running' and worker = by_worker;
  return true;
end
$$;

-- Takes the running trials of workers that were not heard for so long, of all or of those whose name begins so: back to waiting with their parameters fixed, or failed where they
-- were handed out often enough. Answers their numbers; null where there is no such study.
create function reclaim_trials(in_project uuid, of_study uuid, of_workers text, silent interval, attempts_max integer)
returns integer[] language plpgsql as $$
declare
  progress study_progress;
  taken integer[];
  ended integer;
begin
  select * into progress from study_progress where study_id = of_study and project_id = in_project for no key update;
  if not found then return null; end if;
  with gone as (
    select worker from trials where study_id = of_study and state = 'running' and starts_with(worker, of_workers)
    group by worker having max(heard_at) <= clock_timestamp() - silent
  ), lost as (
    select number, row_number() over (order by number) as place from trials
    where study_id = of_study and state = 'running' and worker in (select worker from gone)
  ), moved as (
    update trials t
    set state = case when attempt >= attempts_max then 'failed' else 'waiting' end,
      error = case when attempt >= attempts_max then 'its worker ' || worker || ' ended in the middle, ' || attempt || ' times' end,
      ended_at = case when attempt >= attempts_max then now() end,
      fixed = case when attempt >= attempts_max then fixed else nullif(coalesce(fixed, '{}') || params, '{}') end,
      params = case when attempt >= attempts_max then params else '{}' end,
      distributions = case when attempt >= attempts_max then distributions else '{}' end,
      reports = case when attempt >= attempts_max then reports else 0 end,
      revision = progress.revision + lost.place, changed_by = null, last_call = null
    from lost where t.study_id = of_study and t.number = lost.number
    returning t.number, t.state
  )
  select coalesce(array_agg(number), '{}'), count(*) filter (where state = 'failed') into taken, ended from moved;
  update study_progress
  set revision = revision + cardinality(taken), running = running - cardinality(taken),
    waiting = waiting + cardinality(taken) - ended, failed = failed + ended, updated_at = now()
  where study_id = of_study and cardinality(taken) > 0;
  return taken;
end
$$;
