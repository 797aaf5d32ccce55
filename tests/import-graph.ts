/** Follows imports depth-first; returns the first loop as a path that ends where it began. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>();

  function walk(file: string, path: readonly string[]): string[] | undefined {
    const loopStart = path.indexOf(file);
    if (loopStart >= 0) return [...path.slice(loopStart), file];
    if (finished.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = walk(next, [...path, file]);
      if (cycle) return cycle;
    }
    finished.add(file);
    return undefined;
  }

  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}
