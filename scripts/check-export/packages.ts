/** The packages of npm that run exports: some are fetched into the cache, the others are installed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from '../../src/setup/cache.ts';
import { outputOf } from '../python.ts';

/** The project's own folder, with its node_modules. */
export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

const PACKAGES = ['onnxruntime-node@1.30.0', '@tensorflow/tfjs-backend-webgpu@4.22.0'];

/** Fetches the packages that are not installed; returns the folder with their node_modules. */
export function fetchPackages(signal: AbortSignal): Promise<string> {
  const name = PACKAGES.map((each) => each.replace(/^@|\//g, '')).join('+');
  return cachedFolder(`packages/${name}`, async (folder) => {
    const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--legacy-peer-deps'];
    // Else its installation fetches CUDA's libraries from another host, with or without a GPU.
    const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
    await outputOf('npm', ['install', ...options, ...PACKAGES], signal, environment);
  });
}

/** Folders with the builds of TensorFlow.js that a page loads by script tags. */
export function scriptFolders(fetched: string): string[] {
  const own = ['tfjs', 'tfjs-backend-wasm'].map((name) => join(PROJECT, 'node_modules/@tensorflow', name, 'dist'));
  return [...own, join(fetched, 'node_modules/@tensorflow/tfjs-backend-webgpu/dist')];
}

/** Version of a package in a folder's node_modules; '' if it is not there. */
export function versionOf(folder: string, name: string): string {
  const path = join(folder, 'node_modules', name, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : '';
}
