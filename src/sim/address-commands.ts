import type { Command } from '../fabric/contract/commands.ts'
import type { ScenarioCommand } from './commands.ts'
import { pictureOfAddresses } from './picture.ts'
import type { World } from './world.ts'

type Ask = (world: World, command: Command) => readonly string[]

/** Commands about the addresses that the subscription keeps. */
export function addressCommands(ask: Ask): readonly ScenarioCommand[] {
  return [
    { form: /^reserve address (\w+)$/, run: (world, [name = '']) => ask(world, reserveAddress(name)) },
    {
      form: /^release address (\w+)$/,
      run: (world, [reservedAddress = '']) => ask(world, { kind: 'releaseAddress', reservedAddress }),
    },
    { form: /^addresses$/, run: (world) => pictureOfAddresses(world) },
  ]
}

/** All of a simulated building is in one location. */
export function reserveAddress(reservedAddress: string): Command {
  return { kind: 'reserveAddress', reservedAddress, location: 'Here' }
}
