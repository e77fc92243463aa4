import type { ClientMessage, RoleFailure } from './messages.ts'

/** Most characters of each text of a failure: the instance's details hold 4,096 bytes of it (H-2), and the rest is dropped. */
const failureLimit = 4096

const moments: readonly string[] = ['OnStart', 'Run', 'OnStop', 'loading'] satisfies Extract<
  ClientMessage,
  { kind: 'failed' }
>['during'][]

/**
 * The message in a value that came over `reddog-1`, with only the fields that the protocol names; texts are cut. Undefined when
 * it is not a message: the program on the other end is the tenant's, and may send anything.
 */
export function readClientMessage(value: unknown): ClientMessage | undefined {
  if (!isRecord(value)) return undefined
  const { kind } = value
  switch (kind) {
    case 'runBegan':
    case 'runReturned':
    case 'requestRecycle':
    case 'stopped':
      return { kind }
    case 'hello':
      return typeof value['host'] === 'boolean' ? { kind, host: value['host'] } : undefined
    case 'onStartEnded':
      return typeof value['result'] === 'boolean' ? { kind, result: value['result'] } : undefined
    case 'status': {
      const { id, busy } = value
      return isNumber(id) && typeof busy === 'boolean' ? { kind, id, busy } : undefined
    }
    case 'changingEnded': {
      const { incarnation, cancel } = value
      return isNumber(incarnation) && typeof cancel === 'boolean' ? { kind, incarnation, cancel } : undefined
    }
    case 'changedEnded':
      return isNumber(value['incarnation']) ? { kind, incarnation: value['incarnation'] } : undefined
    case 'failed': {
      const failure = failureOf(value['failure'])
      const during = moments.find((moment) => moment === value['during'])
      return failure && during ? ({ kind, during, failure } as ClientMessage) : undefined
    }
    default:
      return undefined
  }
}

function failureOf(value: unknown): RoleFailure | undefined {
  if (!isRecord(value)) return undefined
  const { type, message, stack } = value
  if (typeof type !== 'string' || typeof message !== 'string' || typeof stack !== 'string') return undefined
  const cut = (text: string) => text.slice(0, failureLimit)
  return { type: cut(type), message: cut(message), stack: cut(stack) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
