import { addressCommands } from './commands/addresses.ts'
import { candidateCommands } from './commands/candidates.ts'
import { machineCommands } from './commands/machines.ts'
import type { ScenarioCommand } from './commands/scenario-command.ts'
import { servicingCommands } from './commands/servicing.ts'
import { tenantCommands } from './commands/tenant.ts'
import { updateCommands } from './commands/updates.ts'
import { waitCommands } from './commands/waiting.ts'
import type { World } from './world.ts'

const commands: readonly ScenarioCommand[] = [
  ...waitCommands,
  ...tenantCommands,
  ...candidateCommands,
  ...machineCommands,
  ...updateCommands,
  ...servicingCommands,
  ...addressCommands,
]

/** Carries out one command of a transcript, and answers with what it prints. Throws when there is no such command. */
export function carryOut(world: World, line: string): readonly string[] {
  for (const { form, run } of commands) {
    const match = form.exec(line)
    if (match) return run(world, match.slice(1)) ?? []
  }
  throw new Error(`"${line}" is no command of a transcript. The forms are in src/sim/commands.`)
}
