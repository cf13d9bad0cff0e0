/** The completion of fish: one line of `complete` for each flag. */
import { COMMON_FLAGS, type CompletedCommand, type CompletedFlag, namesByText, type Place } from './completed-words.ts';

/**
 * The script.
 *
 * @param commands all commands
 * @param heading lines of comment
 */
export function fishScript(commands: readonly CompletedCommand[], heading: string): string {
  return `${heading}
function __resnet_command --description 'The first word that is no flag'
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        string match -q -- '-*' $word; and continue
        echo $word
        return 0
    end
    return 1
end

function __resnet_uses --description 'Whether the command is one of these'
    set -l command (__resnet_command); and contains -- $command $argv
end

function __resnet_list --description 'Words for a list with commas between, after those that are typed'
    set -l typed (string replace -r -- '^--[^=]*=' '' (commandline -ct))
    set -l done (string match -r -- '^.*,' $typed)
    for word in $argv
        string match -q -- "*,$word,*" ",$done"; or echo $done$word
    end
end

complete -c resnet -f
${commands.map(commandLine).join('\n')}
${wordLines(commands)}
${COMMON_FLAGS.map((flag) => `complete -c resnet ${flagText(flag)}`).join('\n')}
${flagLines(commands)}
`;
}

function commandLine({ name, describe }: CompletedCommand): string {
  return `complete -c resnet -n 'not __resnet_command' -a ${quoted(name)} -d ${quoted(describe)}`;
}

function wordLines(commands: readonly CompletedCommand[]): string {
  const words = commands.flatMap(({ name, words }) => words.map((word): [string, Place] => [name, word]));
  const lines = namesByText(words, placeText);
  return [...lines].map(([text, names]) => `complete -c resnet -n ${uses(names)} ${text}`).join('\n');
}

function flagLines(commands: readonly CompletedCommand[]): string {
  const flags = commands.flatMap(({ name, flags }) =>
    flags.filter((flag) => !COMMON_FLAGS.includes(flag)).map((flag): [string, CompletedFlag] => [name, flag]),
  );
  const lines = namesByText(flags, flagText);
  return [...lines].map(([text, names]) => `complete -c resnet -n ${uses(names)} ${text}`).join('\n');
}

function uses(names: readonly string[]): string {
  return quoted(`__resnet_uses ${names.join(' ')}`);
}

function flagText(flag: CompletedFlag): string {
  const { name, describe, value } = flag;
  const required = value === 'needed' ? ' -r' : '';
  const place = value === 'none' ? '' : ` ${placeText(flag)}`;
  return `-l ${name.replace(/^--/, '')}${required}${place} -d ${quoted(describe)}`;
}

/** Files, words or neither. fish reads the words of \`-a\` once more when it completes. */
function placeText({ words, list, file }: Place): string {
  const items = words.map((word) => word.replace(/[^\w.,:+@%/-]/g, '\\$&')).join(' ');
  const text = list ? `(__resnet_list ${items})` : items;
  return `${file ? '-F' : '-f'}${items === '' ? '' : ` -a ${quoted(text)}`}`;
}

/** A text in fish's single quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
