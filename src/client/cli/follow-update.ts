import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from '../../kernel/fault.ts'
import { timerDefaults } from '../../kernel/timers.ts'
import type { Slot } from './answers.ts'
import { Failure } from './failure.ts'
import { pollMs, type Watch } from './follow.ts'
import type { Progress } from './service-management/updates.ts'
import { walkLines } from './walk-lines.ts'

/** A change of a running deployment, on its way. */
export interface Change {
  readonly service: string
  readonly slot: Slot
  /** The operation's request ID. */
  readonly operation: string
}

/**
 * Waits until the operation has ended and `isDone` says that what was asked has happened, and shows the walk domain by
 * domain meanwhile. Throws a Failure with the operation's own words and the way out when it failed, after an update that
 * goes back by itself has done so; and when what was asked has not happened roleReadyTimeout after the operation's end.
 */
export async function updateEnds(
  watch: Watch,
  change: Change,
  isDone: (progress: Progress) => boolean,
): Promise<Progress> {
  const { fabric, terminal, signal } = watch
  const { service, slot } = change
  terminal.note(`Accepted as operation ${change.operation}.`)
  let deadline: number | undefined
  for (;;) {
    // The operation first: the progress that is asked for after it cannot be older.
    const operation = await fabric.operation(change.operation)
    const progress = await fabric.progress(service, slot)
    if (!progress) throw new Failure(`The deployment in ${slot} of "${service}" went away while it was changed.`)
    if (!isAtRest(progress)) terminal.progress(walkLines(progress))
    const isOver = operation.status === 'Failed' ? !goesBack(progress) : isDone(progress)
    if (operation.status !== 'InProgress' && isOver) {
      terminal.settle()
      if (operation.status === 'Succeeded') return progress
      throw failed(change, operation.error ?? { code: 'Failed', message: 'The operation failed.' }, progress)
    }
    if (operation.status !== 'InProgress') deadline ??= Date.now() + timerDefaults.roleReadyTimeout
    if (Date.now() > (deadline ?? Number.POSITIVE_INFINITY)) throw unfinished(change)
    await delay(pollMs, undefined, { signal })
  }
}

/** No update is active, and all that should run is Ready. */
export function isAtRest({ update, status, instances }: Progress): boolean {
  if (update) return false
  return status === 'Suspended' || instances.every((instance) => instance.status === 'ReadyRole')
}

/** The options that name a deployment, as one writes them after a verb. */
export function whereWords(service: string, slot: Slot): string {
  return `--service ${service}${slot === 'Staging' ? ' --slot staging' : ''}`
}

/** How a version with another definition gets there, where a refusal points to the VIP swap (U-4); '' otherwise. */
export function swapAdvice(message: string, service: string): string {
  if (!/\bswap/i.test(message)) return ''
  return `Deploy the new version beside the old one and exchange them: reddog deploy PACKAGE CONFIGURATION --service ${service} --slot staging, then reddog swap --service ${service}`
}

/** Whether it is on its way back by itself (`--on-failure rollback`). */
function goesBack({ update }: Progress): boolean {
  return update?.kind === 'rollback' && update.mode !== 'Manual'
}

/** An update that goes on after a failure (`--on-failure continue`) ends with instances that are not Ready. */
function unfinished({ service, operation }: Change): Failure {
  return new Failure(
    `Operation ${operation} has ended, and not every instance of "${service}" is Ready. The fabric goes on trying; look with: reddog status --service ${service}`,
    undefined,
    { operation },
  )
}

function failed({ service, slot, operation }: Change, error: Fault, { update }: Progress): Failure {
  const advice = update ? holdAdvice(update, whereWords(service, slot)) : swapAdvice(error.message, service)
  const message = `${error.message} (operation ${operation}: ${error.code})${advice && `\n${advice}`}`
  return new Failure(message, undefined, { operation, code: error.code })
}

function holdAdvice({ kind, domain }: NonNullable<Progress['update']>, where: string): string {
  const back = kind === 'rollback' ? '' : `Go back with: reddog rollback ${where}. `
  return `It stays in domain ${domain}, and the other domains serve on. ${back}See why with: reddog events ${where.split(' --slot')[0]}`
}
