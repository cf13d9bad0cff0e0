/** Addresses of workers: `host:port`, where an IPv6 host stands in brackets. */
import { isIPv4, isIPv6 } from 'node:net';
import { quote } from '../checkpoint/quote.ts';
import { ExitCode, UserError } from '../errors.ts';

/** Where a port is. */
export interface Address {
  /** A name, or an IP address without brackets; in lower case. */
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
}

/** Largest number of a port. */
export const MAX_PORT = 65_535;

/** A name as DNS, hosts files and Kubernetes have it. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/;

/**
 * An address from its text.
 *
 * @returns undefined if the text is none
 */
export function addressOf(text: string): Address | undefined {
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):0*(\d{1,5})$/.exec(text.trim()) ?? [];
  const host = (bracketed ?? plain).toLowerCase();
  const port = Number(digits);
  if (!(port >= 1 && port <= MAX_PORT)) return undefined;
  return (bracketed === undefined ? isHost(host) : isIPv6(host) && !host.includes('%')) ? { host, port } : undefined;
}

/** Whether a host without brackets is an IPv4 address or a name. Four numbers that are no IPv4 address are no name. */
function isHost(host: string): boolean {
  return isIPv4(host) || (HOST_NAME.test(host) && !/^[\d.]+$/.test(host));
}

/** The text of an address: `host:port`, or `[host]:port` for IPv6. */
export function addressText({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a host is this machine, whatever machine asks: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  return (isIPv4(host) && host.startsWith('127.')) || host === '::1' || /^localhost\.?$/.test(host);
}

/**
 * The addresses of a cluster's workers.
 *
 * @param texts one for each worker, by rank
 * @param source where they were given, for messages: `--cluster`
 * @returns their canonical texts, all different
 * @throws UserError (usage) if one is none, or if two are one port
 */
export function workerAddresses(texts: readonly string[], source: string): string[] {
  const addresses = texts.map((text) => {
    const address = addressOf(text);
    if (address) return addressText(address);
    throw new UserError(
      `${source} has the address ${quote(text)}: write host:port for each worker, with a port from 1 to ${MAX_PORT}, and an IPv6 host in brackets, like [::1]:4000`,
      ExitCode.usage,
    );
  });
  const byPort = new Map<string, string>();
  for (const address of addresses) {
    const other = byPort.get(portName(address));
    if (other !== undefined) {
      const fault =
        other === address
          ? `address ${address} twice`
          : `addresses ${other} and ${address}, which are one port of one machine`;
      throw new UserError(`${source} has the ${fault}: give each worker a port of its own`, ExitCode.usage);
    }
    byPort.set(portName(address), address);
  }
  return addresses;
}

/** What is the same for two addresses of one port. TensorFlow listens on all of a machine's addresses. */
function portName(text: string): string {
  const { host = '', port } = addressOf(text) ?? {};
  return `${isLoopback(host) ? 'localhost' : host.replace(/\.$/, '')}:${port}`;
}

/**
 * Where rank 0 listens for the others' control connections.
 *
 * @param addresses of all workers, by rank
 * @returns an address of this machine alone if all workers are on it; undefined for all interfaces
 */
export function listeningHost(addresses: readonly string[]): string | undefined {
  const hosts = addresses.map((address) => addressOf(address)?.host ?? '');
  if (!hosts.every(isLoopback)) return undefined;
  const [own = ''] = hosts;
  return own.startsWith('localhost') ? '127.0.0.1' : own;
}
