/** The forms in which a model can be exported: their names, and what a file of each is called. */

/** What is known of a form without its writer. */
interface ExportForm {
  /** The extension of its files, without the dot. */
  readonly extension: string;
}

/** All forms by their names on the command line; `writers.ts` has a writer for each. */
export const EXPORT_FORMS = {
  pth: { extension: 'pth' },
  safetensors: { extension: 'safetensors' },
} as const satisfies Readonly<Record<string, ExportForm>>;

/** Name of a form. */
export type ExportFormat = keyof typeof EXPORT_FORMS;

/** The names of all forms. */
export const EXPORT_FORMATS = Object.keys(EXPORT_FORMS) as ExportFormat[];
