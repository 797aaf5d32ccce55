/*
 * The third migration. A run is made ready and claimed far more often than lists of the QUEUED are read, so a ready
 * run is in runs_ready alone, and comes into runs_live when it is claimed, parked or held.
 */
export const READY_APART = `
DROP INDEX runs_live;
CREATE INDEX runs_live ON runs (status, id, job_id)
  WHERE completed_at IS NULL AND (status <> 'QUEUED' OR hold IS NOT NULL);
`;
