/** Runs layers models in headless Chromium, as a page with script tags does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seePage } from '../chromium.ts';
import type { Outcome } from './job.ts';
import { runLayersModels, type Served } from './layers-models.ts';

/** Chromium without a GPU refuses WebGPU; with these it computes in software, by SwiftShader. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Runs jobs in a page that the server at an address serves from a folder. */
export async function browserOutcomes(
  backend: 'cpu' | 'wasm' | 'webgl' | 'webgpu',
  jobs: readonly Served[],
  { folder, address }: { readonly folder: string; readonly address: string },
  signal: AbortSignal,
): Promise<Outcome[]> {
  const scripts = ['tf.min.js', ...(backend === 'cpu' || backend === 'webgl' ? [] : [`tf-backend-${backend}.min.js`])];
  const name = `${backend}.html`;
  writeFileSync(join(folder, name), scripts.map((each) => `<script src="/${each}"></script>`).join('\n'));
  const expression = `(${runLayersModels})(tf, '${backend}', ${JSON.stringify(jobs)}, '/')`;
  return (await seen(`${address}/${name}`, expression, folder, signal, backend === 'webgpu')) as Outcome[];
}

/** The value of an expression in a page. */
export async function seen(
  url: string,
  expression: string,
  folder: string,
  signal: AbortSignal,
  isWebGpu = false,
): Promise<unknown> {
  const temporary = join(folder, 'browser');
  mkdirSync(temporary, { recursive: true });
  const options = { temporary, signal, ...(isWebGpu && { graphics: SOFTWARE_WEBGPU }) };
  const [page] = await seePage(url, expression, [{ width: 800, dark: false }], options);
  return page?.value;
}
