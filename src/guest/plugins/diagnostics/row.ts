import type { Instant } from '../../../kernel/instant.ts'

/** A row as it lies in a buffer. */
export interface Row {
  readonly at: Instant
  /** 1 Critical to 5 Verbose; 0: none. */
  readonly level: number
  /** Columns of its table besides those that all have (P-16). */
  readonly columns: Readonly<Record<string, string | number>>
}

/** Whose rows they are. */
export interface Identity {
  readonly deploymentId: string
  readonly role: string
  readonly instance: string
}

/** A row of a table, as the service takes it: `EventTickCount` counts 100 ns since the year 1. */
export interface Entity {
  readonly partitionKey: string
  readonly rowKey: string
  readonly eventTicks: bigint
  readonly columns: Readonly<Record<string, string | number>>
}

/** Ticks of .NET at the beginning of 1970. */
const epochTicks = 621_355_968_000_000_000n
const ticksInMs = 10_000n
const minuteMs = 60_000

export function ticksOf(at: Instant): bigint {
  return BigInt(Math.trunc(at)) * ticksInMs + epochTicks
}

/** `0` and the ticks of the minute (P-16). */
export function partitionKeyOf(at: Instant): string {
  return `0${ticksOf(Math.floor(at / minuteMs) * minuteMs)}`
}

/** `<deployment>___<role>___<instance>___<number>`: the same row, transferred twice, is the same row in the table. */
export function rowKeyOf({ deploymentId, role, instance }: Identity, number: number): string {
  return `${deploymentId}___${role}___${instance}___${String(number).padStart(19, '0')}`
}

export function entityOf(identity: Identity, number: number, { at, columns }: Row): Entity {
  const { deploymentId, role, instance } = identity
  return {
    partitionKey: partitionKeyOf(at),
    rowKey: rowKeyOf(identity, number),
    eventTicks: ticksOf(at),
    columns: { DeploymentId: deploymentId, Role: role, RoleInstance: instance, ...columns },
  }
}

/** Most rows, and most bytes, that a transaction of the Table service takes, less some room for the text around them. */
const transactionRows = 100
const transactionBytes = 3 * 1024 * 1024

/** Rows that one transaction can insert: those of one minute, in their order. */
export function transactionsOf(entities: readonly Entity[]): readonly (readonly Entity[])[] {
  const transactions: Entity[][] = []
  let bytes = 0
  for (const entity of entities) {
    const current = transactions.at(-1)
    const size = sizeOf(entity)
    const fits =
      current?.[0]?.partitionKey === entity.partitionKey &&
      current.length < transactionRows &&
      bytes + size <= transactionBytes
    if (fits) current.push(entity)
    else transactions.push([entity])
    bytes = fits ? bytes + size : size
  }
  return transactions
}

/** At most: a character is escaped by six bytes. */
function sizeOf({ columns }: Entity): number {
  return Object.values(columns).reduce<number>((sum, value) => sum + 100 + String(value).length * 6, 500)
}
