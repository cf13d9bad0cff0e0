/** The completion of bash: tables of flags and words, and a function that finds the cursor's place among them. */
import { shellWord } from '../../called-as.ts';
import { COMMON_FLAGS, type CompletedCommand, type CompletedFlag, namesByText, type Place } from './completed-words.ts';

/**
 * The script. It needs no other package, and runs in bash 3.2, the one of macOS.
 *
 * @param commands all commands
 * @param heading lines of comment
 */
export function bashScript(commands: readonly CompletedCommand[], heading: string): string {
  return `${heading}
# What may follow a flag of a command; no command: flags before it. In bash, functions see the variables of their caller.
_resnet_flag() {
  value=none words=() list='' file=''
  case "$1 $2" in
${flagCases(commands)}
  esac
}

# What a command's word without a flag may be, by the number of such words before it.
_resnet_word() {
  words=() list='' file=''
  case "$1 $2" in
${wordCases(commands)}
  esac
}

_resnet_flags() {
  words=(${shellWords(COMMON_FLAGS.map(({ name }) => name))}) list='' file=''
  case "$1" in
${flagNameCases(commands)}
  esac
}

${FUNCTION.replace('COMMANDS', () => shellWords(commands.map(({ name }) => name)))}
complete -F _resnet resnet
`;
}

/** The function that bash calls. bash splits words at = and : too, so they are put together again first. */
const FUNCTION = `_resnet() {
  local value words list file
  local rest=\${COMP_LINE:0:COMP_POINT} typed=() word blanks
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    blanks=\${rest%%[![:space:]]*}
    rest=\${rest#"$blanks"}
    [[ $rest == "$word"* ]] || word=$rest
    if [[ -z $blanks && \${#typed[@]} -gt 0 ]]; then
      typed[\${#typed[@]}-1]+=$word
    else
      typed+=("$word")
    fi
    rest=\${rest#"$word"}
  done

  local command='' flag='' ended='' given=' ' place=0 index last=$((\${#typed[@]} - 1))
  for ((index = 1; index < last; index++)); do
    word=\${typed[index]}
    if [[ -n $flag && ($value == needed || $word != -*) ]]; then
      flag=''
      continue
    fi
    flag=''
    if [[ -n $ended || $word != -?* ]]; then
      if [[ -z $command ]]; then command=$word; else place=$((place + 1)); fi
    elif [[ $word == -- ]]; then
      ended=1
    else
      given+="\${word%%=*} "
      _resnet_flag "$command" "$word"
      [[ $value == none ]] || flag=$word
    fi
  done

  local current=\${typed[last]} before='' part kept='' each
  [[ $current == *"$2" ]] && kept=\${current%"$2"}
  [[ $value == optional && $current == -* ]] && flag=''
  part=$current
  if [[ -z $flag ]]; then
    if [[ -z $ended && $current == --*=* ]]; then
      before=\${current%%=*}=
      part=\${current#*=}
      _resnet_flag "$command" "\${current%%=*}"
    elif [[ -z $ended && $current == -* ]]; then
      _resnet_flags "$command"
    elif [[ -z $command ]]; then
      words=(COMMANDS) list='' file=''
    else
      _resnet_word "$command" "$place"
      [[ -n $ended || -n $file || \${#words[@]} -gt 0 ]] || _resnet_flags "$command"
    fi
  fi

  local chosen=','
  if [[ -n $list ]]; then
    [[ $part == *,* ]] && before+=\${part%,*}, && chosen=,\${part%,*},
    compopt -o nospace 2>/dev/null
  fi
  COMPREPLY=()
  for each in "\${words[@]}"; do
    [[ $before$each == "$current"* && $given != *" $each "* && $chosen != *",$each,"* ]] || continue
    each=$before$each
    COMPREPLY+=("\${each#"$kept"}")
  done
  [[ -n $file && \${#COMPREPLY[@]} -eq 0 ]] || return 0
  compopt -o default 2>/dev/null && return
  while IFS= read -r each; do COMPREPLY+=("$each"); done < <(compgen -f -- "$2")
}`;

/** A case for each kind of value. A flag before the command's name is read by the flags of all commands. */
function flagCases(commands: readonly CompletedCommand[]): string {
  const all = new Map(commands.flatMap(({ flags }) => flags.map((flag) => [flag.name, flag] as const)));
  const flags = [{ name: '', flags: [...all.values()] }, ...commands].flatMap(({ name, flags }) =>
    flags.map((flag): [string, CompletedFlag] => [`${name} ${flag.name}`, flag]),
  );
  const withValue = flags.filter(([, { value }]) => value !== 'none');
  return cases(namesByText(withValue, (flag) => `value=${flag.value} ${placeText(flag)}`.trimEnd()));
}

function wordCases(commands: readonly CompletedCommand[]): string {
  const words = commands.flatMap(({ name, words }) =>
    words.map((word, index): [string, Place] => {
      return [word.several ? `${shellWord(`${name} `)}*` : shellWord(`${name} ${index}`), word];
    }),
  );
  return cases(namesByText(words, placeText), (pattern) => pattern);
}

function flagNameCases(commands: readonly CompletedCommand[]): string {
  const lists = commands.map((command): [string, CompletedCommand] => [command.name, command]);
  return cases(namesByText(lists, ({ flags }) => `words=(${shellWords(flags.map(({ name }) => name))})`));
}

function cases(names: ReadonlyMap<string, readonly string[]>, patternOf = shellWord): string {
  return [...names].map(([text, each]) => `    ${each.map(patternOf).join(' | ')}) ${text} ;;`).join('\n');
}

function placeText({ words, list, file }: Place): string {
  const parts = [words.length > 0 && `words=(${shellWords(words)})`, list && 'list=1', file && 'file=1'];
  return parts.filter((part) => part !== false).join(' ');
}

function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
