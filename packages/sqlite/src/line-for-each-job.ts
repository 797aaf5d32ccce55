/*
 * The eighth migration. The ready runs of each job are a line of their own, so that a claim reads none of a job that its
 * worker does not have: a hundred thousand runs of such a job before its own cost it nothing. See ReadyLines.
 */
export const LINE_FOR_EACH_JOB = `
DROP INDEX runs_ready;
CREATE INDEX runs_ready ON runs (status, job_id, priority DESC, queued_at, id, hold, expires_at, started_at, limit_id)
  WHERE status = 'QUEUED' AND hold IS NULL;
`;
