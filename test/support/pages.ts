/** HTML pages, read as a browser reads them. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

interface ReadPage {
  /** The parser's complaints: none for a well-formed page. */
  readonly faults: readonly string[];
  /** Every address that something would be loaded from, or that is linked to. */
  readonly addresses: readonly string[];
  /** The names of its elements. */
  readonly elements: readonly string[];
  /** All its text. */
  readonly text: string;
}

export function readPage(html: string): ReadPage {
  const faults: string[] = [];
  const nodes = flattened(
    parse(html, { onParseError: ({ code, startLine }) => faults.push(`${code}, line ${startLine}`) }),
  );
  const attributes = nodes.flatMap((node) => ('attrs' in node ? node.attrs : []));
  const text = nodes.flatMap((node) => (node.nodeName === '#text' && 'value' in node ? [node.value] : [])).join(' ');
  const styles = [text, ...attributes.flatMap(({ name, value }) => (name === 'style' ? [value] : []))].join(' ');
  return {
    faults,
    addresses: [
      ...attributes.flatMap(({ name, value }) => (/^(src|srcset|href|data|action|poster)$/.test(name) ? [value] : [])),
      ...[...styles.matchAll(/url\(([^)]*)\)|@import ([^;]*)/g)].map(
        ([, address, imported]) => address ?? imported ?? '',
      ),
    ],
    elements: nodes.map(({ nodeName }) => nodeName),
    text,
  };
}

function flattened(node: Node): Node[] {
  return [node, ...('childNodes' in node ? node.childNodes.flatMap(flattened) : [])];
}
