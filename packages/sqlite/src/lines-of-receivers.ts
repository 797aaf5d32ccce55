/*
 * The eleventh migration. What is due for one receiver stands in a line of its own: where it is slow to answer, what waits for it
 * is in nobody's way. Claims follow `deliveries_due`, and where much of that is for receivers that are full, they look along
 * `deliveries_of_receiver`, from line to line; `worker_id` is in both so that no row need be opened for it. Of a callback that is
 * open the receiver is what `toReceiver` says: all of its URL before the path.
 */
export const LINES_OF_RECEIVERS = `
ALTER TABLE deliveries ADD COLUMN receiver TEXT NOT NULL DEFAULT '?'; -- by a process of an older version
UPDATE deliveries SET receiver = CASE kind WHEN 'hook' THEN job_id ELSE coalesce((
  SELECT substr(callback_url, 1, instr(substr(callback_url, 9) || '/', '/') + 7) FROM runs WHERE runs.id = deliveries.run_id
), job_id) END;
DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (kind, due_at, receiver, job_id, worker_id) WHERE worker_id IS NULL;
CREATE INDEX deliveries_of_receiver ON deliveries (kind, receiver, due_at, job_id, worker_id) WHERE worker_id IS NULL;
`;
