import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from '../../kernel/fault.ts'
import { Failure } from '../failure.ts'
import { rolesWithoutEndpoint, type Slot } from '../service-management/answers.ts'
import type { Progress } from '../service-management/updates.ts'
import { watchFailures } from './failures.ts'
import { pollMs, type Watch } from './follow.ts'
import { whereWords } from './standing.ts'
import { walkLines } from './walk-lines.ts'

/** A change of a running deployment, on its way. */
export interface Change {
  readonly service: string
  readonly slot: Slot
  /** The operation's request ID. */
  readonly operation: string
  /** It leaves instances behind that do not become Ready (`--on-failure continue`), so its end is the end. */
  readonly goesOnRegardless?: boolean
}

/**
 * Waits until the operation has ended and `isDone` says that the requested change has happened, and shows the walk domain by
 * domain meanwhile. When the operation failed, throws a Failure with its message and the way out, after an update that goes back
 * by itself has done so. Throws one with the role's message when the operation has ended and the change will not happen: the
 * update went on regardless, an instance has failed recycleThreshold times, or roleReadyTimeout is over.
 */
export async function updateEnds(
  watch: Watch,
  change: Change,
  isDone: (progress: Progress) => boolean,
): Promise<Progress> {
  const { fabric, terminal, signal } = watch
  const { service, slot } = change
  terminal.accepted(change.operation)
  const deployment = await fabric.deployment(service, slot)
  const withoutEndpoint = deployment ? rolesWithoutEndpoint(deployment) : new Set<string>()
  const failures = watchFailures()
  let deadline: number | undefined
  for (;;) {
    // The operation first: the progress that is asked for after it cannot be older.
    const operation = await fabric.operation(change.operation)
    const progress = await fabric.progress(service, slot)
    if (!progress) throw new Failure(`The deployment in ${slot} of "${service}" went away while it was changed.`)
    if (!isAtRest(progress)) terminal.progress(walkLines(progress, withoutEndpoint))
    const { recycleThreshold, roleReadyTimeout } = progress.timers
    const isHopeless = failures.see(progress.instances, recycleThreshold)
    if (operation.status === 'Succeeded') {
      if (isDone(progress)) {
        terminal.settle()
        return progress
      }
      deadline ??= performance.now() + roleReadyTimeout
      if (change.goesOnRegardless || isHopeless || performance.now() > deadline)
        throw unfinished(change, failures.words(progress.instances))
    }
    if (operation.status === 'Failed') {
      const error = operation.error ?? { code: 'Failed', message: 'The operation failed.' }
      if (!goesBack(error, progress)) throw failed(change, error, progress)
    }
    await delay(pollMs, undefined, { signal })
  }
}

/** No update is active, and all that should run has been Ready for settleTime, or, of a suspended deployment, has stopped. */
export function isAtRest({ update, status, instances }: Progress): boolean {
  if (update) return false
  const isSuspended = status === 'Suspended'
  return instances.every((one) => (isSuspended ? one.status === 'StoppedVM' : one.hasSettled))
}

/** How a version with another definition gets there, where a refusal points to the VIP swap (U-4); '' otherwise. */
export function swapAdvice(message: string, service: string): string {
  if (!/\bswap/i.test(message)) return ''
  return `Deploy the new version beside the old one and exchange them: reddog deploy PACKAGE CONFIGURATION --service ${service} --slot staging, then reddog swap --service ${service}`
}

/** Why an update that was under way fails (U-35, U-37). Everything else was refused before, and touched no update. */
const failuresUnderWay = ['OperationTimedOut', 'UpdateDeploymentRoleRecycleThresholdReached']

/** Whether it is on its way back by itself (`--on-failure rollback`). */
function goesBack({ code }: Fault, { update }: Progress): boolean {
  return failuresUnderWay.includes(code) && update?.kind === 'rollback' && update.mode !== 'Manual' && !update.held
}

/** The operation has ended, and the fabric goes on trying. */
function unfinished({ service, operation }: Change, words: string): Failure {
  return new Failure(
    `Operation ${operation} has ended, and not every instance of "${service}" is where it should be: ${words}. The fabric goes on trying; look with: reddog status --service ${service}`,
  )
}

function failed({ service, slot, operation }: Change, error: Fault, { update }: Progress): Failure {
  // The active update may be another one, begun before or after: this one's is held for the same reason that it failed for.
  const isOwn = update?.held?.code === error.code && update.held.message === error.message
  const advice = swapAdvice(error.message, service) || (isOwn ? holdAdvice(update, service, slot) : '')
  const message = `${error.message} (operation ${operation}: ${error.code})${advice && `\n${advice}`}`
  return new Failure(message, undefined, { code: error.code })
}

function holdAdvice({ kind, domain }: NonNullable<Progress['update']>, service: string, slot: Slot): string {
  const back = kind === 'rollback' ? '' : `Go back with: reddog rollback ${whereWords(service, slot)}. `
  return `It stays in domain ${domain}, and the other domains serve on. ${back}See why with: reddog events --service ${service}`
}
