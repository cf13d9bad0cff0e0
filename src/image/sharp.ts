/** Loads the picture library sharp (libvips) when it is first needed. */
import { ExitCode, UserError } from '../errors.ts';

type Sharp = typeof import('sharp')['default'];

let loading: Promise<Sharp> | undefined;

/**
 * Loads sharp with all decoders blocked; the caller unblocks those that it needs.
 *
 * @throws UserError (device) if sharp is not installed
 */
export function loadSharp(): Promise<Sharp> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.cache(false); // no picture is read twice
    sharp.concurrency(1); // threads for one picture; several pictures are decoded at the same time
    return sharp;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UserError(`pictures cannot be read or drawn (${reason}): run npm ci`, ExitCode.device, { cause: error });
  }
}
