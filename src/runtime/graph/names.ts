/** Parses the names of nodes' outputs in a graph: `node` or `node:0` is a node's first output, `node:1` its second. */
import type { GraphNode } from './graph-def.ts';

/** An output of a node. */
interface OutputName {
  readonly node: string;
  /** Index of the output, from 0. */
  readonly index: number;
}

/**
 * Parses the name of an output. A colon without a number after it stays in the node's name; TensorFlow then reports
 * that there is no such node.
 */
export function parseOutput(name: string): OutputName {
  const [, node = name, index = '0'] = /^(.*):(\d+)$/s.exec(name) ?? [];
  return { node, index: Number(index) };
}

/** The inputs of these nodes that come from other nodes: names of outputs, and `^node` for control inputs. */
export function outerInputs(nodes: readonly GraphNode[]): string[] {
  const own = new Set(nodes.map(({ name }) => name));
  const inputs = new Set(nodes.flatMap((node) => node.inputs));
  return [...inputs].filter((input) => !own.has(parseOutput(input.replace(/^\^/, '')).node));
}
