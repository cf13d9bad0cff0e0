/** The text output of `resnet verify`. */
import { listedNames } from '../../evaluation/class-names.ts';
import type { Architecture } from '../../net/resnet.ts';
import { counted, grouped, lossText, percentage, temperatureText } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import type { SoundFile, VerifiedFile } from '../../run/verify.ts';
import { cut } from '../cut.ts';
import { wrapped } from '../screen.ts';

/** Number of classes whose names are shown. */
const CLASSES_SHOWN = 10;

/** Most characters of a class's name. */
const MAX_NAME_CHARACTERS = 40;

/** The lines about a checkpoint: what it holds, or that it cannot be used. */
export function verifiedText(file: VerifiedFile): string {
  if ('problem' in file) return `${printable(file.path)}: cannot be used\n`;
  const lines = [
    ...networkOf(file),
    ...(file.metadata ? runOf(file.metadata) : ['not saved by resnet']),
    ...bytesOf(file),
  ];
  return [`${printable(file.path)}: sound`, ...lines.map((line) => `  ${printable(line)}`), ''].join('\n');
}

/** A network in a few words. */
export function networkText({ depth, variant, stem, width }: Architecture): string {
  return `ResNet-${depth} (${variant}, stem ${stem}, width ${width})`;
}

function networkOf({ architecture, parameters, metadata }: SoundFile): string[] {
  const input = metadata ? `${metadata.input.join('×')} to ` : '';
  return [
    networkText(architecture),
    `${input}${architecture.classes} classes, ${grouped(parameters)} parameters`,
    ...(metadata?.classNames ? classLines(metadata.classNames) : []),
  ];
}

/** The names of the classes, in lines that fit 80 columns with the space before each. */
function classLines(names: readonly string[]): string[] {
  const short = names.map((name) => cut(printable(name), MAX_NAME_CHARACTERS));
  const words = ['  classes', ...listedNames(short, CLASSES_SHOWN).split(/(?<=,) /)];
  const lines = wrapped(words, '    ').trimEnd().split('\n');
  return lines.map((line) => line.slice(2));
}

function runOf(metadata: NonNullable<SoundFile['metadata']>): string[] {
  const { epoch, step, validationLoss, validationAccuracy, temperature, progress } = metadata;
  const { seed, dataHash, computedOn, toolVersion } = metadata;
  const score =
    validationLoss === undefined || validationAccuracy === undefined
      ? 'not validated'
      : `validation loss ${lossText(validationLoss)}, accuracy ${percentage(validationAccuracy)}`;
  const best = progress?.best && `, best so far epoch ${progress.best.epoch}`;
  const state = progress
    ? `with Adam's state: resumes at epoch ${progress.epochs + 1}, step ${progress.batch + 1}${best ?? ''}`
    : 'weights only';
  const by = computedOn ? `, ${computedOn.backend} ${computedOn.version} on the ${computedOn.device}` : '';
  return [
    `${counted(epoch, 'epoch')}, ${counted(step, 'step')}; ${score}`,
    ...(temperature === undefined ? [] : [`probabilities at the temperature ${temperatureText(temperature)}`]),
    state,
    `seed ${seed}, data ${dataHash.slice(0, 12)}…`,
    `by resnet ${toolVersion}${by}`,
  ];
}

function bytesOf({ bytes, sha256 }: SoundFile): string[] {
  const size = `${grouped(bytes)} bytes`;
  return sha256 === undefined
    ? [`${size}, without a SHA-256 of its own`]
    : [`${size}, checksum`, `  ${sha256} is right`];
}
