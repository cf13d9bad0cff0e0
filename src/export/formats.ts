/** The forms in which a model can be exported: their names, and what a file of each is called. */

/** What is known of a form without its writer. */
interface ExportForm {
  /** What follows the checkpoint's name in the name of the file or folder. */
  readonly ending: string;
  /** `weights`: the state dict, whose reader knows the network; `network`: operations and weights. */
  readonly holds: 'weights' | 'network';
  /** Whether it is a folder of files; default: one file. */
  readonly isFolder?: boolean;
}

/** All forms by their names on the command line; `weights/writers.ts` and `network-formats.ts` have a writer for each. */
export const EXPORT_FORMS = {
  pth: { ending: '.pth', holds: 'weights' },
  safetensors: { ending: '.safetensors', holds: 'weights' },
  onnx: { ending: '.onnx', holds: 'network' },
  tfjs: { ending: '-tfjs', holds: 'network', isFolder: true },
  'saved-model': { ending: '-saved-model', holds: 'network', isFolder: true },
} as const satisfies Readonly<
  Record<WeightsFormat, ExportForm & { holds: 'weights' }> & Record<NetworkFormat, ExportForm & { holds: 'network' }>
>;

/** Name of a form. */
export type ExportFormat = WeightsFormat | NetworkFormat;

/** Name of a form that holds the weights alone. */
export type WeightsFormat = 'pth' | 'safetensors';
/** Name of a form that holds the network. */
export type NetworkFormat = 'onnx' | 'tfjs' | 'saved-model';

/** The names of all forms. */
export const EXPORT_FORMATS = Object.keys(EXPORT_FORMS) as ExportFormat[];
/** The names of the forms that hold the weights alone. */
export const WEIGHTS_FORMATS = EXPORT_FORMATS.filter((name) => !holdsNetwork(name)) as WeightsFormat[];
/** The names of the forms that hold the network. */
export const NETWORK_FORMATS = EXPORT_FORMATS.filter(holdsNetwork);

/** Whether files of a form hold the network. */
export function holdsNetwork(format: ExportFormat): format is NetworkFormat {
  return EXPORT_FORMS[format].holds === 'network';
}

/** Whether a form is a folder of files. */
export function isFolder(format: ExportFormat): boolean {
  const form: ExportForm = EXPORT_FORMS[format];
  return form.isFolder === true;
}
