import type { Upgrade } from '../../fabric/contract/commands.ts'
import { addCertificates, packageOf, type SimulatedService, thumbprintOf } from '../package.ts'
import { pictureOfFlags, pictureOfPlan, pictureOfPrograms, pictureOfUpdate } from '../picture.ts'
import { ask } from './asking.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { formOf, modeOf, policyOf, referenceOf, settingsOf } from './update-words.ts'
import { rolesWith } from './words.ts'

/**
 * Commands about deployments that run: `shop` means production, `staging of shop` and `deployment <name> of shop` the others. Options
 * stand in brackets: `manual`, `simultaneous`, `only <Role>`, `rollback on failure`, `continue on failure`, `os family 5`,
 * `os version <release>`, `force`,
 * `address <name>`, `address none`, `from <address of a package>`, `blob gone`.
 */
export const updateCommands: readonly ScenarioCommand[] = [
  {
    form: /^(plan )?upgrade (staging of |deployment \S+ of )?(\S+) to (\w+)(?: \((.+)\))?(?: over (\d+) upgrade domains)?(?: with (.+))?$/,
    run(world, [plan, which, service = '', program, options = '', domains, roles]) {
      const deployment = referenceOf(service, which)
      const form = formOf(world, deployment)
      const next: SimulatedService = {
        ...form,
        program,
        roles: rolesWith(form.roles, roles),
        ...settingsOf(options),
        ...(domains && { upgradeDomains: Number(domains) }),
      }
      const packed = world.pack(next)
      if (options.includes('blob gone')) world.removeBlob(packed.packageUrl)
      const upgrade: Upgrade = {
        deployment,
        mode: modeOf(options),
        role: /only (\w+)/.exec(options)?.[1],
        onFailure: policyOf(options),
        label: program ?? '',
        force: options.includes('force'),
        extendedProperties: {},
        ...packed,
        packageUrl: /from (\S+)/.exec(options)?.[1] ?? packed.packageUrl,
      }
      return plan
        ? pictureOfPlan(world, upgrade, packageOf(next))
        : ask(world, { kind: 'upgradeDeployment', ...upgrade })
    },
  },
  {
    form: /^configure (staging of |deployment \S+ of )?(\S+)(?: \((.+)\))?(?: with (.+))?$/,
    run(world, [which, service = '', options = '', roles]) {
      const deployment = referenceOf(service, which)
      const form = formOf(world, deployment)
      const next = { ...form, roles: rolesWith(form.roles, roles), ...settingsOf(options) }
      return ask(world, {
        kind: 'changeConfiguration',
        deployment,
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
    run: (world, [service = '']) => world.removeBlob(world.pack(formOf(world, referenceOf(service))).packageUrl),
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
  { form: /^flags of (\S+)$/, run: (world, [service = '']) => pictureOfFlags(world, service) },
  { form: /^programs of (\S+)$/, run: (world, [service = '']) => pictureOfPrograms(world, service) },
]
