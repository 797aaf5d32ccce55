/*
 * The fifth migration. A run that is born EXECUTING is in no index of live runs until it has lived for a moment: most
 * end before that, and what a lone round trip costs is the pages that its two commits write. See Newborns.
 */
export const UNLISTED_NEWBORNS = `
ALTER TABLE runs ADD COLUMN is_newborn INTEGER;      -- 1: executing since its birth, and not in runs_live
ALTER TABLE workers ADD COLUMN newborns_from INTEGER; -- no newborn run of its has a lower number; NULL: it has none
CREATE INDEX workers_with_newborns ON workers (newborns_from) WHERE newborns_from IS NOT NULL;
DROP INDEX runs_live;
CREATE INDEX runs_live ON runs (status, id, job_id)
  WHERE completed_at IS NULL AND (status <> 'QUEUED' OR hold IS NOT NULL) AND is_newborn IS NULL;
`;
