import { buildWorld } from './build-world.ts'
import { carryOut } from './commands.ts'
import { type Narrator, narratorOf, timeOf } from './narrator.ts'
import type { World } from './world.ts'

/** Every transcript runs from the same seed: in calm weather chance decides only identifiers. */
const seed = 1

/** The last line of every transcript. */
const lastWords = '# The end, at '

/** Time for the hosts to register. */
const settlingMs = 1_000

interface Scene {
  readonly world: World
  readonly narrator: Narrator
}

/**
 * Plays a transcript: lines that begin with `> ` are commands, those with `#` are for the reader, and all others are the former output.
 * Returns the transcript as it is now. The first command describes the building:
 * `> building of 4 hosts with 4 cores in 2 fault domains`, with ` and 3 candidates`, ` and a quota of 8 cores` or ` under the policy relaxed2011` if
 * wanted.
 */
export function play(transcript: string): string {
  let scene: Scene | undefined
  const lines: string[] = []
  for (const line of transcript.split('\n')) {
    if (line.startsWith('#') && !line.startsWith(lastWords)) lines.push(line)
    else if (line.startsWith('> ')) {
      lines.push(line)
      if (scene)
        lines.push(...carryOut(scene.world, line.slice(2)).map(indented), ...scene.narrator.tell().map(indented))
      else {
        scene = sceneOf(line.slice(2))
        lines.push(...scene.narrator.tell().map(indented))
      }
      lines.push('')
    }
  }
  if (scene) lines.push(`${lastWords}${timeOf(scene.world.clock.now())}.`)
  return `${lines.join('\n').trimEnd()}\n`
}

function sceneOf(words: string): Scene {
  const form =
    /^building of (\d+) hosts with (\d+) cores in (\d+) fault domains?(?: and (\d+) candidates)?(?: and a quota of (\d+) cores)?(?: under the policy (relaxed2011))?$/
  const [, hosts, cores, faultDomains, candidates, quota, policy] = form.exec(words) ?? []
  if (!hosts)
    throw new Error(
      `A transcript begins with "> building of 4 hosts with 4 cores in 2 fault domains", and not with "${words}".`,
    )
  const world = buildWorld({
    hosts: Number(hosts),
    coresOfHost: Number(cores),
    faultDomains: Number(faultDomains),
    ...(candidates && { candidates: Number(candidates) }),
    maxCores: quota ? Number(quota) : undefined,
    policy: policy ? 'relaxed2011' : undefined,
    seed,
  })
  world.runUntil(world.clock.now() + settlingMs)
  return { world, narrator: narratorOf(world) }
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}
