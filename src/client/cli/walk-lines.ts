import type { Progress } from './service-management/updates.ts'
import { table } from './table.ts'

type Update = NonNullable<Progress['update']>

const kinds = { upgrade: 'upgrade', configuration: 'change of configuration', rollback: 'rollback' } as const
const modes = { Auto: 'automatic', Manual: 'manual', Simultaneous: 'simultaneous' } as const

/** Columns of the bar that shows how many instances are at the new version. */
const barColumns = 20

/** An update on its way, domain by domain: where it is, what it waits for, and each instance with version and state. */
export function walkLines({ update, instances }: Progress): readonly string[] {
  const rows = instances
    .toSorted((a, b) => a.domain - b.domain)
    .map(({ name, domain, version, status, inRotation, details }) => [
      String(domain),
      ...(update ? [stepOf(update, domain, version)] : []),
      name,
      `v${version}`,
      status,
      inRotation ? 'in' : 'out',
      details,
    ])
  const heading = ['UD', ...(update ? ['STEP'] : []), 'INSTANCE', 'VERSION', 'STATUS', 'ROTATION', 'DETAILS']
  return [...(update ? headLines(update, instances) : []), ...table([heading, ...rows])].map((line) => `  ${line}`)
}

function headLines(update: Update, instances: Progress['instances']): readonly string[] {
  const { target, waitsFor, held } = update
  const moved = instances.filter(({ version }) => version === target).length
  const bar = '#'.repeat(Math.floor((barColumns * moved) / Math.max(1, instances.length))).padEnd(barColumns, '.')
  return [
    `${whatItIs(update)}, ${whereItIs(update)}`,
    `[${bar}] ${moved} of ${instances.length} instances at v${target}`,
    ...(waitsFor === '' ? [] : [`waits for: ${withoutDetails(waitsFor, instances)}`]),
    ...(held === undefined ? [] : [`HELD: ${held.message}`]),
  ]
}

/** The words of the guests stand in the table already. */
function withoutDetails(words: string, instances: Progress['instances']): string {
  return instances.reduce((rest, { details }) => (details === '' ? rest : rest.replace(` (${details})`, '')), words)
}

function whatItIs({ kind, mode, role, target, onFailure }: Update): string {
  const ofRole = role === undefined ? '' : ` of ${role}`
  const otherwise = onFailure === 'hold' ? '' : `, on failure ${onFailure}`
  return `${modes[mode]} ${kinds[kind]}${ofRole} to v${target}${otherwise}`
}

/** In the words of UpgradeStatus (U-34). */
function whereItIs({ mode, domain, domainState, domains }: Update): string {
  return mode === 'Simultaneous' ? 'all domains at once' : `${domainState} domain ${domain} of 0 to ${domains - 1}`
}

/** What the walk has done, does or will do with an instance. */
function stepOf({ mode, domain: current, domainState, target }: Update, domain: number, version: number): string {
  if (mode === 'Simultaneous' || domain === current) return domainState
  return version === target ? 'walked' : 'waits'
}
