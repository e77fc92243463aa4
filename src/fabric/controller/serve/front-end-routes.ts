import type { CommandEnvelope } from '../../contract/commands.ts'
import { fabricPaths, party } from '../../contract/paths.ts'
import type { ViewName } from '../../contract/views.ts'
import { command } from '../desk/command.ts'
import { logQuestion } from '../desk/log-question.ts'
import { answerView, type StateViewName } from '../views/answer.ts'
import { readPlan } from './read-plan.ts'
import type { Answer, Route } from './route.ts'
import { answerOf, type Serving } from './serving.ts'

/** FFE's calls: commands, answered once they are committed, and views. */
export function frontEndRoutes(serving: Serving): readonly Route[] {
  const allows = (peer: string) => peer === party.frontEnd
  return [
    {
      method: 'POST',
      path: fabricPaths.command,
      stores: true,
      allows,
      handle: async ({ body, signal }) => ({
        json: await answerOf(serving, signal, () => command(body as CommandEnvelope, serving.freshId())),
      }),
    },
    {
      method: 'POST',
      path: fabricPaths.view,
      allows,
      handle: ({ body, signal }) => view(serving, body as { view: ViewName; ask: never }, signal),
    },
  ]
}

async function view(
  serving: Serving,
  asked: { readonly view: ViewName; readonly ask: never },
  signal: AbortSignal,
): Promise<Answer> {
  if (asked.view === 'log') {
    const found = await answerOf(serving, signal, (sight) => logQuestion(sight, asked.ask, serving.freshId()))
    return found && 'refused' in found ? found : { json: found }
  }
  if (asked.view === 'plan') return { json: await readPlan(serving, asked.ask) }
  const { driver, clock } = serving
  return { json: answerView(driver.state(), asked.view satisfies StateViewName, asked.ask, clock.now()) ?? null }
}
