import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf } from '../../../src/machine/building/data-directory.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import type { Computer } from './lan.ts'
import type { Ran, Started } from './space.ts'

/** A computer on which Reddog is installed. */
export interface Machine {
  readonly computer: Computer
  readonly data: string
  /** Runs `reddog` in the foreground there, as `up` or `host join`; resolves when it has greeted. Rejects with what it said when it ends before. */
  begin(words: readonly string[]): Promise<void>
  /** The same without waiting. */
  start(words: readonly string[]): Started
  /** All that it has said. */
  said(): string
  /** The signal, to what runs in the foreground. */
  signal(signal: NodeJS.Signals): void
  /** Resolves with its exit code, null when it was killed. */
  ended(): Promise<number | null>
  /** Runs a verb there to its end. */
  reddog(...words: readonly string[]): Promise<Ran>
}

/** Reddog on a computer, with a data directory of its own. `tree`: where the release is that runs there. */
export function machineOn(computer: Computer, directory = 'data', tree = root): Machine {
  const program = join(tree, 'bin/reddog')
  const { data } = placesOf(join(computer.directory, directory))
  let running: Started | undefined
  let output = ''

  function start(words: readonly string[]): Started {
    const started = computer.start(program, [...words, '--data', data])
    running = started
    for (const stream of [started.child.stdout, started.child.stderr])
      stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()))
    return started
  }

  return {
    computer,
    data,
    start,
    said: () => output,
    async begin(words) {
      const from = output.length
      const { child } = start(words)
      const isOver = () => child.exitCode !== null || child.signalCode !== null
      await until(() => output.slice(from).includes('Reddog is up') || isOver(), 'it greets')
      if (isOver()) throw new Error(`${computer.name}: ${output.slice(from)}`)
    },
    signal: (signal) => running?.signal(signal),
    async ended() {
      const { child } = running as Started
      await until(() => child.exitCode !== null || child.signalCode !== null, `reddog ends on ${computer.name}`)
      return child.exitCode
    },
    reddog: (...words) => computer.run(program, [...words, '--data', data]),
  }
}

/** The first machine of a fabric, and others that join it as candidates by the commands of the guide, one after the other. */
export async function beginFabric(
  computers: readonly Computer[],
  ...options: readonly string[]
): Promise<readonly Machine[]> {
  const [first, ...others] = computers.map((computer) => machineOn(computer))
  if (!first) throw new Error('A fabric has a machine.')
  await first.begin(['up', '--cluster', ...options])
  for (const machine of others) await machine.begin(await joinWords(first, '--controller'))
  return [first, ...others]
}

/** The words of the command that `host token` prints for another machine, with a file of the token that it would ask for. */
export async function joinWords(machine: Machine, ...options: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, code } = await machine.reddog('host', 'token', ...options)
  if (code !== 0) throw new Error(stderr)
  const [command = '', ...rest] = stdout.split('\n')
  const [token = ''] = /reddog1\.\S+/.exec(rest.join(' ')) ?? []
  const file = join(machine.computer.directory, `token-${token.slice(-8)}`)
  writeFileSync(file, token, { mode: 0o600 })
  return command
    .split(' ')
    .slice(1)
    .map((word) => (word === '-' ? file : word))
}
