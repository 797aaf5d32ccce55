/*
 * The fourth migration. A step that begins and ends in one write is told about by its own row: no event is stored
 * beside it, and the run's row is not written for it. See ToldEvents.
 */
export const TOLD_BY_STEPS = `
ALTER TABLE tasks ADD COLUMN told_seq INTEGER; -- of the event that this row tells; NULL: its events are stored
`;
