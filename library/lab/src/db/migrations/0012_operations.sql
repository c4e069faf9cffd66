-- Operations: settings that administrators change, and the workers that are alive.

create table operation_settings (
  -- "retention", …
  name text primary key,
  value jsonb not null,
  updated_by uuid references users on delete set null,
  updated_at timestamptz not null default now()
);

-- One row a worker, renewed with its leases; it goes with the worker, or when nobody heard of it for long.
create table workers (
  name text primary key,
  concurrency integer not null,
  threads integer not null,
  -- of each job
  memory_mb integer not null,
  running integer not null default 0,
  -- how long it may be silent
  lease_seconds integer not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now()
);

-- Streams are resumed by the id that was heard last, so ids must be told in order; but they become visible in the order of commits. Whoever takes
-- ids of metrics, log lines and events holds a lock, until its transaction ends, whose key is the newest id as it began.
create function take_event_ids() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('assay.takes_ids', true), '') = '' then
    perform pg_advisory_xact_lock_shared(4247, (last_event_id() & 2147483647)::integer);
    perform set_config('assay.takes_ids', 'yes', true);
  end if;
  return null;
end $$;
create trigger run_metrics_ids before insert on run_metrics for each statement execute function take_event_ids();
create trigger run_logs_ids before insert on run_logs for each statement execute function take_event_ids();
create trigger events_ids before insert on events for each statement execute function take_event_ids();

-- The newest id up to which a statement that begins after this one sees every row.
create function settled_event_id() returns bigint language plpgsql volatile as $$
declare
  newest bigint := last_event_id(); -- before the locks: whoever takes one now gets larger ids
begin
  return coalesce((select min(newest - ((newest - objid::bigint) & 2147483647)) from pg_locks
    where locktype = 'advisory' and classid = 4247 and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())), newest);
end $$;

create index runs_live on runs (project_id) where status = 'training';
