/** The lesson's network, trained by one side and evaluated by both on MNIST's test images. */
import { join } from 'node:path';
import type { Result } from './result.ts';
import type { Tools } from './tools.ts';

/** Mean loss, and number of correct answers. */
interface Score {
  readonly loss: number;
  readonly correct: number;
}

/** Largest difference of the losses, as a fraction. */
const TOLERANCE = 1e-4;

/** Both directions: model.pth of the lesson's code in both forms, and a run of this tool as .pth. */
export async function tryLesson(folder: string, tools: Tools): Promise<Result[]> {
  const evaluated = async (path: string): Promise<Score> => {
    const { loss, hits } = JSON.parse(await tools.resnet('eval', '--checkpoint', path, '--json'));
    return { loss, correct: hits };
  };
  const results: Result[] = [];
  const theirs: Score = JSON.parse(await tools.python('lesson.py', 'train', folder));
  for (const form of ['zip', 'stream']) {
    const path = join(folder, `model-${form}.pth`);
    results.push(compared(`the lesson: model.pth, ${form} form`, 'PyTorch', await evaluated(path), theirs));
  }
  const [run, path] = [join(folder, 'run'), join(folder, 'exported.pth')];
  const size = ['--recipe', 'lesson', '--epochs', '1', '--batch-size', '32', '--limit-train', '6400'];
  await tools.resnet('train', ...size, '--limit-val', '500', '--checkpoint-dir', run);
  await tools.resnet('export', run, '--format', 'pth', '--out', path);
  const loaded: Score = JSON.parse(await tools.python('lesson.py', 'evaluate', path));
  results.push(compared('the lesson: a run, exported as .pth', 'resnet export', await evaluated(run), loaded));
  return results;
}

function compared(what: string, writer: string, ours: Score, theirs: Score): Result {
  const difference = Math.abs(ours.loss / theirs.loss - 1);
  const seen =
    `loss ${ours.loss.toFixed(7)}, PyTorch's ${theirs.loss.toFixed(7)} (${difference.toExponential(1)} apart); ` +
    `correct answers ${ours.correct}, ${theirs.correct}`;
  const isSame = ours.correct === theirs.correct && difference <= TOLERANCE;
  return { what, writer, seen, faults: isSame ? [] : ['differs'] };
}
