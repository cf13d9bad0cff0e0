/** Pages in headless Chromium, driven by its DevTools protocol over a pipe. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { test } from '@jest/globals';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser's name; undefined if no browser is on the PATH. */
const CHROMIUM = NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

const isSkipped = CHROMIUM === undefined && process.env.RESNET_BROWSER !== 'required';
if (isSkipped) process.stderr.write(`skipped: tests in a browser: none of ${NAMES.join(', ')} is on the PATH\n`);

/** A test that needs the browser: without one it is skipped, or fails if RESNET_BROWSER=required. */
export const testInBrowser = isSkipped ? test.skip : test;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly request?: { readonly url: string } };
  readonly result?: Record<string, unknown>;
}

/** Result of opening a page. */
export interface SeenPage {
  /** Messages on the page's console, uncaught errors, and violations of its own policy. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for, other than its own and data URLs. */
  readonly requests: readonly string[];
  /** The value of `expression`. */
  readonly value: unknown;
}

/** How a reader looks at a page. */
interface View {
  /** Width of the window in pixels. */
  readonly width: number;
  /** Whether the reader prefers dark pages. */
  readonly dark: boolean;
}

/**
 * Opens a page once for each view, and evaluates an expression in it once all is loaded.
 *
 * @returns what was seen, in the order of the views
 */
export async function seePage(url: string, expression: string, views: readonly View[]): Promise<SeenPage[]> {
  const profile = ['--no-first-run', '--disable-background-networking', '--incognito'];
  const words = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', ...profile];
  if (CHROMIUM === undefined) throw new Error(`none of ${NAMES.join(', ')} is on the PATH`);
  const browser = spawn(CHROMIUM, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  try {
    const devTools = new DevTools(browser);
    const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await devTools.send('Target.attachToTarget', { targetId, flatten: true });
    const send = (method: string, params: object = {}) => devTools.send(method, params, sessionId as string);
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
    const pages: SeenPage[] = [];
    for (const { width, dark } of views) {
      const before = devTools.seen.length;
      const scheme = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' };
      await send('Emulation.setEmulatedMedia', { features: [scheme] });
      await send('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: false });
      const loaded = devTools.event('Page.loadEventFired');
      await send('Page.navigate', { url });
      await loaded;
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      const seen = devTools.seen.slice(before);
      pages.push({
        complaints: seen.flatMap(({ method = '', params }) => (COMPLAINTS.has(method) ? [JSON.stringify(params)] : [])),
        requests: seen.flatMap(({ method, params }) => {
          const asked = method === 'Network.requestWillBeSent' ? (params?.request?.url ?? '') : url;
          return asked === url || asked.startsWith('data:') ? [] : [asked];
        }),
        value: (result as { value: unknown }).value,
      });
    }
    return pages;
  } finally {
    browser.kill('SIGKILL');
  }
}

const COMPLAINTS = new Set(['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded']);

/** Messages are JSON, each ended by a zero byte: the browser reads from its descriptor 3 and writes to 4. */
class DevTools {
  readonly seen: Message[] = [];
  readonly #input: Writable;
  readonly #waiting: {
    readonly matches: (message: Message) => boolean;
    readonly resolve: (message: Message) => void;
  }[] = [];
  #last = 0;

  constructor({ stdio }: ChildProcess) {
    this.#input = stdio[3] as Writable;
    let rest = '';
    (stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const each of messages) this.#receive(JSON.parse(each));
    });
  }

  async send(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    const answer = this.#next((message) => message.id === id);
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result } = await answer;
    if (result === undefined) throw new Error(`${method} failed`);
    return result;
  }

  event(method: string): Promise<Message> {
    return this.#next((message) => message.method === method);
  }

  #next(matches: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }

  #receive(message: Message): void {
    this.seen.push(message);
    for (const { matches, resolve } of this.#waiting) if (matches(message)) resolve(message);
  }
}
