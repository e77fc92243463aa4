import type { Command } from '../../fabric/contract/commands.ts'
import { pictureOfAddresses } from '../picture.ts'
import { ask } from './asking.ts'
import type { ScenarioCommand } from './scenario-command.ts'

/** Commands about the reserved addresses of the subscription. */
export const addressCommands: readonly ScenarioCommand[] = [
  { form: /^reserve address (\w+)$/, run: (world, [name = '']) => ask(world, reserveAddress(name)) },
  {
    form: /^release address (\w+)$/,
    run: (world, [reservedAddress = '']) => ask(world, { kind: 'releaseAddress', reservedAddress }),
  },
  { form: /^addresses$/, run: (world) => pictureOfAddresses(world) },
]

/** All of a simulated building is in one location. */
export function reserveAddress(reservedAddress: string): Command {
  return { kind: 'reserveAddress', reservedAddress, location: 'Here' }
}
