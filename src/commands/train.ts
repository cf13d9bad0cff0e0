/** `resnet train`: trains a new run, or resumes one. */
import { underSettingNames } from '../api/settings.ts';
import { trainAndShow } from '../api/train.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags } from '../flags/flag.ts';
import { LiveLine } from './live-line.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';
import { openerOn } from './watch.ts';

/** The flags and words that are no settings of `train`. */
interface TrainFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
  /** The word `data`: the same as `--data-dir`. */
  readonly data?: string;
}

/**
 * Trains a run with Adam and keeps the checkpoint of the best epoch.
 *
 * @param given the flags that the user gave: a resumed run takes all other settings from its checkpoint
 */
export async function train({ json = false, data, yes }: TrainFlags, given: GivenFlags): Promise<void> {
  const live = await LiveLine.start('loading the data');
  const output = new TrainOutput(live, json);
  const { json: _, data: __, yes: ___, resume, ...flags } = given;
  try {
    if (data !== undefined && flags['data-dir'] !== undefined) {
      throw new UserError(
        `the data are named twice, ${JSON.stringify(data)} and --data-dir ${JSON.stringify(flags['data-dir'])}: leave one out`,
        ExitCode.usage,
      );
    }
    const settings = underSettingNames({
      ...flags,
      ...(resume === undefined ? {} : { resume: (resume as { path?: string }).path ?? true }),
      ...(data === undefined ? {} : { 'data-dir': data }),
    });
    await interruptible(
      () => output.kept(),
      async (signal) => {
        const display = { open: openerOn(live, yes), watched: live.visible };
        for await (const event of trainAndShow({ ...settings, signal }, display)) output.event(event);
      },
    );
  } finally {
    live.stop();
  }
}
