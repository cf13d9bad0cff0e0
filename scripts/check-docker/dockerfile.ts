/** Reads a Dockerfile, as far as this project's goes: stages of instructions, comments, and lines that continue. */

/** An instruction, such as `RUN` with its command. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** A stage: its image, its name, and what is done in it. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** @throws Error if an instruction stands before the first FROM */
export function readDockerfile(text: string): Stage[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines.join('\n').replaceAll('\\\n', '').split('\n')) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name !== 'FROM') {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`before the first FROM: ${line}`);
      stage.instructions.push({ name, text: rest.trim() });
      continue;
    }
    const [image = '', , as] = rest.split(/\s+/);
    stages.push({ image, name: as, instructions: [] });
  }
  return stages;
}
