/** Reads a checkpoint for a command, and refuses every fault that is the file's own: all commands refuse alike. */
import { type CheckpointMetadata, failIn } from '../checkpoint/metadata.ts';
import { MNIST_TRAINING_IMAGES, MNIST_TRAINING_SHA256 } from '../dataset/mnist.ts';
import { type ModelFile, type ReadOptions, readModelFile } from '../model/model-file.ts';
import { settingsIn } from './settings.ts';

/**
 * Reads a checkpoint as `readModelFile` does, and checks the settings of its run.
 *
 * @throws UserError (checkpoint, io, usage) as `readModelFile`, and (checkpoint) as `settingsIn`
 */
export async function readSoundModel(path: string, options?: ReadOptions): Promise<ModelFile> {
  const file = await readModelFile(path, options);
  const { metadata } = file;
  if (metadata) checkMnist(metadata, path);
  // Files of format 1 have no settings, and no run resumes from them.
  if (metadata?.settings || metadata?.progress) settingsIn(metadata, path);
  return file;
}

/** Checks what a checkpoint says about its images against those of MNIST, if its hash says that they are MNIST's. */
function checkMnist({ dataHash, input, validationSize, settings }: CheckpointMetadata, path: string): void {
  if (dataHash !== MNIST_TRAINING_SHA256) return;
  const { count, shape } = MNIST_TRAINING_IMAGES;
  const [found, truth] = [input.join('×'), shape.join('×')];
  const fail = failIn(path);
  const isAsStored = settings?.imageSize === undefined && settings?.channels === undefined;
  if (isAsStored && found !== truth)
    fail('resnet.input', `${found}, but the images of its data_hash, MNIST's, are ${truth}`);
  if (validationSize >= count) {
    fail('resnet.validation_size', `${validationSize}, but its data_hash is that of MNIST's ${count} training images`);
  }
}
