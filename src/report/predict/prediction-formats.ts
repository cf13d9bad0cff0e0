/** Names of the forms in which `resnet predict` gives its answers; the command line loads them at every start. */

/** Forms of the answers. */
export const PREDICTION_FORMATS = ['table', 'csv', 'ndjson', 'json'] as const;
/** A form of the answers. */
export type PredictionFormat = (typeof PREDICTION_FORMATS)[number];
