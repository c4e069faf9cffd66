-- Jobs: the table is the queue. A worker holds a job by a lease that it renews; the attempt's number is its right to write.

drop schema if exists pgboss cascade;

create table schedules (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  -- five fields, or six with seconds in front
  cron text not null,
  timezone text not null default 'UTC',
  kind text not null,
  request jsonb not null,
  -- {priority, timeoutSeconds, retries, run: {experiment, name}}
  options jsonb not null default '{}',
  paused boolean not null default false,
  -- when it fires next; a firing moves it, in the transaction that queues the job
  next_at timestamptz not null,
  last_at timestamptz,
  last_job_id uuid,
  -- why the last firing queued nothing
  error text,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  unique (project_id, name)
);
create index schedules_due on schedules (next_at) where not paused;

alter table jobs
  add column not_before timestamptz not null default now(),
  add column timeout_seconds integer check (timeout_seconds > 0),
  -- how often it is taken up again after its worker ended in the middle
  add column retries integer not null default 2 check (retries between 0 and 100),
  add column crashes integer not null default 0,
  -- its workers ended too often: it waits for somebody to look
  add column dead boolean not null default false,
  -- until when its worker holds it
  add column lease_until timestamptz,
  add column idempotency_key text,
  add column schedule_id uuid references schedules on delete set null,
  -- {step, steps, elapsed_ms} of jobs that have no run
  add column progress jsonb;
drop index jobs_run;
create index jobs_run on jobs (run_id) where run_id is not null;
create unique index jobs_idempotency on jobs (project_id, idempotency_key) where idempotency_key is not null;
create index jobs_waiting on jobs (priority desc, id) where status = 'queued';
create index jobs_held on jobs (lease_until) where status = 'running';
create index jobs_dead on jobs (project_id, id desc) where dead;
alter table schedules add foreign key (last_job_id) references jobs on delete set null;

-- whoever held these spoke to the queue before this one
update jobs set status = 'queued', worker = null where status = 'running';

create table job_logs (
  id bigint primary key default nextval('event_ids'),
  job_id uuid not null references jobs on delete cascade,
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null,
  at timestamptz not null default now()
);
create index job_logs_job on job_logs (job_id, id);

-- A process that works on a job says so on its connections (`assay.attempt` = job/attempt): what it writes is refused as soon as
-- the job has ended or was given to another.
create function refuse_lost_attempt() returns trigger language plpgsql as $$
declare
  fence text := current_setting('assay.attempt', true);
begin
  perform 1 from jobs
    where id = split_part(fence, '/', 1)::uuid and attempt = split_part(fence, '/', 2)::integer and status = 'running'
    for share;
  if not found then
    raise exception 'job: attempt % has ended or was taken over, its writes are refused', fence using errcode = 'AS001';
  end if;
  return null;
end $$;
create trigger runs_attempt before update or delete on runs
  for each statement when (current_setting('assay.attempt', true) <> '') execute function refuse_lost_attempt();
create trigger run_metrics_attempt before insert or update or delete on run_metrics
  for each statement when (current_setting('assay.attempt', true) <> '') execute function refuse_lost_attempt();
create trigger run_logs_attempt before insert or update or delete on run_logs
  for each statement when (current_setting('assay.attempt', true) <> '') execute function refuse_lost_attempt();
create trigger job_logs_attempt before insert or update or delete on job_logs
  for each statement when (current_setting('assay.attempt', true) <> '') execute function refuse_lost_attempt();
create trigger artifacts_attempt before insert or update or delete on artifacts
  for each statement when (current_setting('assay.attempt', true) <> '') execute function refuse_lost_attempt();

-- Which store holds the files; a worker beside another store fetches and sends them through `file_parts`.
create table store_home (
  single boolean primary key default true check (single),
  store_id uuid not null
);
create table file_transfers (
  id uuid primary key,
  file text not null,
  -- fetch: from the home store to whoever asked; send: to the home store; remove: from it
  direction text not null check (direction in ('fetch', 'send', 'remove')),
  status text not null check (status in ('asked', 'serving', 'there', 'failed', 'done')),
  content_hash text,
  error text,
  at timestamptz not null default now()
);
create index file_transfers_open on file_transfers (direction, status, at);
-- what is lost here in a crash is asked for again
create unlogged table file_parts (
  transfer_id uuid not null references file_transfers on delete cascade,
  part integer not null,
  bytes bytea not null,
  primary key (transfer_id, part)
);
