-- Tracking at scale: values of runs by name, batches that are told once, leases, parents, runs that can be brought back.

alter table runs
  add column parent_id uuid references runs on delete set null,
  add column replay_of uuid references runs on delete set null,
  add column deleted_at timestamptz,
  add column error_stack text,
  -- a program that tracks over HTTP is taken for dead when nothing was heard of it by then
  add column lease_seconds integer check (lease_seconds > 0),
  add column lease_until timestamptz,
  -- metrics up to this id are in run_values
  add column summarised_id bigint not null default 0;
create index runs_parent on runs (parent_id) where parent_id is not null;
create index runs_replay on runs (replay_of) where replay_of is not null;
create index runs_deleted on runs (project_id) where deleted_at is not null;
create index runs_lease on runs (lease_until) where status = 'training' and lease_until is not null;
create index runs_created on runs (project_id, created_at desc, id desc);

-- What lists filter and sort by, and tables have for columns: one row a name of a run. A metric's row follows its points (tracking/summary.ts),
-- a parameter's and a tag's the run's own row (the triggers below).
create table run_values (
  run_id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('metric', 'param', 'tag')),
  -- "split.name" of a metric; a parameter in snake_case
  name text not null,
  -- a metric's
  split text,
  -- a metric's last value; a parameter's where it is a number
  value double precision,
  -- a parameter's or a tag's first characters
  text text,
  -- of a metric's values that are not NaN
  low double precision,
  high double precision,
  points bigint,
  -- where the last value stands
  last_step bigint,
  last_id bigint,
  -- of a long series: its stretches in run_stretches are 2^shift steps wide
  shift smallint,
  primary key (run_id, kind, name)
);
create index run_values_name on run_values (project_id, kind, name, value, run_id);

create function values_of_run(params jsonb, tags jsonb) returns table (kind text, name text, value double precision, text text)
  language sql immutable as $$
  select 'param', left(lower(regexp_replace(key, '([A-Z])', '_\1', 'g')), 200),
    case when jsonb_typeof(each.value) = 'number' then each.value::text::double precision
      when each.value in ('"NaN"', '"Infinity"', '"-Infinity"') then (each.value #>> '{}')::double precision end,
    left(each.value #>> '{}', 200)
  from jsonb_each(params) as each
  union all
  select 'tag', left(key, 200), null, left(each.value, 200) from jsonb_each_text(tags) as each
$$;

create function index_run_values() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from run_values where run_id = new.id and kind in ('param', 'tag');
  end if;
  insert into run_values (run_id, project_id, kind, name, value, text)
    select new.id, new.project_id, v.* from values_of_run(new.params, new.tags) as v on conflict do nothing;
  return null;
end $$;
create trigger runs_values_made after insert on runs for each row
  when (new.params <> '{}' or new.tags <> '{}') execute function index_run_values();
create trigger runs_values_changed after update of params, tags on runs for each row
  when (old.params is distinct from new.params or old.tags is distinct from new.tags) execute function index_run_values();

insert into run_values (run_id, project_id, kind, name, value, text)
  select r.id, r.project_id, v.* from runs r, values_of_run(r.params, r.tags) as v on conflict do nothing;
insert into run_values (run_id, project_id, kind, name, split, value, low, high, points, last_step, last_id)
  select m.run_id, r.project_id, 'metric', m.split || '.' || m.name, m.split, (array_agg(m.value order by m.step desc, m.id desc))[1],
    min(m.value) filter (where m.value <> 'NaN'), max(m.value) filter (where m.value <> 'NaN'), count(*), max(m.step),
    (array_agg(m.id order by m.step desc, m.id desc))[1]
  from run_metrics m join runs r on r.id = m.run_id
  group by m.run_id, r.project_id, m.split, m.name
  on conflict do nothing;
update runs set summarised_id = last_event_id();

-- A key looked up for each point costs more than writing the point: whoever writes looks once a batch, and holds the run's lock.
alter table run_metrics drop constraint run_metrics_run_id_fkey;
drop index run_metrics_series;
create index run_metrics_series on run_metrics (run_id, name, split, step, id) include (value);

-- What a curve of a long series is drawn from: of each stretch of steps the extremes, and where they stand.
create table run_stretches (
  run_id uuid not null,
  name text not null,
  split text not null,
  -- step >> shift
  stretch bigint not null,
  -- of its finite values
  low double precision,
  low_step bigint,
  high double precision,
  high_step bigint,
  -- the first value that is NaN or infinite
  odd double precision,
  odd_step bigint,
  primary key (run_id, name, split, stretch)
);

create function forget_run() returns trigger language plpgsql as $$
begin
  delete from run_metrics where run_id = old.id;
  delete from run_stretches where run_id = old.id;
  delete from run_values where run_id = old.id;
  delete from run_batches where run_id = old.id;
  return null;
end $$;
create trigger runs_forgotten after delete on runs for each row execute function forget_run();

-- Points that are taken back, as those of an attempt that died, are taken out of the summary.
create function forget_metrics() returns trigger language plpgsql as $$
begin
  delete from run_stretches where run_id in (select distinct run_id from gone);
  delete from run_values where kind = 'metric' and run_id in (select distinct run_id from gone);
  update runs set summarised_id = 0, metrics = '{}' where id in (select distinct run_id from gone);
  return null;
end $$;
create trigger run_metrics_forgotten after delete on run_metrics
  referencing old table as gone for each statement execute function forget_metrics();

-- Batches that were written: one that is sent again after a lost answer is known.
create table run_batches (
  run_id uuid not null,
  batch_id text not null,
  at timestamptz not null default now(),
  primary key (run_id, batch_id)
);

alter table artifacts add column content_type text not null default 'application/octet-stream';
