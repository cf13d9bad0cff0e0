/** The names by which a graph's nodes and sessions refer to nodes and their outputs. */
import type { GraphNode } from './graph-def.ts';

/** An output: `node:1` is the second of `node`, whose first is `node:0` or `node`. */
export interface OutputName {
  readonly node: string;
  /** 0 for the first. */
  readonly index: number;
}

/** Reads the name of an output. What is no number after a colon is left to the node's name, which no node can have. */
export function parseOutput(name: string): OutputName {
  const [, node = name, index = '0'] = /^(.*):(\d+)$/s.exec(name) ?? [];
  return { node, index: Number(index) };
}

/** @returns what the nodes name as inputs and is none of them: outputs, and `^node` */
export function outerInputs(nodes: readonly GraphNode[]): string[] {
  const own = new Set(nodes.map(({ name }) => name));
  const inputs = new Set(nodes.flatMap((node) => node.inputs));
  return [...inputs].filter((input) => !own.has(parseOutput(input.replace(/^\^/, '')).node));
}
