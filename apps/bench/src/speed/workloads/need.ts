/** The way in that a workload needs. @throws when the system was listed for a workload that it does not have */
export function need<Way>(way: Way | undefined, name: string): Way {
  if (way === undefined) throw new Error(`the driver has no ${name}`);
  return way;
}
