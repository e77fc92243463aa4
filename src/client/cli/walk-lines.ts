import type { Progress } from '../service-management/updates.ts'
import { withoutDetails, withoutLastSeen } from '../service-management/waiting-words.ts'
import { counted } from './counted.ts'
import { detailsOf } from './instance-details.ts'
import { table } from './table.ts'

type Update = NonNullable<Progress['update']>

const kinds = { upgrade: 'upgrade', configuration: 'change of configuration', rollback: 'rollback' } as const
const modes = { Auto: 'automatic', Manual: 'manual', Simultaneous: 'simultaneous' } as const

/** Columns of the bar that shows how many instances are at the new version. */
const barColumns = 20

/** An update on its way, domain by domain: where it is, what it waits for, and each instance with version and state. Roles `withoutEndpoint` are in no rotation. */
export function walkLines(
  { update, instances, timers }: Progress,
  withoutEndpoint: ReadonlySet<string> = new Set(),
): readonly string[] {
  const rows = instances
    .toSorted((a, b) => a.domain - b.domain)
    .map((one) => ({ ...one, details: detailsOf(one, timers) }))
    .map(({ name, role, domain, version, status, inRotation, details }) => [
      String(domain),
      ...(update ? [stepOf(update, domain, version, status)] : []),
      name,
      `v${version}`,
      status,
      withoutEndpoint.has(role) ? '-' : inRotation ? 'in' : 'out',
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
    `[${bar}] ${moved} of ${counted(instances.length, 'instance')} at v${target}`,
    ...(held === undefined
      ? [`waits for: ${withoutDetails(waitsFor, instances)}`].filter(() => waitsFor !== '')
      : [`HELD: ${withoutLastSeen(withoutDetails(held.message, instances))}`]),
  ]
}

function whatItIs({ kind, mode, role, target, onFailure }: Update): string {
  const ofRole = role === undefined ? '' : ` of ${role}`
  const otherwise = onFailure === 'hold' ? '' : `, on failure ${onFailure}`
  return `${modes[mode]} ${kinds[kind]}${ofRole} to v${target}${otherwise}`
}

/** UpgradeStatus (U-34), counted as in the events. */
function whereItIs({ mode, domain, domainState, domains }: Update): string {
  return mode === 'Simultaneous' ? 'all domains at once' : `${domainState} domain ${domain} of ${domains}`
}

/** What the walk has done, does or will do with an instance. */
function stepOf(
  { mode, domain: current, domainState, target }: Update,
  domain: number,
  version: number,
  status: string,
): string {
  if (status === 'Preparing') return 'new'
  if (mode === 'Simultaneous' || domain === current) return domainState
  return version === target ? 'walked' : 'waits'
}
