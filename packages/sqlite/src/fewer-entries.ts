/*
 * The third migration. Each index that holds a run is written with it, so that a run is in none that its state, or
 * what it is, makes needless.
 *
 * runs_live: a ready run is in runs_ready alone, and comes in here when it is claimed, parked or held.
 * runs_places: who has to give way is always a ready run. runs_of_limit: only the shares of concurrency keys go
 * with their last run.
 */
export const FEWER_ENTRIES = `
DROP INDEX runs_live;
CREATE INDEX runs_live ON runs (status, id, job_id)
  WHERE completed_at IS NULL AND (status <> 'QUEUED' OR hold IS NOT NULL);
DROP INDEX runs_places;
CREATE INDEX runs_places ON runs (limit_id, priority, queued_at DESC, id DESC) WHERE holds_place = 1 AND status = 'QUEUED';
DROP INDEX runs_of_limit;
CREATE INDEX runs_of_limit ON runs (limit_id) WHERE concurrency_key IS NOT NULL AND completed_at IS NULL;
`;
