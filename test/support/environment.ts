/**
 * Jest runs each test file in a realm of its own, where `instanceof Float32Array` is false for arrays made by a native
 * addon (they belong to the process's realm). Sharing the process's typed arrays makes the real binding usable in
 * tests.
 */
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';

const typedArrays = { Float32Array, Float64Array, Int32Array, Uint32Array, BigInt64Array, Uint16Array, Int16Array };

export default class Environment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    Object.assign(this.global, typedArrays);
  }
}
