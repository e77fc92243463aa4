import { deploymentSubject } from '../../fabric/controller/subject.ts'
import { setAllDisksFull } from '../all-disks.ts'
import { controllerName } from '../controller/process.ts'
import type { SimulatedGuest } from '../guest/guest.ts'
import { guestParts } from '../guest/guest-part.ts'
import type { SimulatedHost } from '../host.ts'
import { pictureOfHosts } from '../picture.ts'
import type { World } from '../world.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { behaviourOf } from './words.ts'

/** What happens to machines and processes, and what programs do. */
export const machineCommands: readonly ScenarioCommand[] = [
  { form: /^hosts$/, run: (world) => pictureOfHosts(world) },
  { form: /^power (off|on) (\S+)$/, run: (world, [what, name]) => power(hostOf(world, name), what === 'on') },
  {
    form: /^(cut off|join) (\S+)$/,
    run: (world, [verb, name = '']) => (verb === 'join' ? world.network.join(name) : world.network.cut(name)),
  },
  { form: /^every disk (is full|has room)$/, run: (world, [how]) => setAllDisksFull(world, how === 'is full') },
  {
    form: /^disk of (\S+) (is full|has room)$/,
    run: (world, [name, how]) => hostOf(world, name).disk.setFull(how === 'is full'),
  },
  { form: /^kill controller$/, run: (world) => world.controller.kill() },
  {
    form: /^decisions about (\S+) throw( no longer)?$/,
    run({ controller, poison }, [name, end]) {
      const found = [...(controller.state()?.stored.deployment.values() ?? [])].find((one) => one.name === name)
      if (!found) throw new Error(`There is no deployment "${name}".`)
      if (end) poison.end(controllerName, deploymentSubject(found.id))
      else poison.give(controllerName, deploymentSubject(found.id), 'decide')
    },
  },
  { form: /^stop controller$/, run: (world) => world.controller.pause() },
  { form: /^continue controller$/, run: (world) => world.controller.resume() },
  { form: /^back up the store$/, run: (world) => world.backUpStore() },
  { form: /^restore the store$/, run: (world) => void world.restoreStore() },
  { form: /^start controller$/, run: (world) => world.controller.start() },
  {
    form: /^kill controller (before|after) commit (\d+) from now$/,
    run: ({ vault: { death } }, [when, commits]) =>
      death.set({ write: death.writes() + Number(commits), when: when as 'before' | 'after' }),
  },
  {
    form: /^kill (\w+) of (\S+)$/,
    run(world, [process = '', instance = '']) {
      const part = guestParts.find((one) => one === process)
      if (!part) throw new Error(`A guest has no process "${process}". It has ${guestParts.join(', ')}.`)
      for (const guest of guestsOf(world, instance)) guest.kill(part)
    },
  },
  { form: /^update the guest agents of (\S+)$/, run: (world, [name]) => hostOf(world, name).updateGuestAgents() },
  { form: /^kill host agent of (\S+)$/, run: (world, [name]) => hostOf(world, name).killAgent() },
  { form: /^stop host agent of (\S+)$/, run: (world, [name]) => hostOf(world, name).pauseAgent() },
  { form: /^continue host agent of (\S+)$/, run: (world, [name]) => hostOf(world, name).resumeAgent() },
  { form: /^start host agent of (\S+)$/, run: (world, [name]) => hostOf(world, name).startAgent() },
  {
    form: /^(silence|unsilence|break) (\S+)$/,
    run(world, [verb, instance = '']) {
      for (const guest of guestsOf(world, instance))
        if (verb === 'break') guest.breakRole()
        else guest.setSilent(verb === 'silence')
    },
  },
  {
    form: /^package (\S+): (.+)$/,
    run: (world, [program = '', words = '']) => void world.programs.set(program, behaviourOf(words)),
  },
  {
    form: /^script (\S+): (.+)$/,
    run: (world, [name = '', words = '']) => void world.behaviours.set(name, behaviourOf(words)),
  },
]

function power(host: SimulatedHost, on: boolean): void {
  if (on) host.powerOn()
  else host.powerOff()
}

/** In every deployment, the guests of the role instance of that name. */
function guestsOf({ hosts }: World, instance: string): readonly SimulatedGuest[] {
  const guests = [...hosts.values()].flatMap(({ machine }) => machine.guests())
  return guests.filter(({ key }) => key.endsWith(`.${instance}`))
}

function hostOf({ hosts }: World, name = ''): SimulatedHost {
  const host = hosts.get(name)
  if (!host) throw new Error(`There is no host "${name}". The hosts are ${[...hosts.keys()].join(', ')}.`)
  return host
}
