import type { Command, CommandEnvelope, CommandReply } from '../fabric/contract/commands.ts'
import type { VirtualClock } from './clock.ts'
import { controllerName, subscriptionId } from './controller/process.ts'
import type { SimulatedController } from './controller.ts'
import type { Network } from './network.ts'
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
  readonly network: Network
  readonly random: Random
  readonly controller: SimulatedController
}

export function simulatedFrontEnd({ clock, network, random, controller }: FrontEndParts): SimulatedFrontEnd {
  const requests = new Map<string, Request>()

  function deliver(envelope: CommandEnvelope): void {
    network.ask<CommandReply>({
      from: frontEndName,
      to: controllerName,
      limitMs: answerLimitMs,
      serve: (answer) => controller.command(envelope, answer),
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
