/*
 * The eleventh migration. What is due for one receiver stands in a line of its own: where it is slow to answer, what waits for it
 * is in nobody's way. Of a callback that is open the receiver is what `toReceiver` says: all of its URL before the path.
 */
export const LINES_OF_RECEIVERS = `
ALTER TABLE deliveries ADD COLUMN receiver TEXT NOT NULL DEFAULT '?'; -- by a process of an older version
UPDATE deliveries SET receiver = CASE kind WHEN 'hook' THEN job_id ELSE coalesce((
  SELECT substr(callback_url, 1, instr(substr(callback_url, 9) || '/', '/') + 7) FROM runs WHERE runs.id = deliveries.run_id
), job_id) END;
DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (kind, receiver, due_at, job_id) WHERE worker_id IS NULL;
`;
