/*
 * The first migration. Columns are named after the fields of the records (packages/engine/src/store/records.ts);
 * what is not there is explained here. Instants are epoch milliseconds, truth values 0 and 1.
 *
 * Ready work is apart from history: every index that claiming, waking and timing search is partial over live
 * states, so a million finished runs cost them nothing.
 */

const RUNS = `
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,            -- a name of the row that survives VACUUM
  id TEXT NOT NULL UNIQUE,
  job_id TEXT NOT NULL,
  job_version TEXT NOT NULL,
  status TEXT NOT NULL,
  hold TEXT,
  priority INTEGER NOT NULL,
  tags TEXT,                             -- JSON; NULL: none
  is_test INTEGER NOT NULL,
  replay_of TEXT,
  parent_run_id TEXT,
  parent_job_id TEXT,
  parent_task_id TEXT,
  is_detached INTEGER NOT NULL,
  account_id TEXT,
  callback_url TEXT,
  has_hooks INTEGER NOT NULL,
  idempotency_key TEXT,
  idempotency_digest TEXT,               -- what Retry needs to take the key again
  idempotency_expires_at INTEGER,
  concurrency_key TEXT,
  limit_id TEXT,
  limit_max INTEGER,                     -- what Retry needs to have its share of a limit again
  holds_place INTEGER NOT NULL,          -- 1: counted in limits.taken
  created_at INTEGER NOT NULL,
  queued_at INTEGER,
  wake_at INTEGER,
  expires_at INTEGER,
  started_at INTEGER,
  completed_at INTEGER,
  ttl_ms INTEGER,
  max_duration_ms INTEGER,
  attempt INTEGER NOT NULL,
  execution_count INTEGER NOT NULL,
  execution_ms INTEGER NOT NULL,
  execution_ms_at_retry INTEGER NOT NULL DEFAULT 0, -- max_duration_ms counts from there
  crash_count INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  born_delayed INTEGER NOT NULL,         -- what its first event says
  started_seq INTEGER,                   -- the seq of its first EXECUTING
  worker_id TEXT,                        -- while EXECUTING
  lease INTEGER NOT NULL,                -- counts its claims
  input TEXT,                            -- these five: NULL also where the text lies in bodies
  payload TEXT,
  context TEXT,
  output TEXT,
  error TEXT,
  beside INTEGER NOT NULL                -- which of them do, one bit each
) STRICT;

CREATE INDEX runs_ready ON runs (status, priority DESC, queued_at, id, job_id) WHERE status = 'QUEUED' AND hold IS NULL;
CREATE INDEX runs_backlog ON runs (limit_id, priority DESC, queued_at, id) WHERE status = 'QUEUED' AND hold = 'limit';
CREATE INDEX runs_places ON runs (limit_id, status, priority, queued_at DESC, id DESC) WHERE holds_place = 1;
CREATE INDEX runs_of_limit ON runs (limit_id) WHERE limit_id IS NOT NULL AND completed_at IS NULL;
CREATE INDEX runs_delayed ON runs (status, wake_at) WHERE status = 'DELAYED';
CREATE INDEX runs_expiring ON runs (status, expires_at) WHERE status = 'QUEUED' AND expires_at IS NOT NULL AND started_at IS NULL;
CREATE INDEX runs_live ON runs (status, id, job_id) WHERE completed_at IS NULL;
CREATE INDEX runs_failed ON runs (status, id, job_id) WHERE completed_at IS NOT NULL AND status <> 'SUCCESS';
CREATE INDEX runs_finished ON runs (completed_at, job_id, status, started_at, queued_at) WHERE completed_at IS NOT NULL;
CREATE INDEX runs_of_job ON runs (job_id, id);
CREATE INDEX runs_of_version ON runs (job_version, id);
CREATE INDEX runs_of_tests ON runs (id) WHERE is_test = 1;
CREATE INDEX runs_of_parent ON runs (parent_run_id, id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_of_account ON runs (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX runs_of_key ON runs (idempotency_key, id) WHERE idempotency_key IS NOT NULL;

CREATE TABLE run_tags (tag TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (tag, run_id)) STRICT, WITHOUT ROWID;

-- The large texts of runs.
CREATE TABLE bodies (run_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run_id, kind)) STRICT;
`;

const STEPS = `
CREATE TABLE tasks (
  run_id TEXT NOT NULL,
  id TEXT NOT NULL,
  parent_id TEXT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  end_ordinal INTEGER,
  status TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  output TEXT,
  error TEXT,
  child_run_id TEXT,
  child_job_id TEXT,
  child_digest TEXT,
  display TEXT,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  wake_at INTEGER,
  wait TEXT,                             -- JSON of the WaitTarget
  resolution TEXT,
  PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_of_child ON tasks (child_run_id) WHERE child_run_id IS NOT NULL;

-- What unresolved waits look out for: a row for each awaited run, one for the rest. Gone when resolved.
CREATE TABLE waits (
  number INTEGER PRIMARY KEY,            -- the oldest wait has the lowest
  run_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  is_parked INTEGER NOT NULL,            -- 1: the run is parked on it, and wakes when it is resolved
  awaited_run_id TEXT,
  signal_name TEXT,
  signal_id TEXT,
  token TEXT,
  wake_at INTEGER
) STRICT;
CREATE INDEX waits_of_task ON waits (run_id, task_id);
CREATE INDEX waits_for_run ON waits (awaited_run_id) WHERE awaited_run_id IS NOT NULL;
CREATE INDEX waits_for_signal ON waits (signal_name, signal_id) WHERE signal_name IS NOT NULL;
CREATE INDEX waits_for_request ON waits (token) WHERE token IS NOT NULL;
CREATE INDEX waits_due ON waits (wake_at) WHERE wake_at IS NOT NULL;

-- Signals that nobody waited for.
CREATE TABLE signals (number INTEGER PRIMARY KEY, name TEXT NOT NULL, id TEXT, payload TEXT NOT NULL) STRICT;
CREATE INDEX signals_by_name ON signals (name, id);

-- Append-only. Birth, the first EXECUTING and the end have no rows: the run's own row tells them.
CREATE TABLE events (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  status TEXT,
  task_id TEXT,
  level TEXT,
  message TEXT,
  data TEXT,
  scope TEXT,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE statuses (
  number INTEGER PRIMARY KEY,            -- in the order they were made
  run_id TEXT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  state TEXT,
  data TEXT,
  updated_at INTEGER NOT NULL,
  UNIQUE (run_id, key)
) STRICT;
`;

const SURROUNDINGS = `
CREATE TABLE idempotency (
  job_id TEXT NOT NULL,
  key TEXT NOT NULL,
  run_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (job_id, key)
) STRICT, WITHOUT ROWID;

-- Answers to requests that a client may send again.
CREATE TABLE requests (request_id TEXT PRIMARY KEY, run_ids TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX requests_expiring ON requests (expires_at);

CREATE TABLE limits (
  id TEXT PRIMARY KEY,
  max INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  is_share INTEGER NOT NULL              -- of a concurrency key: there while unfinished runs count against it
) STRICT, WITHOUT ROWID;

-- Functions that still run though their run has ended: they keep their place.
CREATE TABLE lingering (
  run_id TEXT NOT NULL,
  lease INTEGER NOT NULL,
  worker_id TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  PRIMARY KEY (run_id, lease)
) STRICT, WITHOUT ROWID;
CREATE INDEX lingering_of_worker ON lingering (worker_id);
CREATE INDEX lingering_of_limit ON lingering (limit_id);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  name TEXT,
  is_paused INTEGER NOT NULL,
  swept_to TEXT                          -- pausing or resuming: up to which run id that was done; NULL: no more to do
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_sweeping ON jobs (is_paused) WHERE swept_to IS NOT NULL;

CREATE TABLE job_versions (
  job_id TEXT NOT NULL,
  version TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (job_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE worker_jobs (job_id TEXT NOT NULL, worker_id TEXT NOT NULL, PRIMARY KEY (job_id, worker_id)) STRICT, WITHOUT ROWID;
CREATE INDEX worker_jobs_of_worker ON worker_jobs (worker_id);

CREATE TABLE kv (scope TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (scope, key)) STRICT;

CREATE TABLE deliveries (
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  job_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,              -- how many were begun
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  worker_id TEXT,                        -- who is delivering it
  PRIMARY KEY (run_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (worker_id, due_at, job_id) WHERE worker_id IS NULL;
CREATE INDEX deliveries_of_worker ON deliveries (worker_id) WHERE worker_id IS NOT NULL;
`;

export const FIRST_SCHEMA = RUNS + STEPS + SURROUNDINGS;
