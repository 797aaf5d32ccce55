/*
 * The second migration. Each index that a birth, a claim or an end has to keep is a page more in its commit.
 *
 * runs_ready has all that a claim decides by, so that it reads no row before it takes it. runs_of_job tells the
 * version too, so that the runs of a version are found along it, in the index alone.
 */
export const LIGHTER_INDEXES = `
DROP INDEX runs_ready;
CREATE INDEX runs_ready ON runs (status, priority DESC, queued_at, id, job_id, hold, expires_at, started_at, limit_id)
  WHERE status = 'QUEUED' AND hold IS NULL;
DROP INDEX runs_of_version;
DROP INDEX runs_of_job;
CREATE INDEX runs_of_job ON runs (job_id, id, job_version);
`;
