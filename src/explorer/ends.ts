/** Which nodes of a search lead to an end. */

/** The edges of a search, in the order of the nodes that they come from. */
export interface Edges {
  readonly nodes: number;
  readonly count: number;
  /** The node that each edge leads to. */
  readonly to: Int32Array;
  /** For each node, its first edge. */
  readonly first: Int32Array;
}

/** The edges by the node that they lead to. */
function reversed({ nodes, count, to, first: own }: Edges): {
  readonly first: Int32Array;
  readonly from: Int32Array;
  /** The edges in this order. */
  readonly edge: Int32Array;
} {
  const first = new Int32Array(nodes + 2);
  for (let edge = 0; edge < count; edge++) {
    const at = (to[edge] as number) + 2;
    first[at] = (first[at] as number) + 1;
  }
  for (let node = 1; node < first.length; node++) {
    first[node] = (first[node] as number) + (first[node - 1] as number);
  }
  const from = new Int32Array(count);
  const by = new Int32Array(count);
  for (let node = 0; node < nodes; node++) {
    const end = node + 1 < nodes ? (own[node + 1] as number) : count;
    for (let edge = own[node] as number; edge < end; edge++) {
      const at = (to[edge] as number) + 1;
      from[first[at] as number] = node;
      by[first[at] as number] = edge;
      first[at] = (first[at] as number) + 1;
    }
  }
  return { first, from, edge: by };
}

/**
 * For each node, 1 if some order leads from it to one of `ends`.
 * @param counts Whether an order may use the edge.
 */
export function leadingTo(
  ends: readonly number[],
  edges: Edges,
  counts: (edge: number) => boolean,
): Uint8Array {
  const leads = new Uint8Array(edges.nodes);
  const queue = [...ends];
  for (const node of queue) leads[node] = 1;
  const { first, from, edge: by } = reversed(edges);
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] as number;
    for (let edge = first[node] as number; edge < (first[node + 1] as number); edge++) {
      const before = from[edge] as number;
      if (leads[before] === 1 || !counts(by[edge] as number)) continue;
      leads[before] = 1;
      queue.push(before);
    }
  }
  return leads;
}
