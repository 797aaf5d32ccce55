/*
 * The ninth migration. It notes with which limit each worker defines its jobs, so that what a killed one has made by another than
 * they have by then is moved to that. '' is no limit's id: of a worker that an older Beckon opened, it is not known.
 */
export const LIMITS_OF_WORKERS = `
ALTER TABLE worker_jobs ADD COLUMN limit_id TEXT DEFAULT ''; -- NULL: none; '': not known
`;
