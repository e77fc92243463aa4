import type { Command } from '../../fabric/contract/commands.ts'
import type { Fault } from '../../kernel/fault.ts'
import { readable } from '../narrator.ts'
import type { World } from '../world.ts'
import { answerMs, wait } from './waiting.ts'

/** Sends a command, and returns its result once it was answered. */
export function ask(world: World, command: Command): readonly string[] {
  const id = world.frontEnd.send(command)
  wait(world, answerMs)
  const number = [...world.frontEnd.requests().keys()].indexOf(id) + 1
  return [operation(world, number)]
}

/** Result of the n-th request, as Get Operation Status would show it. */
export function operation(world: World, number: number): string {
  const { frontEnd, controller } = world
  const request = [...frontEnd.requests().values()][number - 1]
  if (!request) return `there is no request ${number}`
  const { reply, id } = request
  if (!reply) return `request ${number} has no answer yet`
  if ('refused' in reply) return readable(world, `request ${number} is refused, ${faultText(reply.refused)}`)
  const { status, error } = controller.state()?.stored.operation.get(id) ?? reply.accepted
  return readable(world, `request ${number} is ${status}${error ? `, ${faultText(error)}` : ''}`)
}

function faultText({ code, message }: Fault): string {
  return `${code}: ${message}`
}
