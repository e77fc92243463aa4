import type { Command, DeploymentReference, FailurePolicy, UpdateMode } from '../fabric/contract/commands.ts'
import { rolesWith } from './command-words.ts'
import type { ScenarioCommand } from './commands.ts'
import { formNow } from './form-now.ts'
import { addCertificates, type SimulatedService, thumbprintOf } from './package.ts'
import { pictureOfPrograms, pictureOfUpdate } from './picture.ts'
import type { World } from './world.ts'

type Ask = (world: World, command: Command) => readonly string[]

/**
 * Commands about deployments that run. Options stand in brackets: `manual`, `simultaneous`, `only <Role>`, `rollback on failure`,
 * `continue on failure`, `os family 5`, `os version <release>`, `force`.
 */
export function updateCommands(ask: Ask): readonly ScenarioCommand[] {
  return [
    {
      form: /^upgrade (staging of )?(\S+) to (\w+)(?: \((.+)\))?(?: over (\d+) upgrade domains)?(?: with (.+))?$/,
      run(world, [staging, service = '', program, options = '', domains, roles]) {
        const form = formOf(world, service, staging)
        const next: SimulatedService = {
          ...form,
          program,
          roles: rolesWith(form.roles, roles),
          ...osOf(options),
          ...(domains && { upgradeDomains: Number(domains) }),
        }
        return ask(world, {
          kind: 'upgradeDeployment',
          deployment: referenceOf(service, staging),
          mode: modeOf(options),
          role: /only (\w+)/.exec(options)?.[1],
          onFailure: policyOf(options),
          label: program ?? '',
          force: options.includes('force'),
          extendedProperties: {},
          ...world.pack(next),
        })
      },
    },
    {
      form: /^configure (staging of )?(\S+)(?: \((.+)\))?(?: with (.+))?$/,
      run(world, [staging, service = '', options = '', roles]) {
        const form = formOf(world, service, staging)
        const next = { ...form, roles: rolesWith(form.roles, roles), ...osOf(options) }
        return ask(world, {
          kind: 'changeConfiguration',
          deployment: referenceOf(service, staging),
          configuration: world.pack(next).configuration,
          mode: modeOf(options),
          treatWarningsAsError: false,
          extendedProperties: {},
        })
      },
    },
    {
      form: /^walk domain (-?\d+) of (\S+)$/,
      run: (world, [domain, service = '']) =>
        ask(world, { kind: 'walkUpgradeDomain', deployment: referenceOf(service), domain: Number(domain) }),
    },
    {
      form: /^roll back (\S+)(?: \((.+)\))?$/,
      run: (world, [service = '', options = '']) =>
        ask(world, {
          kind: 'rollback',
          deployment: referenceOf(service),
          mode: modeOf(options) === 'Manual' ? 'Manual' : 'Auto',
          force: options.includes('force'),
        }),
    },
    {
      form: /^swap (\S+)(?:: (\S+) with (\S+))?$/,
      run(world, [service = '', production, source]) {
        const deployments = [...(world.controller.state()?.stored.deployment.values() ?? [])]
        const inSlot = (slot: string) => deployments.find((one) => one.service === service && one.slot === slot)?.name
        return ask(world, {
          kind: 'swap',
          service,
          production: production ?? inSlot('Production'),
          source: source ?? inSlot('Staging') ?? '',
        })
      },
    },
    {
      form: /^delete instances? (.+) of (\S+)$/,
      run: (world, [names = '', service = '']) =>
        ask(world, { kind: 'deleteInstances', deployment: referenceOf(service), instances: names.split(', ') }),
    },
    {
      form: /^delete the blob of (\S+)$/,
      run: (world, [service = '']) => world.removeBlob(world.pack(formOf(world, service)).packageUrl),
    },
    {
      form: /^add certificate ([0-9A-F]) to (\S+)$/,
      run: (world, [digit = '', service = '']) => ask(world, addCertificates(service, [digit])),
    },
    {
      form: /^delete certificate ([0-9A-F]) of (\S+)$/,
      run: (world, [digit = '', service = '']) =>
        ask(world, { kind: 'deleteServiceCertificate', service, thumbprint: thumbprintOf(digit) }),
    },
    { form: /^update of (\S+)$/, run: (world, [service = '']) => pictureOfUpdate(world, service) },
    { form: /^programs of (\S+)$/, run: (world, [service = '']) => pictureOfPrograms(world, service) },
  ]
}

function referenceOf(service: string, staging?: string): DeploymentReference {
  return { service, slot: staging ? 'Staging' : 'Production' }
}

/** Package and configuration of the deployment as they are now. */
function formOf(world: World, service: string, staging?: string): SimulatedService {
  const slot = staging ? 'Staging' : 'Production'
  const deployments = [...(world.controller.state()?.stored.deployment.values() ?? [])]
  const record = deployments.find((one) => one.service === service && one.slot === slot)
  const form = record && formNow(world, record)
  if (!form) throw new Error(`${service} has nothing in ${slot}.`)
  return form
}

function modeOf(options: string): UpdateMode {
  return options.includes('manual') ? 'Manual' : options.includes('simultaneous') ? 'Simultaneous' : 'Auto'
}

function policyOf(options: string): FailurePolicy {
  return /(rollback|continue) on failure/.exec(options)?.[1] === 'rollback'
    ? 'rollback'
    : options.includes('continue on failure')
      ? 'continue'
      : 'hold'
}

function osOf(options: string): Pick<SimulatedService, 'osFamily' | 'osVersion'> {
  const family = /os family (\d+)/.exec(options)?.[1]
  const osVersion = /os version (\S+)/.exec(options)?.[1]
  return { ...(family && { osFamily: Number(family) }), ...(osVersion && { osVersion }) }
}
