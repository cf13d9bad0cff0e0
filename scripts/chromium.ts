/** Pages in headless Chromium, driven by its DevTools protocol over a pipe. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** What the browser's program is called. */
export const BROWSER_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser's name; undefined if no browser is on the PATH. */
export const BROWSER = BROWSER_NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

/** The browser's version: `150.0.7871.46`. */
export function browserVersion(): string {
  const { stdout } = spawnSync(BROWSER ?? '', ['--version'], { encoding: 'utf8' });
  return /\d[\d.]+/.exec(stdout ?? '')?.[0] ?? '';
}

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

/** What DevTools says of an expression that throws. */
interface Thrown {
  readonly text: string;
  readonly exception?: { readonly description?: string };
}

/** How a reader looks at a page. */
interface View {
  /** Width of the window in pixels. */
  readonly width: number;
  /** Whether the reader prefers dark pages. */
  readonly dark: boolean;
}

/** How the browser runs. */
interface BrowserOptions {
  /** Flags about graphics; default: without a GPU. */
  readonly graphics?: readonly string[];
  /** Where the browser may leave files; default: the system's folder for temporary files. */
  readonly temporary?: string;
  /** Ends the browser. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a page once for each view, and evaluates an expression in it once all is loaded.
 *
 * @returns what was seen, in the order of the views
 * @throws Error if there is no browser, if it ends too soon, or with what the expression throws
 */
export async function seePage(
  url: string,
  expression: string,
  views: readonly View[],
  { graphics = ['--disable-gpu'], temporary, signal }: BrowserOptions = {},
): Promise<SeenPage[]> {
  const profile = ['--no-first-run', '--disable-background-networking', '--incognito'];
  const words = ['--headless', '--no-sandbox', ...graphics, '--remote-debugging-pipe', ...profile];
  if (BROWSER === undefined) throw new Error(`none of ${BROWSER_NAMES.join(', ')} is on the PATH`);
  signal?.throwIfAborted();
  const browser = spawn(BROWSER, words, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    ...(temporary && { env: { ...process.env, TMPDIR: temporary } }),
  });
  const kill = () => browser.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
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
      loaded.catch(() => {}); // it is awaited next
      await send('Page.navigate', { url });
      await loaded;
      const evaluated = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      const { result, exceptionDetails } = evaluated as { result: { value: unknown }; exceptionDetails?: Thrown };
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      const seen = devTools.seen.slice(before);
      pages.push({
        complaints: seen.flatMap(({ method = '', params }) => (COMPLAINTS.has(method) ? [JSON.stringify(params)] : [])),
        requests: seen.flatMap(({ method, params }) => {
          const asked = method === 'Network.requestWillBeSent' ? (params?.request?.url ?? '') : url;
          return asked === url || asked.startsWith('data:') ? [] : [asked];
        }),
        value: result.value,
      });
    }
    return pages;
  } finally {
    signal?.removeEventListener('abort', kill);
    const isThere = browser.exitCode === null && browser.signalCode === null;
    const ended = isThere ? once(browser, 'close') : undefined;
    kill();
    await ended;
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
    readonly reject: (error: Error) => void;
  }[] = [];
  #last = 0;

  constructor(browser: ChildProcess) {
    const { stdio } = browser;
    this.#input = stdio[3] as Writable;
    this.#input.on('error', () => {}); // the browser has ended, which is told next
    browser.on('close', () => {
      for (const { reject } of this.#waiting) reject(new Error('the browser ended'));
    });
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
    return new Promise((resolve, reject) => this.#waiting.push({ matches, resolve, reject }));
  }

  #receive(message: Message): void {
    this.seen.push(message);
    for (const { matches, resolve } of this.#waiting) if (matches(message)) resolve(message);
  }
}
