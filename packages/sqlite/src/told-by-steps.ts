/*
 * The fourth migration. A step that begins and ends in one write is told about by its own row: no event is stored
 * beside it, and the run's row is not written for it. See ToldEvents.
 *
 * What a commit costs is the pages that it writes, so the row is as short as it can be: it names its run by the number
 * of its row, and itself once.
 */
export const TOLD_BY_STEPS = `
ALTER TABLE tasks RENAME TO tasks_by_run_id;
DROP INDEX tasks_of_child;
CREATE TABLE tasks (
  run_number INTEGER NOT NULL,           -- runs.number
  id TEXT NOT NULL,
  parent_id TEXT,
  kind TEXT NOT NULL,
  name TEXT,                             -- NULL: as the id
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
  told_seq INTEGER,                      -- of the event that this row tells; NULL: its events are stored
  PRIMARY KEY (run_number, id)
) STRICT, WITHOUT ROWID;
INSERT INTO tasks SELECT runs.number, old.id, old.parent_id, old.kind, nullif(old.name, old.id), old.ordinal,
    old.end_ordinal, old.status, old.attempt, old.output, old.error, old.child_run_id, old.child_job_id, old.child_digest,
    old.display, old.started_at, old.completed_at, old.wake_at, old.wait, old.resolution, NULL
  FROM tasks_by_run_id AS old JOIN runs ON runs.id = old.run_id;
DROP TABLE tasks_by_run_id;
CREATE INDEX tasks_of_child ON tasks (child_run_id) WHERE child_run_id IS NOT NULL;
`;
