/** The house checks itself: the rules of docs/design.md 3, on the imports and words of every source file. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'

const root = join(import.meta.dirname, '..')
const files = globSync('src/**/*.ts', { cwd: root }).sort()
const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const importsOf = new Map(files.map((file) => [file, importsIn(file)]))

/** Floors from top to bottom: goals go right, reports come back as answers. */
const floors = ['client', 'front-end', 'fabric', 'host', 'guest', 'role']

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

function importsIn(file: string): readonly Import[] {
  const found: Import[] = []
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|import\('([^']+)'\)/g
  for (const match of (textOf.get(file) as string).matchAll(pattern)) {
    const specifier = (match[2] ?? match[3] ?? match[4]) as string
    found.push({
      target: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
      typeOnly: match[1] !== undefined,
    })
  }
  return found
}

function floorOf(file: string): string {
  return file.split('/')[1] as string
}

/** `main.ts` and `sim` wire across the floors; nothing else does. */
function wires(file: string): boolean {
  return basename(file) === 'main.ts' || floorOf(file) === 'sim'
}

/** Whether a file must be free of clock, chance, Node and asynchrony (rule 3). */
function isPure(file: string): boolean {
  const segments = file.split('/')
  if (floorOf(file) === 'service-model') return true
  return (
    segments.some((segment) => /^(agent|state|decide|contract|translate)(\.ts)?$/.test(segment)) &&
    !isAgentFolder(segments)
  )
}

/** `host/agent/` is the Host Agent's folder: there only the files named in rule 3 are pure. */
function isAgentFolder(segments: readonly string[]): boolean {
  return segments[1] === 'host' && segments[2] === 'agent' && !/^(agent|state|decide)(\.ts)?$/.test(segments[3] ?? '')
}

/** Why an import breaks rule 1 or 2; undefined when it is in order. */
function trespass(file: string, { target, typeOnly }: Import): string | undefined {
  if (!target.startsWith('src/') || wires(file)) return undefined
  const from = floorOf(file)
  const to = floorOf(target)
  if (from === to || to === 'kernel') return undefined
  if (to === 'service-model') return from === 'kernel' ? 'the kernel knows no service model' : undefined
  if (from === 'kernel' || from === 'service-model') return `${from} stands below every floor`
  const inContract = target.split('/')[2] === 'contract'
  if (to === 'machine') {
    if (/\/perform(\.ts|\/)/.test(file) && target === 'src/machine/facilities.ts' && typeOnly) return undefined
    return 'only main.ts files reach the machine'
  }
  if (from === 'machine') return inContract ? undefined : 'the machine knows contracts alone'
  if (!inContract) return 'another floor is known by its contract alone'
  return floors.indexOf(to) === floors.indexOf(from) + 1
    ? undefined
    : 'a file knows the contract of the next floor below, and no other'
}

describe('the house', () => {
  it('keeps its floors: a file knows its own, and the contract of the next one below', () => {
    const trespasses = files.flatMap((file) =>
      (importsOf.get(file) ?? []).flatMap((found) => {
        const why = trespass(file, found)
        return why ? [`${file} imports ${found.target}: ${why}`] : []
      }),
    )
    assert.deepEqual(trespasses, [])
  })

  it('keeps Node out of everything but main.ts files, the machine, the client and the role', () => {
    const allowed = (file: string) =>
      basename(file) === 'main.ts' || ['machine', 'client', 'role'].includes(floorOf(file))
    const reaches = files.filter(
      (file) => !allowed(file) && importsOf.get(file)?.some(({ target }) => target.startsWith('node:')),
    )
    assert.deepEqual(reaches, [])
  })

  it('keeps thinking parts pure: no clock, no chance, no Node, nothing asynchronous', () => {
    const impure = files.filter(isPure).flatMap((file) => {
      const code = (textOf.get(file) as string).replace(
        /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
        '',
      )
      return [
        /\bDate\.now\b/,
        /\bnew Date\(\)/,
        /\bMath\.random\b/,
        /\basync\b/,
        /\bawait\b/,
        /\bprocess\./,
        /\bsetTimeout\b/,
        /\bcrypto\b/,
      ]
        .filter((pattern) => pattern.test(code))
        .map((pattern) => `${file} uses ${pattern.source}`)
    })
    assert.deepEqual(impure, [])
  })

  it('has no import cycles', () => {
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      if (path.includes(file) || done.has(file)) return
      for (const { target } of importsOf.get(file) ?? []) if (textOf.has(target)) visit(target, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    assert.deepEqual(cycles, [])
  })

  it('names files for what they hold, and exports by name', () => {
    const vague = files.filter((file) => /\b(utils?|common|helpers?|manager|misc)\b/.test(basename(file)))
    const defaults = files.filter((file) => /^export default\b/m.test(textOf.get(file) as string))
    assert.deepEqual({ vague, defaults }, { vague: [], defaults: [] })
  })

  it('names durations once, in the timer table', () => {
    const table = files.filter((file) =>
      /\b(settleTime|roleReadyTimeout|heartbeatRestartAfter)\b\s*[:=]\s*\d/.test(textOf.get(file) as string),
    )
    assert.deepEqual(table, ['src/kernel/timers.ts'])
  })

  it('carries its specification: every rule that a source or test cites exists in docs/spec', () => {
    const spec = globSync('docs/spec/*.md', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n')
    const cited = new Set<string>()
    for (const file of [...files, ...globSync('test/**/*.ts', { cwd: root })])
      for (const match of readFileSync(join(root, file), 'utf8').matchAll(/\b([FATHSILUGPMRODCKBEQX])-(\d{1,2})\b/g))
        cited.add(match[0])
    const unknown = [...cited].filter((rule) => !new RegExp(`(?<![\\w-])${rule}(?!\\d)`).test(spec))
    assert.deepEqual(unknown, [])
  })
})
