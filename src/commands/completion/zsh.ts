/** The completion of zsh, by its own `_arguments`. */
import { shellWord } from '../../called-as.ts';
import {
  COMMON_FLAGS,
  type CompletedCommand,
  type CompletedFlag,
  type CompletedWord,
  type Place,
} from './completed-words.ts';

/**
 * The script: it may be read by `source`, or lie in a folder of `$fpath` under the name `_resnet`.
 *
 * @param commands all commands
 * @param heading lines of comment
 */
export function zshScript(commands: readonly CompletedCommand[], heading: string): string {
  return `#compdef resnet
${heading}
_resnet() {
  local curcontext="$curcontext" state line ret=1
  local -a commands
  typeset -A opt_args
  commands=(
${commands.map(({ name, describe }) => `    ${shellWord(`${escaped(name, ':')}:${describe}`)}`).join('\n')}
  )
  _arguments -C -S ${COMMON_FLAGS.map((flag) => shellWord(flagSpec(flag))).join(' ')} \\
    ': :->command' '*:: :->rest' && ret=0
  case $state in
    command) _describe -t commands command commands && ret=0 ;;
    rest)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
  return ret
}

if [[ $funcstack[1] == _resnet ]]; then
  _resnet "$@"
else
  compdef _resnet resnet
fi
`;
}

function commandCase({ name, flags, words }: CompletedCommand): string {
  const specs = [...flags.map(flagSpec), ...words.map(wordSpec)].map((spec) => `            ${shellWord(spec)} \\\n`);
  return `        ${shellWord(name)})\n          _arguments -S \\\n${specs.join('')}            && ret=0\n          ;;`;
}

/** For example `--depth=[layers]:depth:(18 34)`. */
function flagSpec(flag: CompletedFlag): string {
  const { name, describe, value } = flag;
  const meaning = `[${escaped(describe, '[]')}]`;
  if (value === 'none') return `${name}${meaning}`;
  const colons = value === 'optional' ? '::' : ':';
  return `${name}=${meaning}${colons}${name.replace(/^-+/, '')}:${actionOf(flag)}`;
}

function wordSpec(word: CompletedWord): string {
  return `${word.several ? '*:' : '::'}${escaped(word.name, ':')}:${actionOf(word)}`;
}

/** What zsh does for a value; a single space: nothing. */
function actionOf({ words, list, file }: Place): string {
  const items = words.map((word) => escaped(word, ' ()[]:;&|<>\'"$`*?~#=^{}!')).join(' ');
  if (list) return `_sequence compadd - ${items}`;
  // A bare colon would end the action.
  if (file && items !== '') return `{_alternative "words\\:word\\:(${items})" "files\\:file\\:_files"}`;
  if (file) return '_files';
  return items === '' ? ' ' : `(${items})`;
}

/** A text with a backslash before these characters, and before backslashes. */
function escaped(text: string, characters: string): string {
  return [...text].map((each) => (each === '\\' || characters.includes(each) ? `\\${each}` : each)).join('');
}
