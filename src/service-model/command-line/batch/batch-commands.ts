import { meant } from '../expand.ts'
import { quote } from '../quote.ts'
import { type Script, type Surroundings, shellCommand, unknownCommand } from '../script.ts'

/** Where the script of a batch file stores the exit code of the last program: commands of the shell itself do not change it. */
export const lastCode = '$level'

type Command = (rest: string, labels: ReadonlyMap<string, number>) => Script | undefined

const exit: Command = (rest) => {
  const [code = lastCode] = /-?\d+/.exec(rest) ?? []
  return shellCommand(`exit ${code.replace(/^-.*/, '255')}`)
}

const goto: Command = (rest, labels) => {
  const [, label = ''] = /^:?\s*([^\s:]*)/.exec(rest) ?? []
  if (label.toLowerCase() === 'eof') return shellCommand(`exit ${lastCode}`)
  const at = labels.get(label.toLowerCase())
  if (at === undefined) return unknownCommand(`goto ${rest}`, `there is no label "${label}"`)
  return { ...shellCommand(`at=${at}; continue`), kind: 'line' }
}

const forget: Command = () => shellCommand('level=0')

const echo: Command = (rest) => {
  if (/^(?:on|off)?$/i.test(rest.trim())) return shellCommand(':')
  const parts = rest.split(/%errorlevel%/i).map((part) => quote(meant(part)))
  return shellCommand(`printf '%s\\n' ${parts.join(`"${lastCode}"`)}`)
}

const now =
  (format: string): Command =>
  (rest) =>
    /^\/t$/i.test(rest.trim()) ? shellCommand(`date ${format}`) : undefined

/** Commands that do something else in a batch file than in a command line, or are of use in one alone. */
const commands: Readonly<Record<string, Command>> = {
  date: now('+%x'),
  echo,
  exit,
  goto,
  time: now('+%R'),
  ver: forget,
  verify: forget,
}

/** Undefined for any other. */
export function runBatchCommand(text: string, { batch }: Surroundings): Script | undefined {
  const [written = '', name = ''] = /^([a-z]+)(?=[\s,;=:.]|$)/i.exec(text) ?? []
  const asked = name.toLowerCase()
  if (!batch || !Object.hasOwn(commands, asked)) return undefined
  const rest = text.slice(written.length)
  return (commands[asked] as Command)(asked === 'echo' ? rest.replace(/^[\s.:]/, '') : rest.trim(), batch.labels)
}
