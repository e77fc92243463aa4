import type { Command, CommandEnvelope, CommandReply } from '../fabric/contract/commands.ts'
import type { VirtualClock } from './clock.ts'
import { subscriptionId } from './controller/process.ts'
import type { Controllers } from './controllers.ts'
import type { Random } from './random.ts'

export const frontEndName = 'front-end'

/** A command that a user has given, and the answer to it. */
export interface Request {
  readonly id: string
  readonly command: Command
  readonly reply?: CommandReply | undefined
}

/** RDFE and FFE: a command is sent, with the same request ID, until it is answered. */
export interface SimulatedFrontEnd {
  /** Answers with the request ID at once. */
  send(command: Command): string
  requests(): ReadonlyMap<string, Request>
  /** Gives up all commands that wait. */
  forget(): void
}

const answerLimitMs = 10_000
const againMs = 1_000

export interface FrontEndParts {
  readonly clock: VirtualClock
  readonly random: Random
  readonly controllers: Controllers
}

export function simulatedFrontEnd({ clock, random, controllers }: FrontEndParts): SimulatedFrontEnd {
  const requests = new Map<string, Request>()

  function deliver(envelope: CommandEnvelope): void {
    controllers.ask<CommandReply>({
      from: frontEndName,
      limitMs: answerLimitMs,
      serve: (controller, answer) => controller.command(envelope, answer),
      ended(reply) {
        if (reply && requests.has(envelope.requestId))
          requests.set(envelope.requestId, { id: envelope.requestId, command: envelope.command, reply })
        else if (requests.has(envelope.requestId)) clock.schedule(clock.now() + againMs, () => deliver(envelope))
      },
    })
  }

  return {
    send(command) {
      const requestId = random.hex32()
      requests.set(requestId, { id: requestId, command })
      deliver({
        requestId,
        subscriptionId,
        operationName: `${command.kind[0]?.toUpperCase()}${command.kind.slice(1)}`,
        objectId: '/',
        caller: { thumbprint: '', clientAddress: '127.0.0.1' },
        command,
      })
      return requestId
    },
    requests: () => requests,
    forget: () => requests.clear(),
  }
}
