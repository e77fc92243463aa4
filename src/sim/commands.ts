import type { Command } from '../fabric/contract/commands.ts'
import type { Fault } from '../kernel/fault.ts'
import { addressCommands } from './address-commands.ts'
import { behaviourOf, duration, roleOf } from './command-words.ts'
import { guestParts, type SimulatedGuest } from './guest/guest.ts'
import type { SimulatedHost } from './host.ts'
import { readable } from './narrator.ts'
import { deploymentsNow, pictureOfHosts, pictureOfService } from './picture.ts'
import { servicingCommands } from './servicing-commands.ts'
import { updateCommands } from './update-commands.ts'
import type { World } from './world.ts'

/** A command of a transcript: its form, and what it does. What it answers is printed; the history comes after it. */
export interface ScenarioCommand {
  readonly form: RegExp
  run(world: World, words: readonly string[]): readonly string[] | void
}

/** A wait for a condition of a transcript is given up after it. */
const longestWaitMs = 4 * 3_600_000

/** Long enough for a request and its answer in calm weather, and for what follows at once. */
const answerMs = 50

const commands: readonly ScenarioCommand[] = [
  { form: /^wait (\S+)$/, run: (world, [time]) => wait(world, duration(time)) },
  {
    form: /^wait until (\S+) is (\w+)$/,
    run: (world, [service = '', status]) =>
      toward(world, () => deploymentsNow(world, service).some((deployment) => deployment.status === status)),
  },
  {
    form: /^wait until all of (\S+) are (\w+)$/,
    run: (world, [service = '', status]) =>
      toward(world, () => {
        const instances = deploymentsNow(world, service).flatMap((deployment) => deployment.instances)
        return instances.length > 0 && instances.every((instance) => instance.status === status)
      }),
  },
  {
    form: /^wait until (\S+) of (\S+) is (\w+)$/,
    run: (world, [name, service = '', status]) =>
      toward(world, () =>
        deploymentsNow(world, service).some(({ instances }) =>
          instances.some((instance) => instance.name === name && instance.status === status),
        ),
      ),
  },
  {
    form: /^wait until no update of (\S+) is active$/,
    run: (world, [service = '']) =>
      toward(world, () => {
        const deployments = deploymentsNow(world, service)
        return deployments.length > 0 && deployments.every(({ upgrade, locked }) => !upgrade && !locked)
      }),
  },
  {
    form: /^wait until operation (\d+) has ended$/,
    run: (world, [number]) => toward(world, () => hasEnded(world, Number(number))),
  },
  {
    form: /^wait until domain (\d+) of (\S+) is (Before|During)$/,
    run: (world, [domain, service = '', state]) =>
      toward(world, () =>
        deploymentsNow(world, service).some(
          ({ upgrade }) => upgrade?.domain === Number(domain) && upgrade.domainState === state,
        ),
      ),
  },
  {
    form: /^wait until (\S+) has no deployment$/,
    run: (world, [service = '']) =>
      toward(world, () => world.controller.state() !== undefined && deploymentsNow(world, service).length === 0),
  },
  {
    form: /^create service (\S+)$/,
    run: (world, [service = '']) => ask(world, { kind: 'createService', service, label: '', extendedProperties: {} }),
  },
  {
    form: /^deploy( stopped)? (\S+) to (production|staging)(?: at address (\w+))?(?: over (\d+) upgrade domains)?( with Blast)?: (.+)$/,
    run: (world, [stopped, service = '', slot, address, domains, blast, roles = '']) =>
      ask(
        world,
        world.upload(
          {
            name: service,
            address,
            roles: roles.split(', ').map(roleOf),
            upgradeDomains: domains ? Number(domains) : undefined,
            blast: blast !== undefined,
          },
          { service, slot: slot === 'production' ? 'Production' : 'Staging', start: !stopped },
        ),
      ),
  },
  {
    form: /^(suspend|resume) (\S+)$/,
    run: (world, [verb, service = '']) =>
      ask(world, {
        kind: 'updateDeploymentStatus',
        deployment: { service, slot: 'Production' },
        status: verb === 'suspend' ? 'Suspended' : 'Running',
      }),
  },
  {
    form: /^delete (staging of )?(\S+)$/,
    run: (world, [staging, service = '']) =>
      ask(world, { kind: 'deleteDeployment', deployment: { service, slot: staging ? 'Staging' : 'Production' } }),
  },
  {
    form: /^(reboot|reimage|rebuild) (\S+) of (\S+)$/,
    run: (world, [verb, instance = '', service = '']) =>
      ask(world, {
        kind: `${verb as 'reboot' | 'reimage' | 'rebuild'}Instance`,
        deployment: { service, slot: 'Production' },
        instance,
      }),
  },
  { form: /^operation (\d+)$/, run: (world, [number]) => [operation(world, Number(number))] },
  { form: /^status (\S+)$/, run: (world, [service = '']) => pictureOfService(world, service) },
  { form: /^hosts$/, run: (world) => pictureOfHosts(world) },
  { form: /^power (off|on) (\S+)$/, run: (world, [what, name]) => power(hostOf(world, name), what === 'on') },
  {
    form: /^(cut off|join) (\S+)$/,
    run: (world, [verb, name = '']) => (verb === 'join' ? world.network.join(name) : world.network.cut(name)),
  },
  { form: /^kill controller$/, run: (world) => world.controller.kill() },
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
  ...updateCommands(ask),
  ...servicingCommands(ask, toward),
  ...addressCommands(ask),
]

/** Carries out one command of a transcript, and answers with what it prints. Throws when there is no such command. */
export function carryOut(world: World, line: string): readonly string[] {
  for (const { form, run } of commands) {
    const match = form.exec(line)
    if (match) return run(world, match.slice(1)) ?? []
  }
  throw new Error(`"${line}" is no command of a transcript. The forms are in src/sim/commands.ts.`)
}

function wait({ clock, runUntil }: World, ms: number): void {
  runUntil(clock.now() + ms)
}

function toward(world: World, condition: () => boolean): readonly string[] {
  if (!world.runToward(condition, longestWaitMs)) return ['it did not happen within 4 hours']
  wait(world, answerMs)
  return []
}

function ask(world: World, command: Command): readonly string[] {
  const id = world.frontEnd.send(command)
  wait(world, answerMs)
  const number = [...world.frontEnd.requests().keys()].indexOf(id) + 1
  return [operation(world, number)]
}

function hasEnded({ frontEnd, controller }: World, number: number): boolean {
  const request = [...frontEnd.requests().values()][number - 1]
  const record = request && controller.state()?.stored.operation.get(request.id)
  return record !== undefined && record.status !== 'InProgress'
}

/** What became of the n-th request, as Get Operation Status would tell. */
function operation(world: World, number: number): string {
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

function power(host: SimulatedHost, on: boolean): void {
  if (on) host.powerOn()
  else host.powerOff()
}

/** In every deployment, those of the role instance of that name. */
function guestsOf({ hosts }: World, instance: string): readonly SimulatedGuest[] {
  const guests = [...hosts.values()].flatMap(({ machine }) => machine.guests())
  return guests.filter(({ key }) => key.endsWith(`.${instance}`))
}

function hostOf({ hosts }: World, name = ''): SimulatedHost {
  const host = hosts.get(name)
  if (!host) throw new Error(`There is no host "${name}". The hosts are ${[...hosts.keys()].join(', ')}.`)
  return host
}
