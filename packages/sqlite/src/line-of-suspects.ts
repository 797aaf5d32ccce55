/*
 * The twelfth migration. QUEUED runs under which processes died again and again (`hold` is 'suspect') are found beside the
 * backlogs of limits: an index of their own would be one more to open for each birth, claim and end. Those of an older file come
 * there when their process dies once more.
 */
export const LINE_OF_SUSPECTS = `
DROP INDEX runs_backlog;
CREATE INDEX runs_backlog ON runs (hold, limit_id, priority DESC, queued_at, id)
  WHERE status = 'QUEUED' AND (hold = 'limit' OR hold = 'suspect');
`;
