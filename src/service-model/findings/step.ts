import { calls, hollowCommands } from '../command-line/hollow-commands.ts'
import type { FoundFile, Use } from '../command-line/use.ts'
import { type HasProgram, noSuchProgram, whyNotInterpreted } from '../command-line/why-not-interpreted.ts'
import { batchFile } from '../command-line/windows-program.ts'
import type { Variable } from '../definition.ts'
import { belowRoot } from './file-finder.ts'
import type { Finding } from './finding.ts'

/** A command line of a role, and where it runs. */
export interface Step {
  readonly subject: 'startupTask' | 'entryPoint'
  readonly commandLine: string
  /** Below the role root. */
  readonly directory: string
  readonly variables: readonly Variable[]
}

interface Machine {
  readonly has: HasProgram
  /** Whether a text is known at the start alone. */
  readonly isOpen: (text: string) => boolean
}

/** What will happen to each program that a command line runs; a line without any runs as it is. */
export function stepFindings(role: string, step: Step, uses: readonly Use[], machine: Machine): readonly Finding[] {
  const { subject, commandLine: name } = step
  const found = uses.flatMap((use): readonly Finding[] => [
    { role, subject, name, ...judge(role, step, use, machine) },
    ...(use.kind === 'wine' ? hollowIn(role, use.file).map((of): Finding => ({ role, subject, name, ...of })) : []),
  ])
  const reason = 'The shell itself does it.'
  return found.length > 0 ? found : [{ role, subject, name, verdict: 'asIs', reason }]
}

type Judgement = Pick<Finding, 'verdict' | 'reason' | 'file'>

function judge(role: string, step: Step, use: Use, machine: Machine): Judgement {
  const place = (path: string) => `${role}/${belowRoot(step.directory, path)}`
  switch (use.kind) {
    case 'recipe':
      return { verdict: 'recipe', reason: `"${use.asked}": ${use.why}.` }
    case 'wine':
      return { verdict: 'wine', reason: `"${use.file.path}" of the package, through the wine of the machine.` }
    case 'missing':
      return { verdict: 'needsOverlay', reason: use.why, file: place(use.standIn) }
    case 'unknown':
      return {
        verdict: 'needsOverlay',
        reason: `${sentence(use.why)} Name it in the definition, or in a RoleModel.xml of an overlay.`,
        file: `${role}/RoleModel.xml`,
      }
    case 'standIn':
    case 'asIs':
      return use.file ? judgeFile(use.file, use, place, machine) : judgeName(use.asked, place, machine)
  }
}

/** Programs of a batch file that wine has by name only, or not at all. */
function hollowIn(role: string, { path, head }: FoundFile): readonly Judgement[] {
  if (!batchFile.test(path)) return []
  const names = hollowCommands(head())
  const reasons = [
    ...(names.length === 0
      ? []
      : [
          `"${path}" of role ${role} calls what wine has by name alone: ${names.join(', ')}. Such a program does next to nothing there, and mostly returns 0.`,
        ]),
    ...(calls(head(), 'appcmd')
      ? [
          `"${path}" of role ${role} calls appcmd, which is not there for programs under wine: put these lines into a batch file that does nothing else, which is read here, or a stand-in beside it.`,
        ]
      : []),
  ]
  return reasons.map((reason) => ({ verdict: 'passedOver', reason }))
}

/** A file of the package. */
function judgeFile(
  { path, head, isProgram = false }: FoundFile,
  { kind, asked, programs }: Extract<Use, { kind: 'asIs' | 'standIn' }>,
  place: (path: string) => string,
  { has }: Machine,
): Judgement {
  const [program = ''] = programs
  const isRunItself = program.includes(path)
  const start = head()
  const absent = isRunItself ? undefined : programs.find((name) => !has(name))
  const why =
    absent === undefined
      ? isRunItself && start.startsWith('#!')
        ? whyNotInterpreted(path, start, has)
        : isRunItself && whyNotExecutable(path, start, isProgram)
      : noSuchProgram(absent)
  if (why) return { verdict: 'needsOverlay', reason: sentence(why), file: place(path) }
  const text = kind === 'standIn' ? `"${path}" of the package stands in for "${asked}".` : `"${path}" of the package.`
  return { verdict: 'asIs', reason: text }
}

/** Undefined for a program that the system loads; a text that begins like none is none. */
function whyNotExecutable(path: string, start: string, isProgram: boolean): string | undefined {
  if (start.startsWith('MZ')) return `"${path}" is a program for Windows`
  if (isProgram || start.startsWith('\x7fELF')) return undefined
  return `"${path}" may not be executed: begin a script with a line such as "#!/bin/sh"; packages carry no modes, and that line makes it executable`
}

/** A name for the shell to find on PATH, or a path where there is no file. */
function judgeName(asked: string, place: (path: string) => string, { has, isOpen }: Machine): Judgement {
  if (isOpen(asked))
    return { verdict: 'asIs', reason: `What "${asked}" runs is a setting's affair, and known when it starts.` }
  if (asked.includes('/') && !asked.startsWith('/'))
    return { verdict: 'needsOverlay', reason: `There is no file "${asked}" in the package.`, file: place(asked) }
  if (has(asked)) return { verdict: 'asIs', reason: `The "${asked}" of the machine.` }
  return {
    verdict: 'needsOverlay',
    reason: `${sentence(noSuchProgram(asked))} Install it on every host, or write a script in its place.`,
    file: place(`${asked.slice(asked.lastIndexOf('/') + 1)}.sh`),
  }
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${clause.endsWith('.') ? '' : '.'}`
}
