/*
 * The tenth migration. It notes how many places each worker defines its limits with: while several define one differently, each
 * makes runs by its own, and when one of them is gone, those of the others hold.
 */
export const SIZES_OF_WORKERS = `
ALTER TABLE worker_jobs ADD COLUMN limit_max INTEGER; -- of limit_id; NULL: no limit, or not known
`;
