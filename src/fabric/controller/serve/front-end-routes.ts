import { defectFault } from '../../../kernel/attempt.ts'
import type { CommandEnvelope, CommandReply } from '../../contract/commands.ts'
import { fabricPaths, party } from '../../contract/paths.ts'
import type { ViewName } from '../../contract/views.ts'
import { answerView, type StateViewName } from '../views/answer.ts'
import type { LogDesk } from './log-desk.ts'
import { readPlan } from './plan-desk.ts'
import type { Answer, Route } from './route.ts'
import type { Serving } from './serving.ts'

/** What FFE may ask: commands, answered once they are committed, and views. */
export function frontEndRoutes(serving: Serving, logs: LogDesk): readonly Route[] {
  const allows = (peer: string) => peer === party.frontEnd
  return [
    {
      method: 'POST',
      path: fabricPaths.command,
      allows,
      handle: async ({ body }) => ({ json: await command(serving, body as CommandEnvelope) }),
    },
    {
      method: 'POST',
      path: fabricPaths.view,
      allows,
      handle: ({ body, signal }) => view(serving, logs, body as { view: ViewName; ask: never }, signal),
    },
  ]
}

async function command({ driver, freshId }: Serving, envelope: CommandEnvelope): Promise<CommandReply> {
  const threw = await driver.deliver({ kind: 'command', envelope, freshId: freshId() })
  if (threw !== undefined) return { refused: defectFault(threw) }
  const { stored, observed } = driver.state()
  const accepted = stored.operation.get(envelope.requestId)
  if (accepted) return { accepted }
  const refused = observed.refusals.get(envelope.requestId)
  if (refused) return { refused }
  throw new Error(`the command ${envelope.requestId} was neither accepted nor refused`)
}

async function view(
  serving: Serving,
  logs: LogDesk,
  asked: { readonly view: ViewName; readonly ask: never },
  signal: AbortSignal,
): Promise<Answer> {
  if (asked.view === 'log') return logs.read(asked.ask, signal)
  if (asked.view === 'plan') return { json: await readPlan(serving, asked.ask) }
  const { driver, clock } = serving
  return { json: answerView(driver.state(), asked.view satisfies StateViewName, asked.ask, clock.now()) ?? null }
}
