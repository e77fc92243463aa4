import { runBatchCommand } from './batch/batch-commands.ts'
import { meant } from './expand.ts'
import { quote } from './quote.ts'
import { pathOf, type Script, type Surroundings, shellCommand, unknownCommand } from './script.ts'
import { splitArguments } from './split-arguments.ts'

type BuiltIn = (rest: string, surroundings: Surroundings) => Script

const nothing: BuiltIn = () => shellCommand(':')

/** Changes the directory for the rest of the line. */
const changeDirectory: BuiltIn = (rest, { find }) => {
  const path = rest
    .replace(/^\/d\s+/i, '')
    .replaceAll('"', '')
    .trim()
  return shellCommand(path === '' ? 'pwd' : `cd ${pathOf(path, find)}`)
}

const makeDirectories: BuiltIn = (rest, { find }) =>
  shellCommand(
    `mkdir -p ${splitArguments(rest, 'batch')
      .map((path) => pathOf(path, find))
      .join(' ')}`,
  )

/** Prints its text as it stands, quotes included. */
const echo: BuiltIn = (rest) =>
  /^(?:on|off)?$/i.test(rest.trim()) ? shellCommand(':') : shellCommand(`printf '%s\\n' ${quote(meant(rest))}`)

const exit: BuiltIn = (rest) => shellCommand(`exit ${/-?\d+/.exec(rest)?.[0] ?? ''}`.trimEnd())

/** For the programs of the rest of the line; what is written as `%NAME%` there was filled in before. */
const set: BuiltIn = (rest, { variables }) => {
  const [, asked = '', value = ''] = /^"?([A-Za-z_]\w*)=([^]*?)"?$/.exec(rest.trim()) ?? []
  if (asked === '')
    return unknownCommand(`set ${rest}`, `"set ${rest}" is more than the setting of a variable, and is not known here`)
  const name = Object.keys(variables).find((known) => known.toLowerCase() === asked.toLowerCase()) ?? asked
  const text = meant(value)
  return shellCommand(`export ${name}=${quote(name === 'PATH' ? text.replaceAll(';', ':') : text)}`)
}

const type: BuiltIn = (rest, { find }) =>
  shellCommand(
    `cat ${splitArguments(rest, 'batch')
      .map((path) => pathOf(path, find))
      .join(' ')}`,
  )

/** Commands of the original's shell that are carried out here. */
const known: Readonly<Record<string, BuiltIn>> = {
  cd: changeDirectory,
  chdir: changeDirectory,
  pushd: changeDirectory,
  md: makeDirectories,
  mkdir: makeDirectories,
  echo,
  exit,
  set,
  type,
  break: nothing,
  cls: nothing,
  color: nothing,
  endlocal: nothing,
  prompt: nothing,
  setlocal: nothing,
  title: nothing,
  verify: nothing,
}

/** Those that are not: a script of this system does the same. */
const unknown =
  'assoc copy date del dir dpath erase for ftype goto keys mklink move path pause popd rd ren rename rmdir shift time ver vol'.split(
    ' ',
  )

/** Undefined when it is not a command of the shell itself. */
export function runBuiltIn(text: string, surroundings: Surroundings): Script | undefined {
  const ofBatch = runBatchCommand(text, surroundings)
  if (ofBatch) return ofBatch
  const [written = '', name = ''] =
    /^([a-z]+)(?=[\s,;=]|$)/i.exec(text) ??
    /^(echo)[.:/([+\\]/i.exec(text) ??
    /^(cd|chdir|md|mkdir|exit)(?=[.\\/])/i.exec(text) ??
    []
  const asked = name.toLowerCase()
  if (unknown.includes(asked))
    return unknownCommand(
      text,
      `"${asked}" is a command of the Windows command shell that is not known here. Put what the line does into a script such as "startup.sh", and name that`,
    )
  if (!Object.hasOwn(known, asked)) return undefined
  return (known[asked] as BuiltIn)(text.slice(written.length).replace(/^\s/, ''), surroundings)
}
