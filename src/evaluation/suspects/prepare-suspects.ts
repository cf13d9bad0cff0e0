/** Loads all images of a model's data, or of others, so that the model can judge their labels. */
import { type Dataset, indicesUpTo } from '../../dataset/dataset.ts';
import type { FoundData } from '../../dataset/formats/found.ts';
import type { DataChoice, LoadHooks } from '../../dataset/load.ts';
import type { Normalisation } from '../../dataset/normalisation.ts';
import type { Notice } from '../../errors.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { expectedNormalisation } from '../../model/model-normalisation.ts';
import type { Runtime } from '../../runtime/open.ts';
import type { EvaluationWatch } from '../evaluate.ts';
import { evaluatePrepared, fillPadding, loadForModel } from '../evaluate-checkpoint.ts';
import { indicesOf, type SplitName } from '../evaluated-images.ts';
import { choiceOf, type DataRequest } from '../model-data.ts';
import { withoutFigures } from '../predictions.ts';
import type { JudgedPart } from './suspects.ts';

/** Which model judges which images. */
export interface SuspectsRequest extends DataRequest {
  /** See `expectedNormalisation`. */
  readonly normalize?: readonly number[] | undefined;
}

/** Images of a part, before the model has judged them. */
interface LoadedPart extends Pick<JudgedPart, 'part' | 'isTrainedOn'> {
  readonly dataset: Dataset;
  /** Images of the data set that the part has, at least one. */
  readonly indices: Int32Array;
}

/** A model, and all images that it judges. */
export interface PreparedSuspects {
  /** The parts in the order train, val, test: those of the run if these are its data, else the data's own. */
  readonly parts: readonly LoadedPart[];
  /** How the data are read. */
  readonly choice: DataChoice;
  readonly file: ModelFile;
  readonly normalisation: Normalisation;
}

/**
 * Loads the images, and checks that they fit the checkpoint. Pictures that cannot be read are left out.
 *
 * @throws UserError (data, checkpoint, usage) as `prepareEvaluation`
 */
export async function prepareSuspects(
  request: SuspectsRequest,
  hooks: LoadHooks & { readonly notice: Notice },
): Promise<PreparedSuspects> {
  const { checkpoint, file, normalize } = request;
  const normalisation = expectedNormalisation(file, checkpoint, normalize, hooks.notice);
  const { choice } = await choiceOf({ namedBy: 'the folder of the data', ...request, skipBroken: true }, hooks, false);
  let hasTest = false;
  const onFound = ({ parts }: FoundData) => {
    hasTest = parts.test !== undefined;
  };
  const dataset = await loadForModel(request, choice, 'train', { ...hooks, onFound });
  const parts = partsOf(dataset, file, checkpoint);
  await fillPadding(dataset, file, parts[0]!.indices);
  if (hasTest) {
    const tested = await loadForModel(request, choice, 'test', hooks);
    const indices = indicesUpTo(tested.count);
    await fillPadding(tested, file, indices);
    parts.push({ part: 'test', isTrainedOn: false, dataset: tested, indices });
  }
  return { parts: parts.filter(({ indices }) => indices.length > 0), choice, file, normalisation };
}

/** The parts of what is no test part: the run's own split of its data, and of other data the parts that they have. */
function partsOf(dataset: Dataset, file: ModelFile, checkpoint: string): LoadedPart[] {
  const { metadata } = file;
  if (metadata?.dataHash === dataset.sha256) {
    const names: SplitName[] = dataset.lacksTest ? ['train', 'val', 'test'] : ['train', 'val'];
    return names.map((part) => {
      return { part, isTrainedOn: part === 'train', dataset, indices: indicesOf(dataset, part, file, checkpoint) };
    });
  }
  const all = indicesUpTo(dataset.count);
  const end = dataset.count - (dataset.givenValidation ?? 0);
  const isUnknown = metadata === undefined; // another tool's file does not say what its model was trained on
  return [
    { part: 'train', isTrainedOn: isUnknown, dataset, indices: all.subarray(0, end) },
    { part: 'val', isTrainedOn: false, dataset, indices: all.subarray(end) },
  ];
}

/**
 * Has the model predict every image.
 *
 * @param compile see `openEngine`
 * @param watch its `onProgress` counts the images of all parts
 * @throws UserError (checkpoint) if the loss is not finite
 */
export async function judge(
  { parts, file, normalisation }: PreparedSuspects,
  runtime: Runtime,
  compile: boolean,
  { onProgress, signal }: EvaluationWatch,
): Promise<JudgedPart[]> {
  const judged: JudgedPart[] = [];
  let done = 0;
  for (const dataset of new Set(parts.map((each) => each.dataset))) {
    const own = parts.filter((each) => each.dataset === dataset); // one engine predicts them all
    const indices = Int32Array.from(own.flatMap((each) => Array.from(each.indices)));
    const before = done;
    const watch = { ...(signal && { signal }), onProgress: (count: number) => onProgress?.(before + count) };
    const temperature = file.metadata?.temperature;
    const model = { dataset, indices, file, normalisation, temperature };
    const predictions = await evaluatePrepared(model, runtime, compile, watch);
    let begin = 0;
    for (const { part, isTrainedOn, indices: of } of own) {
      const ofPart = predictions.slice(begin, begin + of.length).map(withoutFigures);
      judged.push({ part, isTrainedOn, predictions: ofPart });
      begin += of.length;
    }
    done += indices.length;
  }
  return judged;
}
